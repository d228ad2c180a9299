// Command calibrate finds out whether the paper's conditional walk samples the posterior, beside other methods, on
// priors whose posterior is known exactly. It writes a report with figures, and a table.
//
// It must not know how a walk steps, how a posterior is computed or how samples are judged: packages walk and
// calibration do.
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
	"syscall"
	"time"

	"tweedie/experiments/runs"
)

const usage = `usage: go run ./scripts/calibrate [flags]

Compares samples of walks with a measurement with exact samples of the posterior, and writes
runs/calibration/report.html and runs/calibration/rows.csv. What is finished is kept: run it again to continue.

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
	flags := flag.NewFlagSet("calibrate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	quick := flags.Bool("quick", false, "two minutes: fewer problems, steps and samples, in runs/calibration-quick")
	out := flags.String("out", "", "`folder` of the results (default runs/calibration)")
	seed := flags.Uint64("seed", 1, "of everything random")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return misused
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "calibrate: argument %q: every setting is a flag; see -help\n", flags.Arg(0))
		return misused
	}
	p := full
	if *quick {
		p = brief
	}
	if *out == "" {
		*out = filepath.Join(runs.Root, p.folder)
	}
	start := time.Now()
	switch err := calibrate(ctx, *out, *seed, p, stderr); {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "calibrate: interrupted; run it again to continue")
		return interrupted
	case err != nil:
		fmt.Fprintf(stderr, "calibrate: %v\n", err)
		return failed
	}
	fmt.Fprintf(stderr, "finished after %v\n", time.Since(start).Round(time.Second))
	return 0
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
