package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/experiments"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
)

// Files beside the pictures.
const reportName, experimentName = "report.html", "experiment.toml"

// A selection is what the flags ask for.
type selection struct {
	experiment *experiments.Experiment
	origin     string // of the experiment, for messages
	checkpoint string // of walks that name none; "" if all name one and there is no run
	everywhere bool   // of the others too
	figures    string // folder of the pictures
	report     string // its file
	command    string // that was given
}

// choose finds the checkpoint, the experiment and the folder that the flags ask for. With -experiment, its walks are run with the
// newest checkpoint of its newest run; otherwise, and to evaluate a run, the experiment is the one stored with it, which knows
// the images it was trained on.
func (o options) choose() (s selection, err error) {
	if o.experiment != "" {
		s.origin = o.experiment
		if s.experiment, err = experiments.Load(o.experiment); err != nil {
			return s, invalid{err}
		}
	}
	var run experiments.Run
	file := o.checkpoint
	s.everywhere = file != ""
	if file != "" && !isExact(file) {
		if file, err = experiments.Checkpoint(file); err != nil {
			return s, err
		}
	}
	if isExact(file) { // it has no experiment of its own
		s.checkpoint, file = file, ""
		if run, err = o.newestRun(s.experiment); s.experiment != nil {
			err = nil
		}
	} else if file != "" {
		s.checkpoint = file
		run = runOf(file)
	} else if run, err = o.newestRun(s.experiment); err == nil {
		s.checkpoint, err = checkpoint.Newest(run.Checkpoints())
	}
	// Walks can be planned before there is a network, and may all name another.
	if err != nil && (s.experiment == nil || o.evaluate != "" || !o.plan && slices.ContainsFunc(s.experiment.Combinations(), usesRun)) {
		return s, err
	}
	if s.experiment == nil || o.evaluate != "" && file == "" {
		if s.experiment, s.origin, err = stored(run, file); err != nil {
			return s, err
		}
	}
	if run == "" && o.experiment != "" && file == "" { // its walks name other runs
		run = experiments.Run(filepath.Join(experiments.Runs, s.experiment.Name))
	}
	switch {
	case o.out != "":
		s.figures, s.report = o.out, filepath.Join(o.out, reportName)
	case run != "":
		s.figures, s.report = run.Figures(), filepath.Join(string(run), reportName)
	default:
		s.figures, s.report = "figures", reportName
	}
	if isExact(s.checkpoint) && o.out == "" {
		s.figures = filepath.Join(s.figures, strings.Replace(s.checkpoint, ":", "-", 1))
		s.report = filepath.Join(s.figures, reportName)
	}
	if o.data != "" && s.experiment.Data.Path != "" {
		s.experiment.Data.Path = o.data
	} else if o.data != "" { // there is no [data], and so no images to hold out
		for i := range s.experiment.Walks {
			if m := s.experiment.Walks[i].Measurement; m != nil {
				m.Images = o.data
			}
		}
	}
	if o.seed != nil {
		s.experiment.Seed = *o.seed
	}
	if o.samples > 0 {
		for i := range s.experiment.Walks {
			s.experiment.Walks[i].Samples = o.samples
		}
	}
	return s, nil
}

func usesRun(w experiments.Combination) bool { return w.Checkpoint == "" }

// checkpointOf is the file or the run of a walk's network, or the name of a denoiser in closed form; "" if there is none yet.
func (s selection) checkpointOf(w experiments.Walk) string {
	if s.everywhere {
		return s.checkpoint
	}
	return cmp.Or(w.Checkpoint, s.checkpoint)
}

// dataStd is the standard deviation of the images' values that plans and warnings assume: the experiment's, or its default.
func (s selection) dataStd() float64 { return cmp.Or(s.experiment.Train.DataStd, 0.5) }

// readsImages reports whether a walk needs images of the experiment: to measure those held out, or to fit a denoiser to the others.
func (s selection) readsImages(w experiments.Walk) bool {
	return isExact(s.checkpointOf(w)) || w.Measurement != nil && w.Measurement.Images == ""
}

