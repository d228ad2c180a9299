package study

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// batch is the number of samples that walk together. It bounds memory; no sample depends on it.
const batch = 32

// saveEvery is the time between two copies of an unfinished walk on disk.
const saveEvery = time.Minute

// A drawing holds the samples of a walk that have been drawn so far.
type drawing struct {
	samples []float32 // NCHW, of whole batches; with a measurement, those of the first image first
	history *history
	seconds float64
	stopped *position // of the unfinished batch, which follows samples; nil between batches
}

// A position is the state z of a batch after some steps, in the coordinates of the walk's space.
type position struct {
	step int
	z    []float32
}

// drawAll runs every walk that is not kept from before, one after the other, each on all cores, and keeps it and its
// picture. A walk that was stopped goes on where it was.
func drawAll(ctx context.Context, s study, jobs []job) ([]*drawing, error) {
	kept := archive{filepath.Join(s.Folder, walkFolder)}
	drawings := make([]*drawing, len(jobs))
	var count counter
	var anew []job // those of which nothing is kept
	for i, j := range jobs {
		drawings[i] = kept.load(j)
		if left := j.left(drawings[i]); left > 0 {
			count.Total += left
			count.Parts++
			if left == j.calls() {
				anew = append(anew, j)
			}
		}
	}
	if n := len(jobs) - count.Parts; n > 0 {
		s.Observer.Tell(Info, fmt.Sprintf("%d of %d walks are kept from before, in %s", n, len(jobs), kept.folder))
	}
	for _, text := range kept.explain(anew) {
		s.Observer.Tell(Info, text)
	}
	count.observer = s.Observer
	for i, j := range jobs {
		announce(s, j, j.left(drawings[i]))
		if j.left(drawings[i]) > 0 {
			count.Name = j.Name
			count.Part++
			if err := j.draw(ctx, drawings[i], &count, kept.save); err != nil {
				return nil, fmt.Errorf("walk %s: %w", j.Name, err)
			}
		}
		if err := writePictures(s, j, drawings[i]); err != nil {
			return nil, fmt.Errorf("walk %s: %w", j.Name, err)
		}
	}
	return drawings, nil
}

// announce says which walk comes next, and what is unusual about it. It passes over the walks of a sweep that are kept
// from before, which may be many.
func announce(s study, j job, left int) {
	if left == 0 && j.inSweep() {
		return
	}
	for _, w := range j.walk.Warnings(s.dataStd()) {
		s.Observer.Tell(Warning, fmt.Sprintf("walk %s: %s", j.Name, w))
	}
	kept := ""
	if left < j.calls() {
		kept = fmt.Sprintf("; %.0f%% is kept from before", 100-100*float64(left)/float64(j.calls()))
	}
	s.Observer.Tell(Info, fmt.Sprintf("%s: %s, %d steps, %s%s",
		j.Name, j.describe(), len(j.walk.Sigma), j.weights(), kept))
}

// left returns the number of images that the walk's denoiser still has to denoise.
func (j job) left(d *drawing) int {
	pixels, K := j.denoiser.shape.Len(), len(j.walk.Sigma)
	left := (j.count() - len(d.samples)/pixels) * K
	if d.stopped != nil {
		left -= d.stopped.step * len(d.stopped.z) / pixels
	}
	return left
}

// draw takes the steps that are left of a walk. It saves the drawing at the end, every minute, and when it is
// interrupted. The states of the first batch are its history.
func (j job) draw(ctx context.Context, d *drawing, count *counter, save func(job, *drawing) error) error {
	before, start := d.seconds, time.Now()
	saved := start
	store := func() error {
		saved = time.Now()
		d.seconds = before + saved.Sub(start).Seconds()
		return save(j, d)
	}
	pixels, n, w := j.denoiser.shape.Len(), j.count(), j.walk
	counting := countingDenoiser{j.denoiser, ctx, pixels, count}
	for first := len(d.samples) / pixels; first < n; first += batch {
		size := min(batch, n-first)
		if j.problem != nil {
			w.Likelihood = j.problem.likelihoods(first, size)
		}
		states := w.Run(counting, pixels, first, size)
		if s := d.stopped; s != nil {
			states = w.Resume(s.step, s.z, counting, pixels, first, size)
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
				d.history.record(state)
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
