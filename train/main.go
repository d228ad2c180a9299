// Command train fits a denoiser to images by the squared error at random noise levels (paper section 2), and saves checkpoints
// from which ./sample draws. Without arguments it trains the built-in glyphs experiment into runs/glyphs.
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
	"slices"
	"strings"
	"syscall"

	"tweedie/experiments"
)

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

const usage = `usage: go run ./train [flags]

Trains a denoiser and saves it in a folder below runs.

  go run ./train                                          built-in letters and digits
  go run ./train -data photos                             a folder or .zip of images
  go run ./train -experiment mnist -data mnist-train.zip  with other settings: %s
  go run ./train -experiment mine.toml                    with yours
  go run ./train -resume runs/glyphs                      continue where a run stopped

`

// run is the command without the process around it; messages go to stderr.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, usage, strings.Join(trainable(), ", "))
		flags.PrintDefaults()
	}
	var o options
	flags.StringVar(&o.experiment, "experiment", "", "`name` of a built-in experiment, or a .toml file (default glyphs; with -data, images)")
	flags.StringVar(&o.data, "data", "", "folder or .zip of images, instead of the experiment's `path`")
	flags.StringVar(&o.out, "out", "", "`folder` of the run (default runs/ and the experiment's name)")
	flags.StringVar(&o.resume, "resume", "", "`folder` of a run to continue")
	flags.IntVar(&o.steps, "steps", 0, "optimizer `steps`, instead of the experiment's")
	flags.Uint64Var(&o.seed, "seed", 0, "`seed` of all random numbers, instead of the experiment's")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return misused
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "train: argument %q: every setting is a flag; see -help\n", flags.Arg(0))
		return misused
	}
	e, folder, err := o.plan(given)
	if err != nil {
		fmt.Fprintf(stderr, "train: %v\n", err)
		return misused
	}
	switch err := train(ctx, e, folder, o.resume != "", stderr); {
	case errors.Is(err, context.Canceled):
		return interrupted
	case err != nil:
		fmt.Fprintf(stderr, "train: %v\n", err)
		return failed
	}
	return 0
}

type options struct {
	experiment, data, out, resume string
	steps                         int
	seed                          uint64
}

// plan returns the experiment that the flags ask for and the folder of its run.
func (o options) plan(given map[string]bool) (*experiments.Experiment, experiments.Run, error) {
	if given["steps"] && o.steps < 1 {
		return nil, "", fmt.Errorf("-steps %d: must be at least 1", o.steps)
	}
	name := o.experiment
	switch {
	case o.resume != "":
		for _, other := range []string{"experiment", "out", "seed"} {
			if given[other] {
				return nil, "", fmt.Errorf("-%s cannot be changed when resuming: %s has its own", other, o.resume)
			}
		}
		r := experiments.Run(o.resume)
		if !r.Used() {
			return nil, "", fmt.Errorf("-resume %s: no checkpoint in %s", o.resume, r.Checkpoints())
		}
		name = r.Experiment()
	case name == "" && o.data != "":
		name = "images"
	case name == "":
		name = "glyphs"
	}
	e, err := experiments.Load(name)
	if err != nil {
		return nil, "", err
	}
	if !e.Trains() {
		return nil, "", fmt.Errorf("experiment %s has no [net] and [train]: it only samples, with go run ./sample -experiment %s", name, name)
	}
	if o.data != "" {
		e.Data.Path = o.data
	}
	if given["steps"] {
		e.Train.Steps = o.steps
	}
	if given["seed"] {
		e.Seed = o.seed
	}
	if o.resume != "" {
		e.Name = filepath.Base(filepath.Clean(o.resume))
		return e, experiments.Run(o.resume), nil
	}
	if o.out != "" {
		if r := experiments.Run(o.out); r.Used() {
			return nil, "", fmt.Errorf("-out %s: holds a run already; continue it with -resume %s, or name another folder", o.out, o.out)
		}
		return e, experiments.Run(o.out), nil
	}
	if o.experiment == "" && o.data != "" {
		return e, experiments.NewRun(strings.TrimSuffix(filepath.Base(filepath.Clean(o.data)), ".zip")), nil
	}
	return e, experiments.NewRun(e.Name), nil
}

// trainable returns the names of the built-in experiments that train.
func trainable() []string {
	return slices.DeleteFunc(experiments.Names(), func(name string) bool {
		e, err := experiments.Load(name)
		return err != nil || !e.Trains()
	})
}
