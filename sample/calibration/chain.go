package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"

	"tweedie/nets"
	"tweedie/nets/kernel"
	"tweedie/sample/inverse"
)

// A Chain is the prior of signals that follow a Markov chain on a grid of levels, observed with a little noise:
//
//	X_i = level_{s_i} + Jitter n_i,  n_i ~ N(0, 1),  P(s_{i+1} | s_i) = Transition.
//
// Its denoiser is exact by the forward-backward algorithm, and so are the posteriors of measurements of single values
// (denoising, inpainting), whose samples are drawn by forward filtering and backward sampling. It implements Dense.
type Chain struct {
	length     int
	levels     []float64
	initial    []float64
	transition [][]float64 // from level s to s', by row
	jitter     float64
}

// NewChain returns the prior of signals of the given length. initial and each row of transition are probabilities of
// the levels. It reports sizes that do not fit, rows that do not sum to 1, and a jitter that is not positive.
func NewChain(length int, levels, initial []float64, transition [][]float64, jitter float64) (*Chain, error) {
	if length < 1 || len(levels) == 0 || len(transition) != len(levels) {
		return nil, fmt.Errorf("calibration: a chain of length %d with %d levels and %d rows of transitions: "+
			"there must be one of each, and a row for each level", length, len(levels), len(transition))
	}
	for i, row := range append([][]float64{initial}, transition...) {
		if len(row) != len(levels) || math.Abs(floats.Sum(row)-1) > 1e-9 || floats.Min(row) < 0 {
			return nil, fmt.Errorf("calibration: row %d of a chain's probabilities: it must have %d that sum to 1",
				i-1, len(levels))
		}
	}
	if !(jitter > 0) {
		return nil, fmt.Errorf("calibration: a chain with a jitter of %g: it must be positive", jitter)
	}
	return &Chain{length, levels, initial, transition, jitter}, nil
}

// NewJumps returns a Chain in [-1, 1] that is piecewise constant with heavy-tailed jumps, as a Levy process is: a step
// jumps with probability rate, by an increment in proportion to a Cauchy density of the given scale, cut off at the
// ends. The first level is uniform.
//
// The benchmark of arXiv 2509.12821 has discretized Levy processes, whose increments are continuous, and samples the
// posterior of any linear A by a Gibbs sampler. Here increments are multiples of the distance of levels and values are
// bounded. In return denoiser and posterior samples are exact, without a Markov chain that must converge.
func NewJumps(length, levels int, rate, scale, jitter float64) (*Chain, error) {
	grid, initial, transition := make([]float64, levels), make([]float64, levels), make([][]float64, levels)
	for s := range grid {
		grid[s] = 2*float64(s)/float64(levels-1) - 1
		initial[s] = 1 / float64(levels)
	}
	for s := range grid {
		row := make([]float64, levels)
		for to := range row {
			if to != s {
				row[to] = 1 / (1 + math.Pow((grid[to]-grid[s])/scale, 2))
			}
		}
		floats.Scale(rate/floats.Sum(row), row)
		row[s] = 1 - rate
		transition[s] = row
	}
	return NewChain(length, grid, initial, transition, jitter)
}

// Denoise implements nets.Denoiser. It takes O(length levels^2) operations a signal.
func (c *Chain) Denoise(dst, x []float32, sigma float64) error {
	if err := nets.CheckDenoise(dst, x, sigma, c.length); err != nil {
		return err
	}
	kernel.Parallel(len(x)/c.length, func(_ *kernel.Scratch, i int) {
		sites := make([]site, c.length)
		for j, v := range x[i*c.length:][:c.length] {
			sites[j] = site{1, float64(v), sigma}
		}
		for j, v := range c.smooth(sites).Mean() {
			dst[i*c.length+j] = float32(v)
		}
	})
	return nil
}

// Draw implements Prior.
func (c *Chain) Draw(dst []float32, rng *rand.Rand) {
	s := choose(c.initial, rng)
	for i := range dst {
		if i > 0 {
			s = choose(c.transition[s], rng)
		}
		dst[i] = float32(c.levels[s] + c.jitter*rng.NormFloat64())
	}
}

// LogDensity implements Dense.
func (c *Chain) LogDensity(x []float32) float64 {
	sites := make([]site, c.length)
	for j, v := range x {
		sites[j] = site{1, float64(v), 0}
	}
	filtered := c.filter(sites)
	return filtered.logEvidence
}

// Posterior implements Prior, for operators that measure single values: each value of y is a multiple of one of x, and
// no value of x is measured twice.
func (c *Chain) Posterior(a inverse.Operator, y []float32, eta float64) (Posterior, error) {
	if err := checkMeasurement(a, y, eta, c.length); err != nil {
		return nil, err
	}
	dense, err := matrix(a)
	if err != nil {
		return nil, err
	}
	sites := make([]site, c.length)
	for i, v := range y {
		for j, gain := range dense.RawRowView(i) {
			if gain == 0 {
				continue
			}
			if sites[j].gain != 0 || floats.Count(func(v float64) bool { return v != 0 }, dense.RawRowView(i)) > 1 {
				return nil, fmt.Errorf("calibration: the posterior of a chain is known only if " +
					"each measured value depends on one value of the signal, and no two on the same")
			}
			sites[j] = site{gain, float64(v), eta}
		}
	}
	return c.smooth(sites), nil
}
