package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

// batch is the number of samples that walk together. It bounds memory; no sample depends on it.
const batch = 32

// A job is a walk that is ready to run.
type job struct {
	experiments.Walk
	walk       walk.Walk
	denoiser   *shaped // nil if there is no network to plan for
	checkpoint string
}

// walk runs every walk of the experiment and writes a grid of its samples, and how the first came about if asked to. Whatever can be found wrong is found before the first step.
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
		fmt.Fprintf(stderr, "%s: %d samples, %d steps, %s\n", j.Name, j.Samples, len(j.walk.Sigma), from)
		var t *trajectory
		if withTrajectory {
			t = &trajectory{denoiser: *j.denoiser}
		}
		x, err := j.run(ctx, t, stderr)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		grid, err := figure.Grid(j.denoiser.images(x), 0, 0)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		paths := []string{filepath.Join(s.figures, j.Name+".png")}
		if err := figure.WritePNG(paths[0], grid); err != nil {
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

// jobs builds the walks and opens their denoisers, each once.
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
		file := w.Checkpoint
		if file == "" {
			file = s.checkpoint
		}
		key := [2]string{file, w.Weights}
		if isExact(file) {
			key[1] = "" // it has no weights
		}
		if denoisers[key] == nil && file != "" {
			if denoisers[key], err = s.open(ctx, file, w.Weights, stderr); err != nil {
				return nil, fmt.Errorf("walk %s: %w", w.Name, err)
			}
		}
		jobs = append(jobs, job{w, built, denoisers[key], file})
	}
	return jobs, nil
}

// run returns the samples, NCHW, and shows the states of the first batch to t if that is not nil.
func (j job) run(ctx context.Context, t *trajectory, stderr io.Writer) ([]float32, error) {
	pixels, K := j.denoiser.pixels(), len(j.walk.Sigma)
	progress := newProgress(stderr, j.Name, j.Samples*K)
	defer progress.close()
	d := observed{ctx, j.denoiser, pixels, progress}
	var samples []float32
	for first := 0; first < j.Samples; first += batch {
		for state, err := range j.walk.Run(d, pixels, first, min(batch, j.Samples-first)) {
			if err != nil {
				return nil, err
			}
			if t != nil && first == 0 {
				t.see(state, K)
			}
			if state.K == K {
				samples = append(samples, state.X...)
			}
		}
	}
	return samples, nil
}
