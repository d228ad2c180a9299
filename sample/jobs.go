package main

import (
	"context"
	"fmt"
	"io"

	"tweedie/experiments"
	"tweedie/nets/checkpoint"
	"tweedie/sample/walk"
)

// A job is a walk that is ready to run.
type job struct {
	experiments.Combination
	walk       walk.Walk // with a measurement, that of the first image
	denoiser   *shaped   // nil if there is no network to plan for
	checkpoint string    // file or closed form
	hash       string    // of the file; "" for a closed form
	key        string    // of all that the samples depend on
	measured   *measured // nil without a measurement
}

// jobs builds the walks and their measurements, and opens their denoisers, each once: walks with the same checkpoint share its graphs.
func (s selection) jobs(ctx context.Context, stderr io.Writer) ([]job, error) {
	walks := s.experiment.Combinations()
	if len(walks) == 0 {
		return nil, invalid{fmt.Errorf("%s has no [[walk]]: there is nothing to sample", s.origin)}
	}
	open := newOpener(s)
	var jobs []job
	for _, w := range walks {
		j := job{Combination: w, checkpoint: s.checkpointOf(w.Walk)}
		if err := s.prepare(ctx, &j, open, stderr); err != nil {
			return nil, fmt.Errorf("walk %s: %w", w.Name, err)
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

func (s selection) prepare(ctx context.Context, j *job, open *opener, stderr io.Writer) (err error) {
	if j.walk, err = j.Build(s.experiment.Seed); err != nil {
		return invalid{fmt.Errorf("%s: %w", s.origin, err)}
	}
	if j.checkpoint != "" && !isExact(j.checkpoint) {
		if j.checkpoint, err = experiments.Checkpoint(j.checkpoint); err != nil {
			return err
		}
	}
	if j.checkpoint != "" {
		if j.denoiser, j.hash, err = open.denoiser(ctx, *j, stderr); err != nil {
			return err
		}
	}
	if j.measured, err = s.measure(ctx, *j, stderr); err != nil {
		return err
	}
	if j.measured != nil {
		j.walk.Likelihood = j.measured.likelihoods(0, 1)
	}
	j.key, err = s.key(*j)
	return err
}

// key is a hash of all that a job's samples depend on: its walk but for its name, the seed, the weights, and the images that a
// measurement or a denoiser in closed form is made of.
func (s selection) key(j job) (string, error) {
	w := j.Walk
	w.Name, w.Checkpoint = "", ""
	var images any
	if s.readsImages(j.Walk) || j.measured != nil {
		images = s.experiment.Data
	}
	closed := ""
	if isExact(j.checkpoint) {
		closed = j.checkpoint
	}
	return key(w, s.experiment.Seed, j.hash, closed, images)
}

// count returns the number of samples in all.
func (j job) count() int {
	if m := j.measured; m != nil {
		return m.n * m.samples
	}
	return j.Samples
}

// calls is the number of images that the walk gives its network.
func (j job) calls() int { return j.count() * len(j.walk.Sigma) }

// what says what is drawn.
func (j job) what() string {
	if m := j.measured; m != nil {
		return fmt.Sprintf("%s of %d images, %d samples for each", j.Measurement.Kind, m.n, m.samples)
	}
	return fmt.Sprintf("%d samples", j.Samples)
}

// from names the weights.
func (j job) from() string {
	if isExact(j.checkpoint) {
		return j.checkpoint
	}
	return j.Weights + " weights of " + j.checkpoint
}

// An opener opens each denoiser once.
type opener struct {
	selection
	denoisers map[[2]string]*shaped // by file and weights
	hashes    map[string]string     // by file
}

func newOpener(s selection) *opener {
	return &opener{s, map[[2]string]*shaped{}, map[string]string{}}
}

func (o *opener) denoiser(ctx context.Context, j job, stderr io.Writer) (d *shaped, hash string, err error) {
	file, weights := j.checkpoint, j.Weights
	if isExact(file) {
		weights = "" // it has none
	} else if o.hashes[file] == "" {
		if o.hashes[file], err = checkpoint.Hash(file); err != nil {
			return nil, "", err
		}
	}
	at := [2]string{file, weights}
	if o.denoisers[at] == nil {
		if o.denoisers[at], err = o.open(ctx, file, weights, j.Assume, stderr); err != nil {
			return nil, "", err
		}
	}
	return o.denoisers[at], o.hashes[file], nil
}
