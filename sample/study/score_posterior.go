package study

import (
	"fmt"
	"math"

	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// scorePosteriors says how near samples, their means, the measurements and the best linear estimates come to the
// truths, on average; how well the samples explain the measurements y = A x + e, e ~ N(0, eta^2 I); and by how much
// they differ, where A sees them and where it does not. Without training images there is no linear estimator, and no
// prior to compare with.
func scorePosteriors(posteriors []posterior, a inverse.Operator, eta float64, linear *inverse.LinearEstimator, prior []float32) ([]result.Score, error) {
	shape, n := a.Image(), float64(len(posteriors))
	pixels := shape.Len()
	var measurements, samples, means, estimates []quality
	chiSquare, seen, unseen := 0.0, 0.0, 0.0
	_, nonlinear := a.(inverse.Nonlinear)
	each := len(posteriors[0].samples) / pixels // samples of each image
	for _, p := range posteriors {
		measurements = append(measurements, qualityOf(inverse.Show(a, p.measurement), p.truth, shape))
		for k := range each {
			sample := p.samples[k*pixels:][:pixels]
			samples = append(samples, qualityOf(sample, p.truth, shape))
			chiSquare += inverse.ChiSquare(a, sample, p.measurement, eta) / (float64(len(p.measurement)*each) * n)
		}
		mean, _, _ := moments(p.samples, shape)
		means = append(means, qualityOf(mean, p.truth, shape))
		if nonlinear {
			continue
		}
		if linear != nil {
			estimate, err := linear.Estimate(a, p.measurement, eta)
			if err != nil {
				return nil, fmt.Errorf("the linear estimator: %w", err)
			}
			estimates = append(estimates, qualityOf(estimate, p.truth, shape))
		}
		if each > 1 {
			s, u, err := inverse.StandardDeviations(a, p.samples)
			if err != nil {
				return nil, err
			}
			seen, unseen = seen+s*s/n, unseen+u*u/n
		}
	}
	N := len(samples)
	scores := []result.Score{{Key: "chi-square", Name: "χ² of y − Ax a value (1 is right)", Value: chiSquare, N: N}}
	for _, of := range []struct {
		suffix, name string
		qualities    []quality
	}{
		{"", "samples", samples},
		{"-mean", "means of samples", means},
		{"-measurement", "measurements", measurements},
		{"-linear", "best linear estimates", estimates},
	} {
		if len(of.qualities) == 0 {
			continue
		}
		q, n := average(of.qualities), len(of.qualities)
		scores = append(scores, result.Score{Key: "psnr" + of.suffix, Name: "PSNR of " + of.name, Value: q.psnr, N: n, Best: "high"})
		if !math.IsNaN(q.ssim) {
			scores = append(scores, result.Score{Key: "ssim" + of.suffix, Name: "SSIM of " + of.name, Value: q.ssim, N: n, Best: "high"})
		}
	}
	if nonlinear || each < 2 {
		return scores, nil
	}
	scores = append(scores,
		result.Score{Key: "spread-seen", Name: "spread where A sees", Value: math.Sqrt(seen), N: N},
		result.Score{Key: "spread-unseen", Name: "spread where A is blind", Value: math.Sqrt(unseen), N: N})
	if prior == nil {
		return scores, nil
	}
	s, u, err := inverse.StandardDeviations(a, prior)
	if err != nil {
		return nil, err
	}
	return append(scores,
		result.Score{Key: "variance-seen", Name: "share of the prior's variance left where A sees", Value: seen / (s * s), N: N},
		result.Score{Key: "variance-unseen", Name: "share of the prior's variance left where A is blind", Value: unseen / (u * u), N: N}), nil
}
