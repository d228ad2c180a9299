// Command reproduce makes the figures, tables and ablations of the paper on images of one's own, and a report of all:
// it trains the networks that are missing, runs every experiment, and compares the results with the paper's claims.
//
// It must not know how a network is trained or how a walk steps: packages trainer and study do.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"tweedie/experiments/runs"
	"tweedie/sample/report"
	"tweedie/scripts/command"
)

const usage = `usage: go run ./scripts/reproduce [flags]

Trains the networks of the paper's experiments where they are missing, runs the experiments, and writes
runs/paper/report.html. What is finished is kept: run it again to continue.

  go run ./scripts/reproduce                          built-in letters and digits
  go run ./scripts/reproduce -data mnist-train.zip    other images, in a folder of their own: runs/paper-mnist-train
  go run ./scripts/reproduce -data photos -size 32 -channels 3

`

func main() {
	var r reproduction
	command.Command{
		Name: "reproduce", Usage: usage,
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&r.data, "data", "", "folder or .zip of images (default built-in letters and digits)")
			f.IntVar(&r.size, "size", 28, "`pixels` that images of -data are brought to")
			f.IntVar(&r.channels, "channels", 1, "of images of -data: 1 (gray) or 3 (colour)")
			f.IntVar(&r.steps, "steps", 0, "optimizer `steps` of each network, instead of its experiment's")
		},
		Do: func(ctx context.Context, _, stderr io.Writer) error {
			r.folder = filepath.Join(runs.Root, paper)
			if r.data != "" {
				r.folder += "-" + strings.TrimSuffix(filepath.Base(filepath.Clean(r.data)), ".zip")
			}
			return r.reproduce(ctx, stderr)
		},
	}.Main()
}

// reproduce trains, samples and reports.
func (r reproduction) reproduce(ctx context.Context, stderr io.Writer) error {
	start := time.Now()
	for _, n := range networks {
		if err := r.train(ctx, n, stderr); err != nil {
			return err
		}
	}
	var folders []string
	for _, name := range studied {
		folder, err := r.sample(ctx, name, stderr)
		if err != nil {
			return err
		}
		folders = append(folders, folder)
	}
	findings, err := findings(folders)
	if err != nil {
		return err
	}
	page := filepath.Join(r.folder, "report.html")
	err = report.Write(page, report.Page{
		Title:    "Random walks with Tweedie, reproduced",
		Text:     r.introduction(),
		Folders:  folders,
		Findings: findings,
	})
	if err != nil {
		return err
	}
	for _, f := range findings {
		fmt.Fprintf(stderr, "%s: %s\n", f.Verdict, f.Claim)
	}
	fmt.Fprintf(stderr, "wrote %s after %v\n", page, time.Since(start).Round(time.Second))
	return nil
}
