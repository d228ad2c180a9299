package main

import (
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/nets"
	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

// batch is the number of samples that walk together. It bounds memory; no sample depends on it.
const batch = 32

// A job is a walk that is ready to run.
type job struct {
	experiments.Walk
	walk       walk.Walk // with a measurement, that of the first image
	denoiser   *shaped   // nil if there is no network to plan for
	checkpoint string
	measured   *measured // nil without a measurement
}

// walk runs every walk of the experiment and writes a picture of its samples, and how the first came about if asked to. Whatever can
// be found wrong is found before the first step.
func (s selection) walk(ctx context.Context, withTrajectory bool, stdout, stderr io.Writer) error {
	jobs, err := s.jobs(ctx, stderr)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.figures, 0o777); err != nil {
		return fmt.Errorf("folder for the pictures: %w", err)
	}
	for _, j := range jobs {
		for _, w := range j.walk.Warnings(s.experiment.Train.DataStd) {
			fmt.Fprintf(stderr, "sample: warning: walk %s: %s\n", j.Name, w)
		}
		from := j.checkpoint
		if !isExact(from) {
			from = j.Weights + " weights of " + from
		}
		fmt.Fprintf(stderr, "%s: %s, %d steps, %s\n", j.Name, j.what(), len(j.walk.Sigma), from)
		var t *trajectory
		if withTrajectory {
			t = &trajectory{denoiser: *j.denoiser}
		}
		picture, err := j.picture(ctx, t, stdout, stderr)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		paths := []string{filepath.Join(s.figures, j.Name+".png")}
		if err := figure.WritePNG(paths[0], picture); err != nil {
			return err
		}
		if t != nil {
			drawn, err := t.write(s.figures, j.Name)
			if err != nil {
				return fmt.Errorf("walk %s: %w", j.Name, err)
			}
			paths = append(paths, drawn...)
		}
		for _, path := range paths {
			fmt.Fprintln(stdout, "wrote", path)
		}
	}
	return nil
}

// jobs builds the walks and their measurements, and opens their denoisers, each once.
func (s selection) jobs(ctx context.Context, stderr io.Writer) ([]job, error) {
	if len(s.experiment.Walks) == 0 {
		return nil, invalid{fmt.Errorf("%s has no [[walk]]: there is nothing to sample", s.origin)}
	}
	denoisers := map[[2]string]*shaped{} // by file and weights
	var jobs []job
	for _, w := range s.experiment.Walks {
		built, err := w.Build(s.experiment.Seed)
		if err != nil {
			return nil, invalid{fmt.Errorf("%s: %w", s.origin, err)}
		}
		file := s.checkpointOf(w)
		key := [2]string{file, w.Weights}
		if isExact(file) {
			key[1] = "" // it has no weights
		}
		if denoisers[key] == nil && file != "" {
			if denoisers[key], err = s.open(ctx, file, w.Weights, stderr); err != nil {
				return nil, fmt.Errorf("walk %s: %w", w.Name, err)
			}
		}
		m, err := s.measure(ctx, w, stderr)
		if err != nil {
			return nil, err
		}
		if m != nil {
			if _, built.Likelihood, err = m.measurement(0); err != nil {
				return nil, fmt.Errorf("walk %s: %w", w.Name, err)
			}
		}
		jobs = append(jobs, job{w, built, denoisers[key], file, m})
	}
	return jobs, nil
}

// count returns the number of samples that are drawn of one distribution, and that of such draws: one for each measurement.
func (j job) count() (samples, draws int) {
	if m := j.measured; m != nil {
		return m.samples, m.n
	}
	return j.Samples, 1
}

// what says what is drawn.
func (j job) what() string {
	if m := j.measured; m != nil {
		return fmt.Sprintf("%s of %d images, %d samples for each", j.Measurement.Kind, m.n, m.samples)
	}
	return fmt.Sprintf("%d samples", j.Samples)
}

// picture runs a walk: it returns a grid of samples or, with a measurement, the sheet of its posterior. The states of the first
// batch are shown to t if that is not nil.
func (j job) picture(ctx context.Context, t *trajectory, stdout, stderr io.Writer) (image.Image, error) {
	samples, draws := j.count()
	progress := newProgress(stderr, j.Name, draws*samples*len(j.walk.Sigma))
	defer progress.close()
	d := observed{ctx, j.denoiser, j.denoiser.pixels(), progress}
	if j.measured != nil {
		return j.posterior(d, t, stdout)
	}
	x, err := draw(d, j.walk, d.pixels, 0, samples, t)
	if err != nil {
		return nil, err
	}
	return figure.Grid(j.denoiser.images(x), 0, 0)
}

// draw returns the samples first, ..., first+n-1 of a walk, NCHW, and shows the states of the first batch to t if that is not nil.
func draw(d nets.Denoiser, w walk.Walk, pixels, first, n int, t *trajectory) ([]float32, error) {
	K := len(w.Sigma)
	var samples []float32
	for done := 0; done < n; done += batch {
		for state, err := range w.Run(d, pixels, first+done, min(batch, n-done)) {
			if err != nil {
				return nil, err
			}
			if t != nil && done == 0 {
				t.see(state, K)
			}
			if state.K == K {
				samples = append(samples, state.X...)
			}
		}
	}
	return samples, nil
}
