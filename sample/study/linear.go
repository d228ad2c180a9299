package study

import (
	"context"
	"fmt"
	"slices"

	"tweedie/data"
	"tweedie/sample/inverse"
)

// estimatesLinearly reports whether there are measurements beside whose samples the best linear estimates are scored.
func (s study) estimatesLinearly(jobs []job) bool {
	return s.Metrics != nil && s.Metrics.Linear && slices.ContainsFunc(jobs, func(j job) bool {
		if j.problem == nil {
			return false
		}
		_, nonlinear := j.problem.operator.(inverse.Nonlinear)
		return !nonlinear
	})
}

// linearFit says what the linear estimator takes: the images in float32 and, in float64, minus their mean; and if there
// are no more pixels than images, their covariance, with what its computation needs.
func (s study) linearFit() fit {
	return fit{atMost: func(int) int { return s.Metrics.Reference }, bytes: func(n, pixels float64) float64 {
		bytes := 12 * n * pixels
		if pixels <= n {
			bytes += 3 * 8 * pixels * pixels
		}
		return bytes
	}}
}

// checkLinearEstimator complains about a linear estimator that would take too much memory, before it takes any.
func checkLinearEstimator(s study, jobs []job) error {
	if !s.estimatesLinearly(jobs) {
		return nil
	}
	f := s.linearFit()
	return withTraining(s.Data, func(training *data.Set) error {
		n, pixels := f.size(training)
		if err := f.affordable(n, pixels); err != nil {
			return misuse("%s: metrics.linear: %w: set metrics.reference to %d or less, or take smaller images",
				s.Origin, err, f.most(n, pixels))
		}
		return nil
	})
}

// fitLinearEstimator fits the best linear estimator to the training images.
func fitLinearEstimator(ctx context.Context, s study) (*inverse.LinearEstimator, error) {
	images, n, pixels, err := s.linearFit().images(ctx, s.Data)
	if err != nil {
		return nil, fmt.Errorf("metrics.linear: %w", err)
	}
	s.Observer.Tell(Info, fmt.Sprintf("metrics.linear: the best linear estimator of %d training images", n))
	l, err := interruptible(ctx, func() (*inverse.LinearEstimator, error) {
		return inverse.NewLinearEstimator(images, pixels)
	})
	if err != nil {
		return nil, fmt.Errorf("metrics.linear: %w", err)
	}
	return l, nil
}
