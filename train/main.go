// Command train fits a denoiser to images by the squared error at random noise levels (paper section 2), and saves
// checkpoints from which ./sample draws. Without arguments it trains the built-in glyphs experiment into runs/glyphs.
//
// It has the flags, signals, exit codes and messages; package trainer does the work.
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
	"tweedie/experiments/runs"
	"tweedie/train/trainer"
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
  go run ./train -resume runs/glyphs -steps 4000          train on to a total of 4000 steps

When -resume changes the total, the learning rate does not jump: within the first tenth of the steps left, it goes from
the rate reached to the rate of a run planned for the new total. Seed, data, network, parameterization, noise and weight
must stay what they were; -data PATH says that the same images are in another place.

`

// run is the command without the process around it; messages go to stderr.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, usage, strings.Join(trainable(), ", "))
		flags.PrintDefaults()
	}
	var a arguments
	flags.StringVar(&a.experiment, "experiment", "",
		"`name` of a built-in experiment, or a .toml file (default glyphs; with -data, images)")
	flags.StringVar(&a.data, "data", "", "folder or .zip of images, instead of the experiment's `path`")
	flags.StringVar(&a.out, "out", "", "`folder` of the run (default runs/ and the experiment's name)")
	flags.StringVar(&a.resume, "resume", "", "`folder` of a run to continue")
	flags.IntVar(&a.steps, "steps", 0, "optimizer `steps` in all, instead of the experiment's")
	flags.Uint64Var(&a.seed, "seed", 0, "`seed` of all random numbers, instead of the experiment's")
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
	e, options, err := a.plan(given)
	if err != nil {
		fmt.Fprintf(stderr, "train: %v\n", err)
		return misused
	}
	terminal := newTerminal(stderr)
	options.Observer = terminal
	result, err := trainer.Run(ctx, e, options)
	terminal.close()
	switch {
	case errors.Is(err, context.Canceled):
		return interrupted
	case err != nil:
		fmt.Fprintf(stderr, "train: %v\n", err)
		return failed
	}
	fmt.Fprintf(stderr, "trained %d steps; the last checkpoint is %s\n", result.Steps, result.Checkpoint)
	return 0
}

// arguments are the values of the flags.
type arguments struct {
	experiment, data, out, resume string
	steps                         int
	seed                          uint64
}

// plan returns what the flags ask for.
func (a arguments) plan(given map[string]bool) (*experiments.Experiment, trainer.Options, error) {
	var o trainer.Options
	if given["steps"] && a.steps < 1 {
		return nil, o, fmt.Errorf("-steps %d: must be at least 1", a.steps)
	}
	name := a.experiment
	switch {
	case a.resume != "":
		for _, other := range []string{"experiment", "out", "seed"} {
			if given[other] {
				return nil, o, fmt.Errorf("-%s cannot be changed when resuming: %s has its own", other, a.resume)
			}
		}
		o = trainer.Options{Folder: runs.Folder(a.resume), Resume: true, DataMoved: a.data != ""}
		if !o.Folder.Used() {
			return nil, o, fmt.Errorf("-resume %s: no checkpoint in %s", a.resume, o.Folder.Checkpoints())
		}
		name = o.Folder.Experiment()
	case name == "" && a.data != "":
		name = "images"
		o.Name = strings.TrimSuffix(filepath.Base(filepath.Clean(a.data)), ".zip")
	case name == "":
		name = "glyphs"
	}
	e, err := experiments.Load(name)
	if err != nil {
		return nil, o, err
	}
	if !e.Trains() {
		return nil, o, fmt.Errorf("experiment %s has no [net] and [train]: it only samples, "+
			"with go run ./sample -experiment %s", name, name)
	}
	if a.data != "" {
		e.Data.Path = a.data
	}
	if given["steps"] {
		e.Train.Steps = a.steps
	}
	if given["seed"] {
		e.Seed = a.seed
	}
	if a.out != "" {
		o.Folder = runs.Folder(a.out)
		source, err := e.Encode()
		if err == nil {
			err = o.Folder.Vacant(source)
		}
		if err != nil {
			return nil, o, fmt.Errorf("-out %w", err)
		}
	}
	return e, o, nil
}

// trainable returns the names of the built-in experiments that train.
func trainable() []string {
	return slices.DeleteFunc(experiments.Names(), func(name string) bool {
		e, err := experiments.Load(name)
		return err != nil || !e.Trains()
	})
}
