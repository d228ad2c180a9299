package study

import (
	"context"
	"fmt"

	"tweedie/experiments"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// A job is a walk that is ready to run.
type job struct {
	experiments.Combination // as the experiment has it

	walk       walk.Walk    // with a measurement, that of the first image
	denoiser   *denoiser    // nil if a plan is made before there is a network
	checkpoint string       // a file, or the name of a closed form
	hash       string       // SHA-256 of the file; "" for a closed form
	dependsOn  []dependency // all that the samples depend on; nil in a plan
	key        string       // hash of all dependencies; "" in a plan
	problem    *problem     // nil without a measurement
	missing    error        // why a plan has no denoiser, or no images; nil otherwise
}

// prepare makes a job of every walk. Walks of the same checkpoint share its denoiser. For a plan, a checkpoint need not
// be there yet.
func prepare(ctx context.Context, s study, planning bool) ([]job, error) {
	walks := s.Combinations()
	if len(walks) == 0 {
		return nil, misuse("%s has no [[walk]]: there is nothing to sample", s.Origin)
	}
	if s.Override && s.sweepsCheckpoints() {
		s.Observer.Tell(Warning, fmt.Sprintf("%s takes the place of the checkpoints that [sweep] varies: "+
			"walks that differ in nothing else are equal", s.Checkpoint))
	}
	open := newDenoisers(s)
	var jobs []job
	for _, w := range walks {
		j, err := prepareJob(ctx, s, w, open, planning)
		if err != nil {
			return nil, fmt.Errorf("walk %s: %w", w.Name, err)
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// prepareJob builds the walk, opens its denoiser and makes its measurements.
func prepareJob(
	ctx context.Context, s study, w experiments.Combination, open *denoisers, planning bool,
) (j job, err error) {
	j = job{Combination: w, checkpoint: s.checkpointOf(w.Walk)}
	if j.walk, err = j.Build(s.Seed); err != nil {
		return j, misuse("%s: %w", s.Origin, err)
	}
	if planning {
		j.missing = open.missing(j.checkpoint)
	} else if j.checkpoint == "" {
		return j, misuse("%s: it names no checkpoint, and none is given for walks that name none", s.Origin)
	}
	if j.missing == nil {
		opened, err := open.open(ctx, j.checkpoint, j.Weights, j.Assume)
		if err != nil {
			return j, err
		}
		j.denoiser, j.checkpoint, j.hash = &opened.denoiser, opened.file, opened.hash
	}
	if j.Measurement != nil {
		if err := j.measure(ctx, s); err != nil {
			return j, err
		}
	}
	if planning {
		return j, nil
	}
	if j.dependsOn, err = j.dependencies(s); err != nil {
		return j, err
	}
	j.key, err = keyOf(j.dependsOn)
	return j, err
}

// measure prepares the measurement. In a plan that does not know the image size it measures no images.
func (j *job) measure(ctx context.Context, s study) (err error) {
	shape, known := j.shape(s)
	if !known {
		j.problem = unknownProblem(*j.Measurement, j.Samples)
		j.walk.Likelihood = noiseLevel(j.problem.eta)
		return nil
	}
	if j.problem, err = newProblem(ctx, s, *j.Measurement, shape, j.Samples); err != nil {
		return err
	}
	j.walk.Likelihood = j.problem.likelihoods(0, 1)
	return nil
}

// shape returns the shape of the job's images: that of its denoiser or, before there is one, of the experiment.
func (j *job) shape(s study) (shape inverse.Shape, known bool) {
	if j.denoiser != nil {
		return j.denoiser.shape, true
	}
	return inverse.Shape{Channels: s.Data.Channels, Height: s.side(), Width: s.side()}, s.side() > 0
}

// count returns the number of samples in all.
func (j job) count() int {
	if p := j.problem; p != nil {
		return p.n * p.samples
	}
	return j.Samples
}

// calls returns the number of images that the walk gives its denoiser.
func (j job) calls() int { return j.count() * len(j.walk.Sigma) }

// inSweep reports whether the job is one of the many walks of a sweep.
func (j job) inSweep() bool { return len(j.At) > 0 }

// describe says what the walk draws, for messages.
func (j job) describe() string {
	if p := j.problem; p != nil {
		return fmt.Sprintf("%s of %d images, %d samples for each", j.Measurement.Kind, p.n, p.samples)
	}
	return fmt.Sprintf("%d samples", j.Samples)
}

// weights says which weights the walk uses, for messages.
func (j job) weights() string {
	if isExact(j.checkpoint) {
		return j.checkpoint
	}
	return j.Weights + " weights of " + j.checkpoint
}
