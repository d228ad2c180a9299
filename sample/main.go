// Command sample draws images from a trained denoiser: it runs the random walks of an experiment (paper section 3) and
// writes a picture of each. A walk with a measurement samples images that explain it (section 5). With -evaluate the
// command measures the denoiser instead (section 2). Without arguments it uses the newest run.
//
// It has flags, signals, exit codes and messages; package study does the work.
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
	"strconv"
	"strings"
	"syscall"

	"tweedie/sample/screen"
	"tweedie/sample/study"
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
  go run ./sample -plan -design              also a walk of as many steps that is expected to do better
  go run ./sample -plan -design=20           the same, of 20 steps
  go run ./sample -trajectory                also each walk's course: a strip of pictures, and a film
  go run ./sample -resume runs/figure1/figures
                                             continue walks that were stopped; finished ones are kept anyway
  go run ./sample -evaluate validation       the denoiser's error on the experiment's held-out images, and how likely
                                             these are in its eyes
  go run ./sample -evaluate photos.zip       and on others: a folder or .zip

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command without the process around it, and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	show := screen.New("sample", stdout, stderr)
	f, err := parse(args, stdout, show)
	if err == nil {
		err = f.execute(ctx, stdout, show)
	}
	show.Clear()
	_, wrong := errors.AsType[*study.UsageError](err)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, context.Canceled):
		if stopped, ok := errors.AsType[*study.StoppedError](err); ok {
			fmt.Fprintf(stderr, "sample: what was drawn is kept; go on with go run ./sample -resume %s\n",
				stopped.Folder)
		}
		fmt.Fprintln(stderr, "sample: interrupted")
		return interrupted
	}
	fmt.Fprintf(stderr, "sample: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nsample: "))
	if wrong {
		return misused
	}
	return failed
}

// flags holds the values of the flags; zero for those that were not given.
type flags struct {
	study.Request
	evaluate, resume string
	plan, trajectory bool
	design           *study.Design
	command          string // as typed
}

// execute plans, evaluates or samples.
func (f flags) execute(ctx context.Context, stdout io.Writer, show *screen.Screen) error {
	e, options, err := study.Find(f.Request)
	if err != nil {
		return err
	}
	options.Trajectory, options.Command, options.Observer = f.trajectory, f.command, show
	if f.evaluate != "" {
		return study.Evaluate(ctx, e, f.evaluate, options, stdout)
	}
	if f.Data != "" && !study.ReadsImages(e, options) {
		show.Tell(study.Note, "-data is used by -evaluate, metrics, measurements and -checkpoint exact:... only; "+
			"other walks need no images")
	}
	options.Design = f.design
	if f.plan {
		return study.Plan(ctx, e, options, stdout)
	}
	_, err = study.Run(ctx, e, options)
	return err
}

// misuse is an error of usage.
func misuse(format string, arguments ...any) error {
	return &study.UsageError{Err: fmt.Errorf(format, arguments...)}
}

// parse reads the flags. Flags without a meaning beside the others are noted.
func parse(args []string, stdout io.Writer, show *screen.Screen) (f flags, err error) {
	set := flag.NewFlagSet("sample", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	text := func(to *string, name, meaning string) { set.StringVar(to, name, "", meaning) }
	text(&f.Experiment, "experiment", "`name` of a built-in experiment, or a .toml file (default the run's own)")
	text(&f.Checkpoint, "checkpoint", "`file` of the trained network (default the newest of the newest run), or "+
		"exact:gaussian,\nexact:mixture or exact:data: the denoiser in closed form of that model of the training "+
		"images")
	text(&f.Data, "data", "folder or .zip of the training images, instead of the experiment's `path`; for -evaluate,\n"+
		"metrics, measurements and exact denoisers")
	text(&f.Folder, "out", "`folder` for the pictures (default the run's figures)")
	text(&f.evaluate, "evaluate",
		"measure the error on the images of a `path`, or of \"validation\", and their likelihood in bits per value,\n"+
			"instead of sampling")
	text(&f.resume, "resume", "`folder` of the pictures of walks that were stopped: go on as they were begun")
	set.BoolVar(&f.plan, "plan", false,
		"print each walk's steps, what they will come to and the time they take, and draw nothing")
	set.BoolFunc("design", "with -plan, also propose noise levels, step sizes and temperatures for each walk, fitted "+
		"to\nthe training images; -design=`K` for K steps (default as many as the walk has)", func(s string) error {
		f.design = new(study.Design)
		if s == "true" { // no value
			return nil
		}
		var err error
		if f.design.Steps, err = strconv.Atoi(s); err != nil || f.design.Steps < 1 {
			return errors.New("must be a whole number, 1 or more")
		}
		return nil
	})
	set.BoolVar(&f.trajectory, "trajectory", false,
		"also draw how each walk's first samples come about, as a strip and a film")
	set.Func("samples", "`number` of samples of each walk, instead of its own", func(s string) (err error) {
		if f.Samples, err = strconv.Atoi(s); err != nil || f.Samples < 1 {
			return errors.New("must be a whole number, 1 or more")
		}
		return nil
	})
	set.Func("seed", "`seed` of the walks, instead of the experiment's", func(s string) error {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return errors.New("must be a whole number, 0 or more")
		}
		f.Seed = &seed
		return nil
	})
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		set.SetOutput(stdout)
		set.PrintDefaults()
		return f, err
	} else if err != nil {
		return f, misuse("%w; see -help", err)
	}
	if set.NArg() > 0 {
		return f, misuse("argument %q: every setting is a flag; see -help", set.Arg(0))
	}
	f.Planning, f.Evaluating, f.command = f.plan, f.evaluate != "", typed(args)
	return f, f.check(set, show)
}

// check refuses flags that contradict each other, and notes those that do nothing beside others.
func (f *flags) check(set *flag.FlagSet, show *screen.Screen) (err error) {
	given := func(use func(name string)) { set.Visit(func(f *flag.Flag) { use(f.Name) }) }
	if f.resume != "" {
		given(func(name string) {
			if name != "resume" && name != "plan" && name != "design" && name != "trajectory" {
				err = misuse("-%s cannot be changed when resuming: %s has its own", name, f.resume)
			}
		})
		f.Experiment, f.Folder = filepath.Join(f.resume, study.ExperimentFile), f.resume
		if _, wrong := os.Stat(f.Experiment); wrong != nil && err == nil {
			err = misuse("-resume %s: no walks were begun there: %w", f.resume, wrong)
		}
	}
	if err == nil && f.design != nil && !f.plan {
		err = misuse("-design: only a plan proposes walks: add -plan")
	}
	if err == nil && f.plan && f.evaluate != "" {
		err = misuse("-plan and -evaluate: one at a time; a plan is of walks")
	}
	if err != nil {
		return err
	}
	given(func(name string) {
		unused := name == "out" || name == "samples" || name == "seed" || name == "trajectory"
		if unused && f.evaluate != "" {
			show.Tell(study.Note, fmt.Sprintf("-%s is not used by -evaluate, which draws no samples", name))
		} else if unused && f.plan && name != "samples" {
			show.Tell(study.Note, fmt.Sprintf("-%s is not used by -plan, which draws no samples", name))
		}
	})
	return nil
}

// typed returns the command as a shell takes it.
func typed(args []string) string {
	command := "go run ./sample"
	for _, arg := range args {
		if strings.ContainsAny(arg, " \t\"'$&|;<>()*?[]{}\\") {
			arg = strconv.Quote(arg)
		}
		command += " " + arg
	}
	return command
}