// newestRun is the newest run of an experiment, or of all if it is nil. An experiment.toml in the folder of a run is that run's.
func (o options) newestRun(e *experiments.Experiment) (experiments.Run, error) {
	if e == nil {
		return experiments.NewestRun("")
	}
	if r := experiments.Run(filepath.Dir(o.experiment)); r.Experiment() == filepath.Clean(o.experiment) && r.Used() {
		return r, nil
	}
	return experiments.NewestRun(e.Name)
}

// runOf is the run that a checkpoint lies in, or "".
func runOf(file string) experiments.Run {
	folder := filepath.Dir(file)
	if r := experiments.Run(filepath.Dir(folder)); r.Checkpoints() == folder && r.Used() {
		return r
	}
	return ""
}

// foreignWalks is the experiment for a file of another program, which has none: the authors' shortest.
const foreignWalks = "paper/figure1b"

// stored returns the experiment of a checkpoint, or that of a run if no checkpoint is given, and says where it stands.
func stored(run experiments.Run, file string) (*experiments.Experiment, string, error) {
	if file == "" {
		e, err := experiments.Load(run.Experiment())
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return e, run.Experiment(), asInvalid(err)
		}
		if file, err = checkpoint.Newest(run.Checkpoints()); err != nil {
			return nil, "", err
		}
	}
	own, err := checkpoint.IsCheckpoint(file)
	if err != nil {
		return nil, "", err
	}
	c := &checkpoint.Checkpoint{}
	if own {
		if c, err = checkpoint.Read(file); err != nil {
			return nil, "", err
		}
	}
	if c.Meta.Experiment == "" { // of another program, or made of such a file
		e, err := experiments.Load(foreignWalks)
		return e, foreignWalks, asInvalid(err)
	}
	origin := "the experiment in " + file
	e, err := experiments.Parse(origin, []byte(c.Meta.Experiment))
	return e, origin, asInvalid(err)
}

func asInvalid(err error) error {
	if err == nil {
		return nil
	}
	return invalid{err}
}

// shaped is a denoiser that is ready to use, with the shape of its images.
type shaped struct {
	nets.Denoiser
	channels, height, width int
}

func (d shaped) pixels() int { return d.channels * d.height * d.width }

func (d shaped) shape() inverse.Shape {
	return inverse.Shape{Channels: d.channels, Height: d.height, Width: d.width}
}

// images are those of the denoiser's shape in x.
func (d shaped) images(x []float32) figure.Images {
	return figure.Images{Pixels: x, N: len(x) / d.pixels(), Channels: d.channels, Height: d.height, Width: d.width}
}

// open returns the denoiser of a checkpoint's weights, "ema" or "raw", or one in closed form. Its images must be those of the
// experiment.
func (s selection) open(ctx context.Context, file, weights string, assume *experiments.Assume, stderr io.Writer) (*shaped, error) {
	if isExact(file) {
		return s.fit(ctx, file, stderr)
	}
	set := weights
	if weights == "raw" {
		set = "parameters"
	}
	a := assume.Pretrained()
	if a.Size == 0 {
		a.Size = s.experiment.Data.Size + s.experiment.Data.Crop
	}
	d, what, err := pretrained.Open(file, set, a)
	if err != nil {
		return nil, err
	}
	if what != "" {
		fmt.Fprintf(stderr, "%s: %s\n", file, what)
	}
	side, channels := s.experiment.Data.Size+s.experiment.Data.Crop, s.experiment.Data.Channels // of size and crop, one is zero
	if side == 0 {                                                                              // there is no [data]
		side, channels = d.Width, d.Channels
	}
	if d.Width != side || d.Height != side || d.Channels != channels {
		return nil, invalid{fmt.Errorf(
			"%s is for images of %d x %d with channels = %d, but [data] of %s says %d x %d with channels = %d: they must agree",
			file, d.Width, d.Height, d.Channels, s.origin, side, side, channels)}
	}
	return &shaped{d.Denoiser, d.Channels, d.Height, d.Width}, nil
}
