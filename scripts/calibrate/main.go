// Command calibrate finds out whether the paper's conditional walk samples the posterior, beside other methods, on
// priors whose posterior is known exactly. It writes a report with figures, and a table.
//
// It must not know how a walk steps, how a posterior is computed or how samples are judged: packages walk and
// calibration do.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tweedie/experiments/runs"
	"tweedie/scripts/command"
)

const usage = `usage: go run ./scripts/calibrate [flags]

Compares samples of walks with a measurement with exact samples of the posterior, and writes
runs/calibration/report.html and runs/calibration/rows.csv. What is finished is kept: run it again to continue.

`

func main() {
	var quick bool
	var out string
	var seed uint64
	command.Command{
		Name: "calibrate", Usage: usage,
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&quick, "quick", false,
				"half a minute: fewer problems, steps and samples, in runs/calibration-quick")
			f.StringVar(&out, "out", "", "`folder` of the results (default runs/calibration)")
			f.Uint64Var(&seed, "seed", 1, "of everything random")
		},
		Do: func(ctx context.Context, _, stderr io.Writer) error {
			p := full
			if quick {
				p = brief
			}
			start := time.Now()
			err := calibrate(ctx, cmp.Or(out, filepath.Join(runs.Root, p.folder)), seed, p, stderr)
			if err == nil {
				fmt.Fprintf(stderr, "finished after %v\n", time.Since(start).Round(time.Second))
			}
			return err
		},
	}.Main()
}

// calibrate runs every part of the plan, and writes the report.
func calibrate(ctx context.Context, folder string, seed uint64, p plan, stderr io.Writer) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	kept, err := open(filepath.Join(folder, "results.jsonl"))
	if err != nil {
		return err
	}
	defer kept.close()
	b := &bench{ctx: ctx, folder: folder, seed: seed, plan: p, kept: kept, stderr: stderr}
	var sections []section
	for _, part := range []func(*bench) (section, error){gaussian, comparison, modes, denoisers} {
		s, err := part(b)
		if err != nil {
			return err
		}
		sections = append(sections, s)
	}
	return b.publish(sections)
}
