// Command reproduce makes the figures, tables and ablations of the paper on images of one's own, and a report of all:
// it trains the networks that are missing, runs every experiment, and compares the results with the paper's claims.
//
// It must not know how a network is trained or how a walk steps: packages trainer and study do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tweedie/experiments/runs"
	"tweedie/sample/report"
)

const usage = `usage: go run ./scripts/reproduce [flags]

Trains the networks of the paper's experiments where they are missing, runs the experiments, and writes
runs/paper/report.html. What is finished is kept: run it again to continue.

  go run ./scripts/reproduce                          built-in letters and digits
  go run ./scripts/reproduce -data mnist-train.zip    other images, in a folder of their own: runs/paper-mnist-train
  go run ./scripts/reproduce -data photos -size 32 -channels 3

`

// Exit codes.
const (
	failed      = 1
	misused     = 2
	interrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stderr))
}

func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	var r reproduction
	flags.StringVar(&r.data, "data", "", "folder or .zip of images (default built-in letters and digits)")
	flags.IntVar(&r.size, "size", 28, "`pixels` that images of -data are brought to")
	flags.IntVar(&r.channels, "channels", 1, "of images of -data: 1 (gray) or 3 (colour)")
	flags.IntVar(&r.steps, "steps", 0, "optimizer `steps` of each network, instead of its experiment's")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return misused
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "reproduce: argument %q: every setting is a flag; see -help\n", flags.Arg(0))
		return misused
	}
	r.folder = filepath.Join(runs.Root, paper)
	if r.data != "" {
		r.folder += "-" + strings.TrimSuffix(filepath.Base(filepath.Clean(r.data)), ".zip")
	}
	switch err := r.reproduce(ctx, stderr); {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "reproduce: interrupted; run it again to continue")
		return interrupted
	case err != nil:
		fmt.Fprintf(stderr, "reproduce: %v\n", err)
		return failed
	}
	return 0
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
