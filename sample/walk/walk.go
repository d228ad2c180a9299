// Package walk is the sampling template of paper section 3: a random walk whose steps follow the score of a denoiser,
// under any noise schedule, step sizes and temperatures.
//
// A sampler is a row of the paper's table: the noise levels sigma_k, the step sizes tau_k and the temperatures T_k,
// three lists of numbers. Sigmoid, Proportional, LinearTemperature and others make such lists, and any other
// []float64 serves as well. Preset returns the samplers of the literature. With a Likelihood, a walk samples images
// that explain a measurement. A Guidance says how it follows the likelihood: as in the paper, or by DPS, DiffPIR or
// annealed Langevin dynamics. [Walk.Run] takes the steps, [Walk.Plan] predicts them.
//
// The package knows images as []float32, and a denoiser and a likelihood as interfaces. It must not know a network, a
// forward operator, a file, a flag or a terminal.
package walk

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"tweedie/data/random"
	"tweedie/nets"
)

// A Start is the distribution of x_0.
type Start int

const (
	Unit     Start = iota // N(0, I), the paper's choice
	SigmaMax              // N(0, sigma_0^2 I), where sigma_0 is the first noise level of the walk
)

// A Likelihood is that of a measurement y = A x + e, e ~ N(0, eta^2 I) (paper section 5).
type Likelihood interface {
	// Gradient writes A^T(y - A x) to dst. x and dst hold the same number of whole images, NCHW, in [-1, 1] units,
	// and must not overlap.
	Gradient(dst, x []float32) error
	// Eta returns the standard deviation of the measurement's noise, which is positive.
	Eta() float64
}

// A Walk is the random walk of paper section 3,
//
//	x_{k+1} = x_k + tau_k (D(x_k, sigma_k) - x_k)/sigma_k^2 + sqrt(2 tau_k T_k) n,  n ~ N(0, I).
//
// With a likelihood it samples images that agree with a measurement: each step also moves by weight_k g_k, towards
// images that explain the measurement, as Guidance says. In the walk of section 5 this is (tau_k/eta^2) A^T(y - A x_k),
// and tau_k is at most eta^2. The three lists have equal length K.
type Walk struct {
	Sigma       []float64  // noise levels sigma_k > 0, in the units of images in [-1, 1]
	Tau         []float64  // step sizes tau_k >= 0, in squared units
	Temperature []float64  // T_k >= 0; 1 is Langevin dynamics, 0 adds no noise
	Start       Start      // distribution of x_0
	LastNoise   bool       // whether the last step adds noise; the paper's does not
	Space       Space      // coordinates that the walk moves in; the images do not depend on it
	Likelihood  Likelihood // of a conditional walk, or nil
	Guidance    Guidance   // how the walk follows its likelihood; nil is Paper{}
	Seed        uint64     // sample i draws from random.Stream(Seed, random.Walk, i)

	// Noise, if not nil, replaces the random numbers: it fills dst, one image, with the unit noise n of the given
	// sample at step k, or at the start for k = -1. It serves to repeat a walk whose noise is known.
	Noise func(sample, k int, dst []float32)
}

// A State is where n samples are after K steps.
type State struct {
	K int // steps taken: X is x_K; 0 is the start

	Coefficients // of the last step, k = K-1; zero at the start

	// X is x_K, n images. Denoised is D(x_{K-1}, sigma_{K-1}), nil at the start. Z is X in the coordinates of the
	// walk's Space, from which Resume continues. They may be read until the next state, and must not be changed.
	X, Denoised, Z []float32
}

// Run walks the samples first, first+1, ..., first+n-1, each an image of the given number of pixels (channels times
// height times width). It yields K+1 states: the start, and one after each step. Each step calls the denoiser once.
//
// A sample depends on the seed and its number alone, so samples may be drawn in batches of any size. The walk ends
// with an error, which names the step, if the walk is not valid, if the denoiser or the likelihood fails, or if a
// value is no longer finite.
func (w Walk) Run(d nets.Denoiser, pixels, first, n int) iter.Seq2[State, error] {
	return func(yield func(State, error) bool) {
		if err := w.check(pixels, first, n); err != nil {
			yield(State{}, err)
			return
		}
		draw := w.noise(pixels, first, n)
		noise, x, z := make([]float32, n*pixels), make([]float32, n*pixels), make([]float32, n*pixels)
		draw(-1, noise)
		scale(z, noise, w.startStd()*w.scale(0))
		scale(x, noise, w.startStd())
		if yield(State{X: x, Z: z}, nil) {
			w.steps(0, z, d, pixels, first, draw, yield)
		}
	}
}

