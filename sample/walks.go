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
	measured   *measured // nil without a measurement
}

// walk runs every walk of the experiment and writes a picture of its samples. Whatever can be found wrong is found before the first step.
func (s selection) walk(ctx context.Context, stdout, stderr io.Writer) error {
	jobs, err := s.jobs(ctx, stderr)
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
		picture, err := j.picture(ctx, stdout, stderr)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		path := filepath.Join(s.figures, j.Name+".png")
		if err := figure.WritePNG(path, picture); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "wrote", path)
	}
	return nil
}

// jobs builds the walks and opens their denoisers, each once.
func (s selection) jobs(ctx context.Context, stderr io.Writer) ([]job, error) {
	if len(s.experiment.Walks) == 0 {
		return nil, invalid{fmt.Errorf("%s has no [[walk]]: there is nothing to sample", s.origin)}
	}
	denoisers := map[[2]string]*pretrained.Denoiser{} // by file and weights
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
		if denoisers[key] == nil {
			if denoisers[key], err = s.open(file, w.Weights); err != nil {
				return nil, fmt.Errorf("walk %s: %w", w.Name, err)
			}
		}
		m, err := s.measure(ctx, w, stderr)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job{w, built, denoisers[key], file, m})
	}
	return jobs, nil
}

// picture runs a walk: a grid of samples or, with a measurement, the sheet of its posterior.
func (j job) picture(ctx context.Context, stdout, stderr io.Writer) (image.Image, error) {
	settings := fmt.Sprintf("%d steps, %s weights of %s", len(j.walk.Sigma), j.Weights, j.checkpoint)
	if m := j.measured; m != nil {
		fmt.Fprintf(stderr, "%s: %s of %d images, %d samples for each, %s\n", j.Name, j.Measurement.Kind, m.n, m.samples, settings)
		return j.posterior(ctx, stdout, stderr)
	}
	fmt.Fprintf(stderr, "%s: %d samples, %s\n", j.Name, j.Samples, settings)
	d := j.denoiser
	progress := newProgress(stderr, j.Name, j.Samples*len(j.walk.Sigma))
	defer progress.close()
	x, err := draw(observed{ctx, d, d.Pixels(), progress}, j.walk, d.Pixels(), 0, j.Samples)
	if err != nil {
		return nil, err
	}
	return figure.Grid(figure.Images{Pixels: x, N: j.Samples, Channels: d.Channels, Height: d.Height, Width: d.Width}, 0, 0)
}

// draw returns the samples first, ..., first+n-1 of a walk, NCHW.
func draw(d nets.Denoiser, w walk.Walk, pixels, first, n int) ([]float32, error) {
	var samples []float32
	for done := 0; done < n; done += batch {
		last, err := walk.Last(w.Run(d, pixels, first+done, min(batch, n-done)))
		if err != nil {
			return nil, err
		}
		samples = append(samples, last.X...)
	}
	return samples, nil
}
