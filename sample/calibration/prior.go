// Package calibration finds out whether a walk with a measurement samples the posterior. It has priors for which the
// posterior of a linear measurement y = A x + e, e ~ N(0, eta^2 I), is known exactly and can be sampled, measures that
// compare the samples of a method with it, and tests that decide whether the difference is more than chance. For
// Gaussian priors the law of a walk's samples is computed without drawing any (see [FollowGaussian]).
//
// A [Problem] is a prior, an operator and eta, with pairs (x, y) drawn from them. A [Sampler] draws samples for each y:
// an exact one, or the walk of a [Method]. [Problem.Measure] compares them.
//
// The package knows images as []float32, and priors, denoisers and operators as interfaces. It must not know a network,
// a file, a flag or a page.
package calibration

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"tweedie/nets/exact"
	"tweedie/sample/inverse"
)

// A Prior is a distribution of images whose MMSE denoiser and whose posteriors are known. It is safe for concurrent
// use.
type Prior interface {
	exact.Prior

	// Posterior returns the distribution of x given y = A x + e, e ~ N(0, eta^2 I). It reports an operator for which
	// the posterior is not known, and a y of another length than A's.
	Posterior(a inverse.Operator, y []float32, eta float64) (Posterior, error)
}

// A Posterior is the distribution of images, of d values, given one measurement.
type Posterior interface {
	Mean() []float64           // d values, the MMSE estimate
	Covariance() *mat.SymDense // d by d

	// Draw overwrites dst with a sample. It draws from rng alone.
	Draw(dst []float32, rng *rand.Rand)
}

// Dense is what a Prior with a density implements as well.
type Dense interface {
	// LogDensity returns log f_X(x) of one image, up to a constant that does not depend on x.
	LogDensity(x []float32) float64
}

// Modal is what a Prior implements as well if it is a mixture of distributions, its modes.
type Modal interface {
	// Shares writes to p, one value for each mode, the probability that x comes from it: P(mode | X = x).
	Shares(p []float64, x []float32)
}

// Weighted is what a Posterior of a Modal prior implements.
type Weighted interface {
	// Weights returns P(mode | y) for each mode: the expectation of Shares over the posterior.
	Weights() []float64
}