// Resume continues a walk of the same samples after K steps, from the Z of its state there. It yields the states that
// Run would have yielded after that one, to the bit. The noise of the first K steps is drawn again, which takes a
// small part of the time of those steps.
func (w Walk) Resume(K int, z []float32, d nets.Denoiser, pixels, first, n int) iter.Seq2[State, error] {
	return func(yield func(State, error) bool) {
		if err := w.check(pixels, first, n); err != nil {
			yield(State{}, err)
			return
		}
		if K < 0 || K > len(w.Sigma) || len(z) != n*pixels {
			yield(State{}, fmt.Errorf("walk: cannot go on from step %d of %d with %d values: there must be %d",
				K, len(w.Sigma), len(z), n*pixels))
			return
		}
		draw := w.noise(pixels, first, n)
		noise := make([]float32, n*pixels)
		for k := -1; k < K; k++ {
			draw(k, noise)
		}
		w.steps(K, slices.Clone(z), d, pixels, first, draw, yield)
	}
}

// steps takes the steps K, K+1, ... from z, in place, and yields the state after each.
func (w Walk) steps(K int, z []float32, d nets.Denoiser, pixels, first int, draw func(k int, dst []float32),
	yield func(State, error) bool) {
	buffer := func() []float32 { return make([]float32, len(z)) }
	x, denoised, direction, noise := buffer(), buffer(), buffer(), buffer()
	scale(x, z, 1/w.scale(K))
	for k := K; k < len(w.Sigma); k++ {
		c := w.At(k)
		s := State{K: k + 1, Coefficients: c, X: x, Denoised: denoised, Z: z}
		err := d.Denoise(denoised, x, c.Sigma)
		if err == nil && w.Likelihood != nil {
			err = w.guidance().Direct(direction, Point{x, denoised, c.Sigma, d, w.Likelihood})
		}
		if err != nil {
			yield(s, fmt.Errorf("walk: step %d, sigma %g: %w", k, c.Sigma, err))
			return
		}
		draw(k, noise)
		advance(z, denoised, direction, noise, c)
		scale(x, z, 1/w.scale(k+1))
		if i := slices.IndexFunc(x, notFinite); i >= 0 {
			yield(s, fmt.Errorf("walk: sample %d is %g after step %d (sigma %g, tau %g): the step may be too large",
				first+i/pixels, x[i], k, c.Sigma, c.Tau))
			return
		}
		if !yield(s, nil) {
			return
		}
	}
}

// Last follows a walk to its end and returns its last state, or its error.
func Last(states iter.Seq2[State, error]) (State, error) {
	var last State
	for s, err := range states {
		if err != nil {
			return s, err
		}
		last = s
	}
	return last, nil
}

// noise returns a function that fills dst, the n samples from first on, with their unit noise of step k. It must be
// called for k = -1 (the start), 0, 1, ... in turn. Every step draws, whatever its temperature, so walks that differ
// in temperature alone have the same noise.
func (w Walk) noise(pixels, first, n int) func(k int, dst []float32) {
	if w.Noise != nil {
		return func(k int, dst []float32) {
			for i := range n {
				w.Noise(first+i, k, dst[i*pixels:(i+1)*pixels])
			}
		}
	}
	streams := make([]*rand.Rand, n)
	for i := range streams {
		streams[i] = random.Stream(w.Seed, random.Walk, uint64(first+i))
	}
	return func(_ int, dst []float32) {
		for i, r := range streams {
			for j := range pixels {
				dst[i*pixels+j] = float32(r.NormFloat64())
			}
		}
	}
}

// startStd returns the standard deviation of x_0.
func (w Walk) startStd() float64 {
	if w.Start == SigmaMax {
		return w.Sigma[0]
	}
	return 1
}

// guidance returns how the walk follows its likelihood.
func (w Walk) guidance() Guidance {
	if w.Guidance == nil {
		return Paper{}
	}
	return w.Guidance
}

func scale(dst, x []float32, factor float64) {
	for i, v := range x {
		dst[i] = float32(factor) * v
	}
}

func notFinite(v float32) bool { return v-v != 0 }
