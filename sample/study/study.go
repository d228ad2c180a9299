// Package study runs the walks of an experiment, from its file to its report.
//
// Run takes an experiment through five stages. It prepares a job for every walk: it builds the walk, opens its
// denoiser, measures the images of its measurement, and looks for whatever would go wrong later. It draws the samples
// of each job, keeps them in the experiment's folder (so that a walk which is stopped goes on where it was), scores
// them, and publishes pictures, figures, tables and the report. Plan says what Run would do. Evaluate measures a
// denoiser instead of sampling from it.
//
// The package must not know what a network is made of, how a walk steps, or that there is a terminal: it prints
// nothing and tells an Observer what happens. To walk without an experiment or any file, use package walk.
package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"tweedie/experiments"
	"tweedie/experiments/sweep"
	"tweedie/sample/result"
)

// The files beside the pictures.
const (
	// ExperimentFile is the experiment as it was run: Run with this file goes on where a run was stopped.
	ExperimentFile = "experiment.toml"

	reportFile = "report.html"
	tableFile  = "results.csv"
	walkFolder = "walks" // holds the kept walks, their states, and the pictures of a sweep
)

// Options say how an experiment is run. Each may be zero, but walks that name no checkpoint need Checkpoint.
type Options struct {
	// Checkpoint is the denoiser of walks that name none: a file of weights, a run folder, or a closed
	// form such as "exact:mixture". With Override, it is that of all walks.
	Checkpoint string
	Override   bool

	Folder     string   // where the pictures are written; default "figures"
	Report     string   // path of the report; default report.html in Folder
	Trajectory bool     // whether to draw how the first samples of each walk come about
	Design     *Design  // what walks Plan proposes beside those of the experiment; nil: none
	Origin     string   // file of the experiment, for messages; default its name
	Command    string   // command line that asked for the run, for the report
	Observer   Observer // is told what happens; default nobody
}

// A UsageError is a mistake in an experiment or in the options, which the user can correct. Any other error is a
// failure of a file, a network or the machine.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// misuse returns a UsageError.
func misuse(format string, arguments ...any) error {
	return &UsageError{fmt.Errorf(format, arguments...)}
}

func isMisuse(err error) bool {
	_, is := errors.AsType[*UsageError](err)
	return is
}

// A StoppedError says that walks had begun when the context was cancelled. What was drawn is kept: another Run with the
// same Folder, of the ExperimentFile in it, goes on.
type StoppedError struct {
	Folder string // of the pictures
	Err    error
}

func (e *StoppedError) Error() string { return e.Err.Error() }
func (e *StoppedError) Unwrap() error { return e.Err }

// A study is an experiment with the settings of a run.
type study struct {
	*experiments.Experiment
	Options
}

// newStudy fills in the defaults of the options.
func newStudy(e *experiments.Experiment, o Options) study {
	o.Origin = cmp.Or(o.Origin, e.Name)
	o.Folder = cmp.Or(o.Folder, "figures")
	o.Report = cmp.Or(o.Report, filepath.Join(o.Folder, reportFile))
	if o.Observer == nil {
		o.Observer = silent{}
	}
	return study{e, o}
}

// Run draws the samples of all walks of an experiment that are not kept from before, and writes their pictures, scores,
// figures and report. What can be found wrong is found before the first step; a mistake of the user's is a *UsageError.
//
// If the context is cancelled, Run keeps what it has drawn so far and returns a *StoppedError. If scores or figures
// fail, the others are written nonetheless, and Run returns the result together with an error.
func Run(ctx context.Context, e *experiments.Experiment, o Options) (*result.Experiment, error) {
	s := newStudy(e, o)
	jobs, err := prepare(ctx, s, false)
	if err != nil {
		return nil, err
	}
	if err := check(s, jobs); err != nil {
		return nil, err
	}
	judge, err := newJudge(ctx, s, jobs)
	if err != nil {
		return nil, err
	}
	text, err := begin(s, jobs)
	if err != nil {
		return nil, err
	}
	drawings, err := drawAll(ctx, s, jobs)
	if err != nil {
		return nil, stopped(ctx, s, err)
	}
	scores, failed := scoreAll(ctx, s, judge, jobs, drawings)
	if ctx.Err() != nil {
		return nil, stopped(ctx, s, ctx.Err())
	}
	return publish(s, text, jobs, drawings, scores, judge.sortedFloors(), failed)
}

// stopped wraps an error in a StoppedError if the context is cancelled.
func stopped(ctx context.Context, s study, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &StoppedError{s.Folder, err}
}

// checkpointOf returns the checkpoint of a walk as the user has named it; "" if there is none yet.
func (s study) checkpointOf(w experiments.Walk) string {
	if s.Override {
		return s.Checkpoint
	}
	return cmp.Or(w.Checkpoint, s.Checkpoint)
}

// sweepsCheckpoints reports whether the walks of the sweep have different checkpoints.
func (s study) sweepsCheckpoints() bool {
	return slices.ContainsFunc(s.Axes(), func(a sweep.Axis) bool { return a.Key == "checkpoint" })
}

// dataStd is the standard deviation of the images' values that plans and warnings assume: the experiment's, or its
// default.
func (s study) dataStd() float64 { return cmp.Or(s.Train.DataStd, 0.5) }

// side is the height and width of the experiment's images in pixels; 0 without [data].
func (s study) side() int { return s.Data.Size + s.Data.Crop } // one of them is zero

// usesImages reports whether samples, not only their scores, depend on the images of [data]: those held out are
// measured, or a denoiser is made of the others.
func (s study) usesImages(w experiments.Walk) bool {
	return isExact(s.checkpointOf(w)) || w.Measurement != nil && w.Measurement.Images == ""
}

// ReadsImages reports whether running an experiment reads the images of its [data].
func ReadsImages(e *experiments.Experiment, o Options) bool {
	return e.Metrics != nil || slices.ContainsFunc(e.Walks, newStudy(e, o).usesImages)
}
