package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"tweedie/sample/inverse"
	"tweedie/sample/metric"
	"tweedie/sample/result"
)

// A scorer judges the samples of walks: those that measure nothing by the training images, if the experiment asks for it, the
// others by the truth.
type scorer struct {
	reference *metric.Reference        // nil: not asked for
	floors    map[int][]result.Score   // by the number of samples
	linear    *inverse.LinearEstimator // nil if there are no training images
	prior     []float32                // some of them
}

// priorImages is the number of training images whose spread is compared with that of posteriors.
const priorImages = 256

// newScorer reads the training images that the jobs need.
func (s selection) newScorer(ctx context.Context, jobs []job, stderr io.Writer) (*scorer, error) {
	c := &scorer{floors: map[int][]result.Score{}}
	var plain, measuring bool
	for _, j := range jobs {
		measuring = measuring || j.measured != nil
		plain = plain || j.measured == nil
	}
	m := s.experiment.Metrics
	if plain && m != nil {
		images, n, pixels, err := trainingImages(ctx, s.experiment.Data, func(int) int { return m.Reference })
		if err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
		fmt.Fprintf(stderr, "metrics: compared with %d training images\n", n)
		if c.reference, err = metric.NewReference(images, pixels, metric.ReferenceOptions{Features: m.Features, Seed: s.experiment.Seed}); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	if measuring && s.experiment.Data.Path != "" {
		images, n, pixels, err := trainingImages(ctx, s.experiment.Data, fittedAtMost)
		if err != nil {
			return nil, fmt.Errorf("the linear estimator: %w", err)
		}
		if c.linear, err = inverse.NewLinearEstimator(images, pixels); err != nil {
			return nil, fmt.Errorf("the linear estimator: %w", err)
		}
		for i := range min(n, priorImages) {
			c.prior = append(c.prior, images[i*n/min(n, priorImages)*pixels:][:pixels]...)
		}
	}
	return c, nil
}

// scores judges a walk.
func (c *scorer) scores(j job, samples []float32) ([]result.Score, error) {
	if j.measured != nil {
		scores, err := j.measured.scores(samples, c)
		return slices.DeleteFunc(scores, func(s result.Score) bool { return s.Value-s.Value != 0 }), err // no PSNR of what is equal
	}
	if c.reference == nil {
		return nil, nil
	}
	n := j.count()
	if c.floors[n] == nil {
		floor, err := c.reference.Floor(n)
		if err != nil {
			return nil, err
		}
		c.floors[n] = floor
	}
	return c.reference.Measure(samples)
}

// scores says how near the samples, their means, the measurements and the best linear estimates come to the truths, on average; how
// well the samples explain the measurements; and how much they differ.
func (m *measured) scores(samples []float32, c *scorer) ([]result.Score, error) {
	a, shape := m.operator, m.operator.Image()
	var ofY, ofSamples, ofMeans, ofLinear []quality
	chi, seen, unseen := 0.0, 0.0, 0.0
	_, nonlinear := a.(inverse.Nonlinear)
	for i := range m.n {
		truth, x := m.truth(i), m.posterior(samples, i)
		ofY = append(ofY, qualityOf(inverse.Show(a, m.ys[i]), truth, shape))
		for k := range m.samples {
			sample := x[k*shape.Len():][:shape.Len()]
			ofSamples = append(ofSamples, qualityOf(sample, truth, shape))
			chi += inverse.ChiSquare(a, sample, m.ys[i], m.eta) / float64(len(m.ys[i])*m.n*m.samples)
		}
		mean, _, _ := moments(x, shape)
		ofMeans = append(ofMeans, qualityOf(mean, truth, shape))
		if nonlinear {
			continue
		}
		if c.linear != nil {
			estimate, err := c.linear.Estimate(a, m.ys[i], m.eta)
			if err != nil {
				return nil, fmt.Errorf("the linear estimator: %w", err)
			}
			ofLinear = append(ofLinear, qualityOf(estimate, truth, shape))
		}
		if m.samples > 1 {
			s, u, err := inverse.StandardDeviations(a, x)
			if err != nil {
				return nil, err
			}
			seen, unseen = seen+s*s/float64(m.n), unseen+u*u/float64(m.n)
		}
	}
	scores := []result.Score{{Key: "chi-square", Name: "χ² of y − Ax a value (1 is right)", Value: chi, N: len(ofSamples)}}
	for _, of := range []struct {
		key, name string
		quality   []quality
	}{
		{"", "samples", ofSamples}, {"-mean", "means of samples", ofMeans}, {"-measurement", "measurements", ofY}, {"-linear", "best linear estimates", ofLinear},
	} {
		if len(of.quality) == 0 {
			continue
		}
		q, n := average(of.quality), len(of.quality)
		scores = append(scores, result.Score{Key: "psnr" + of.key, Name: "PSNR of " + of.name, Value: q.psnr, N: n, Best: "high"})
		if !math.IsNaN(q.ssim) {
			scores = append(scores, result.Score{Key: "ssim" + of.key, Name: "SSIM of " + of.name, Value: q.ssim, N: n, Best: "high"})
		}
	}
	if nonlinear || m.samples < 2 {
		return scores, nil
	}
	scores = append(scores,
		result.Score{Key: "spread-seen", Name: "spread where A sees", Value: math.Sqrt(seen), N: len(ofSamples)},
		result.Score{Key: "spread-unseen", Name: "spread where A is blind", Value: math.Sqrt(unseen), N: len(ofSamples)})
	if c.prior != nil {
		s, u, err := inverse.StandardDeviations(a, c.prior)
		if err != nil {
			return nil, err
		}
		scores = append(scores,
			result.Score{Key: "variance-seen", Name: "share of the prior's variance left where A sees", Value: seen / (s * s), N: len(ofSamples)},
			result.Score{Key: "variance-unseen", Name: "share of the prior's variance left where A is blind", Value: unseen / (u * u), N: len(ofSamples)})
	}
	return scores, nil
}
