package main

import (
	"context"
	"time"
)

// batch is the number of samples that walk together. It bounds memory; no sample depends on it.
const batch = 32

// saveEvery is the time between two copies of an unfinished walk on disk.
const saveEvery = time.Minute

// A drawing is what a walk came to, or has come to so far.
type drawing struct {
	samples []float32 // NCHW, of whole batches; with a measurement, those of the first image first
	course  *course
	seconds float64
	stopped *position // of the batch after samples; nil between batches
}

// A position is where a batch stands after K steps, in the coordinates of the walk's space.
type position struct {
	K int
	z []float32
}

// left is the number of images that the walk's network is still to be given.
func (j job) left(d *drawing) int {
	pixels, K, n := j.denoiser.pixels(), len(j.walk.Sigma), j.count()
	left := (n - len(d.samples)/pixels) * K
	if d.stopped != nil {
		left -= d.stopped.K * len(d.stopped.z) / pixels
	}
	return left
}

// draw takes the steps of a walk that are left, and saves it when that is done, now and then, and when it is interrupted. The states
// of the first batch are its course.
func (j job) draw(ctx context.Context, d *drawing, p *progress, save func(job, *drawing) error) error {
	before, start := d.seconds, time.Now()
	saved := start
	store := func() error {
		saved = time.Now()
		d.seconds = before + saved.Sub(start).Seconds()
		return save(j, d)
	}
	denoiser := observed{ctx, j.denoiser, j.denoiser.pixels(), p}
	pixels, n, w := denoiser.pixels, j.count(), j.walk
	for first := len(d.samples) / pixels; first < n; first += batch {
		size := min(batch, n-first)
		if j.measured != nil {
			w.Likelihood = j.measured.likelihoods(first, size)
		}
		states := w.Run(denoiser, pixels, first, size)
		if s := d.stopped; s != nil {
			states = w.Resume(s.K, s.z, denoiser, pixels, first, size)
		}
		for state, err := range states {
			if err != nil {
				if ctx.Err() != nil && d.stopped != nil {
					if wrong := store(); wrong != nil {
						return wrong
					}
				}
				return err
			}
			d.stopped = &position{state.K, state.Z}
			if first == 0 {
				d.course.see(state)
			}
			if state.K == len(w.Sigma) {
				d.samples = append(d.samples, state.X...)
			} else if time.Since(saved) > saveEvery {
				if err := store(); err != nil {
					return err
				}
			}
		}
		d.stopped = nil
	}
	return store()
}
