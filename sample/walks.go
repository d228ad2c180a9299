package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/nets/pretrained"
	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

// batch is the number of samples that walk together. It bounds memory; no sample depends on it.
const batch = 32

// A job is a walk that is ready to run.
type job struct {
	experiments.Walk
	walk       walk.Walk
	denoiser   *pretrained.Denoiser
	checkpoint string
}

// walk runs every walk of the experiment and writes a grid of its samples. Whatever can be found wrong is found before the first step.
func (s selection) walk(ctx context.Context, stdout, stderr io.Writer) error {
	jobs, err := s.jobs()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.figures, 0o777); err != nil {
		return fmt.Errorf("folder for the pictures: %w", err)
	}
	for _, j := range jobs {
		for _, w := range j.walk.Warnings() {
			fmt.Fprintf(stderr, "sample: warning: walk %s: %s\n", j.Name, w)
		}
		fmt.Fprintf(stderr, "%s: %d samples, %d steps, %s weights of %s\n", j.Name, j.Samples, len(j.walk.Sigma), j.Weights, j.checkpoint)
		x, err := j.run(ctx, stderr)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		d := j.denoiser
		grid, err := figure.Grid(figure.Images{Pixels: x, N: j.Samples, Channels: d.Channels, Height: d.Height, Width: d.Width}, 0, 0)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		path := filepath.Join(s.figures, j.Name+".png")
		if err := figure.WritePNG(path, grid); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "wrote", path)
	}
	return nil
}

// jobs builds the walks and opens their denoisers, each once.
func (s selection) jobs() ([]job, error) {
	if len(s.experiment.Walks) == 0 {
		return nil, invalid{fmt.Errorf("%s has no [[walk]]: there is nothing to sample", s.origin)}
	}
	denoisers := map[[2]string]*pretrained.Denoiser{} // by file and weights
	var jobs []job
	for _, w := range s.experiment.Walks {
		if w.Measurement != nil {
			return nil, invalid{fmt.Errorf("%s: walk %s: measurement: walks with one are not built yet; remove it", s.origin, w.Name)}
		}
		built, err := w.Build(s.experiment.Seed)
		if err != nil {
			return nil, invalid{fmt.Errorf("%s: %w", s.origin, err)}
		}
		file := w.Checkpoint
		if file == "" {
			file = s.checkpoint
		}
		key := [2]string{file, w.Weights}
		if denoisers[key] == nil {
			if denoisers[key], err = s.open(file, w.Weights); err != nil {
				return nil, fmt.Errorf("walk %s: %w", w.Name, err)
			}
		}
		jobs = append(jobs, job{w, built, denoisers[key], file})
	}
	return jobs, nil
}

// run returns the samples, NCHW.
func (j job) run(ctx context.Context, stderr io.Writer) ([]float32, error) {
	pixels := j.denoiser.Pixels()
	progress := newProgress(stderr, j.Name, j.Samples*len(j.walk.Sigma))
	defer progress.close()
	d := observed{ctx, j.denoiser, pixels, progress}
	var samples []float32
	for first := 0; first < j.Samples; first += batch {
		last, err := walk.Last(j.walk.Run(d, pixels, first, min(batch, j.Samples-first)))
		if err != nil {
			return nil, err
		}
		samples = append(samples, last.X...)
	}
	return samples, nil
}
