// Command sample draws images from a trained denoiser: it runs the random walks of an experiment (paper section 3) and writes a
// picture of each. A walk with a measurement samples images that explain it (section 5). With -evaluate the command measures the
// denoiser instead (section 2). Without arguments it uses the newest run.
//
// It must not know what a network is made of nor how a walk steps: it chooses a checkpoint and an experiment, and reports.
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
	"strconv"
	"strings"
	"syscall"
)

// Exit codes.
const (
	failed      = 1
	misused     = 2
	interrupted = 130
)

const usage = `usage: go run ./sample [flags]

Runs the walks of an experiment with a trained denoiser, and writes a picture of each walk's samples.

  go run ./sample                            the newest run, with the walks of its experiment.toml
  go run ./sample -samples 64 -seed 7        more samples, and others
  go run ./sample -experiment glyphs         the newest run of an experiment
  go run ./sample -experiment mine.toml -checkpoint runs/glyphs/checkpoints/step-002000.safetensors
                                             the walks of a file, and any checkpoint
  go run ./sample -experiment glyphs -checkpoint exact:mixture
                                             no network: the denoiser of a model of the images, known in closed form
  go run ./sample -plan                      what the walks will do, and how long that takes
  go run ./sample -trajectory                also each walk's course: a strip of pictures, and a film
  go run ./sample -resume runs/figure1/figures
                                             continue walks that were stopped; finished ones are kept anyway
  go run ./sample -evaluate validation       the denoiser's error on the experiment's held-out images
  go run ./sample -evaluate photos.zip       and on others: a folder or .zip

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags; what was not given is zero.
type options struct {
	experiment, checkpoint, data, out, evaluate, resume string
	plan, trajectory                                    bool
	samples                                             int
	seed                                                *uint64
	command                                             string // all of them, as typed
}

// invalid is an error of usage or of an experiment, told from a failure by its exit code.
type invalid struct{ error }

// run is the command without the process around it, and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout, stderr)
	if err == nil {
		err = o.execute(ctx, stdout, stderr)
	}
	switch _, wrong := errors.AsType[invalid](err); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "sample: interrupted")
		return interrupted
	default:
		fmt.Fprintf(stderr, "sample: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nsample: "))
		if wrong {
			return misused
		}
		return failed
	}
}

func (o options) execute(ctx context.Context, stdout, stderr io.Writer) error {
	s, err := o.choose()
	if err != nil {
		return err
	}
	s.command = o.command
	if o.evaluate != "" {
		return s.evaluate(ctx, o.evaluate, stdout, stderr)
	}
	if o.data != "" && !slices.ContainsFunc(s.experiment.Walks, s.readsImages) {
		fmt.Fprintln(stderr, "sample: note: -data is used by -evaluate, measurements and -checkpoint exact:... only; other walks need no images")
	}
	if o.plan {
		return s.plan(ctx, stdout, stderr)
	}
	return s.walk(ctx, o.trajectory, stdout, stderr)
}

// parse reads the flags. Flags without a meaning beside the others are noted on stderr.
func parse(args []string, stdout, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("sample", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&o.experiment, "experiment", "", "`name` of a built-in experiment, or a .toml file (default the run's own)")
	flags.StringVar(&o.checkpoint, "checkpoint", "", "`file` of the trained network (default the newest of the newest run), or exact:gaussian,\nexact:mixture or exact:data: the denoiser in closed form of that model of the training images")
	flags.StringVar(&o.data, "data", "", "folder or .zip of the training images, instead of the experiment's `path`; for -evaluate,\nmeasurements and exact denoisers")
	flags.StringVar(&o.out, "out", "", "`folder` for the pictures (default the run's figures)")
	flags.StringVar(&o.evaluate, "evaluate", "", "measure the error on the images of a `path`, or of \"validation\", instead of sampling")
	flags.StringVar(&o.resume, "resume", "", "`folder` of the pictures of walks that were stopped: go on as they were begun")
	flags.BoolVar(&o.plan, "plan", false, "print each walk's steps, what they will come to and the time they take, and draw nothing")
	flags.BoolVar(&o.trajectory, "trajectory", false, "also draw how each walk's first samples come about, as a strip and a film")
	flags.Func("samples", "`number` of samples of each walk, instead of its own", func(s string) (err error) {
		if o.samples, err = strconv.Atoi(s); err != nil || o.samples < 1 {
			return errors.New("must be a whole number, 1 or more")
		}
		return nil
	})
	flags.Func("seed", "`seed` of the walks, instead of the experiment's", func(s string) error {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return errors.New("must be a whole number, 0 or more")
		}
		o.seed = &seed
		return nil
	})
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return o, err
	} else if err != nil {
		return o, invalid{fmt.Errorf("%w; see -help", err)}
	}
	o.command = "go run ./sample"
	for _, arg := range args {
		if strings.ContainsAny(arg, " \t\"'$&|;<>()*?[]{}\\") {
			arg = strconv.Quote(arg)
		}
		o.command += " " + arg
	}
	if flags.NArg() > 0 {
		return o, invalid{fmt.Errorf("argument %q: every setting is a flag; see -help", flags.Arg(0))}
	}
	if o.resume != "" {
		for name, given := range map[string]bool{"experiment": o.experiment != "", "checkpoint": o.checkpoint != "", "data": o.data != "",
			"out": o.out != "", "evaluate": o.evaluate != "", "samples": o.samples > 0, "seed": o.seed != nil} {
			if given {
				return o, invalid{fmt.Errorf("-%s cannot be changed when resuming: %s has its own", name, o.resume)}
			}
		}
		o.experiment, o.out = filepath.Join(o.resume, experimentName), o.resume
		if _, err := os.Stat(o.experiment); err != nil {
			return o, invalid{fmt.Errorf("-resume %s: no walks were begun there: %w", o.resume, err)}
		}
	}
	if isExact(o.checkpoint) && o.evaluate != "" {
		return o, invalid{fmt.Errorf("-checkpoint %s and -evaluate: trained networks are evaluated, and beside them the best linear denoiser, which is exact:gaussian", o.checkpoint)}
	}
	if o.plan && o.evaluate != "" {
		return o, invalid{errors.New("-plan and -evaluate: one at a time; a plan is of walks")}
	}
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "out", "samples", "seed", "trajectory":
			if o.evaluate != "" {
				fmt.Fprintf(stderr, "sample: note: -%s is not used by -evaluate, which draws no samples\n", f.Name)
			} else if o.plan && f.Name != "samples" {
				fmt.Fprintf(stderr, "sample: note: -%s is not used by -plan, which draws no samples\n", f.Name)
			}
		}
	})
	return o, nil
}
