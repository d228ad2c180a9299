// Package walk is the sampling template of paper section 3: a random walk whose steps
// follow the score of a denoiser, under any noise schedule, step size and temperature.
//
// A sampler is a row of the paper's table: its noise levels sigma_k, its step sizes tau_k
// and its temperatures T_k, three lists of numbers. The functions here make such lists,
// Preset names the rows of the literature, and Run walks.
//
// The package knows images as []float32, and a denoiser and a likelihood as interfaces. It
// must not know a network, a forward operator, a file, a flag or a terminal.
package walk

import (
	"fmt"
	"iter"
	"slices"

	"tweedie/nets"
)

// A Start is the distribution of x_0.
type Start int

const (
	Unit     Start = iota // N(0, I), the paper's
	SigmaMax              // N(0, sigma_0^2 I), sigma_0 the walk's first level
)

// A Likelihood is a measurement y = A x + e, e ~ N(0, eta^2 I), of paper section 5.
type Likelihood interface {
	// Gradient writes A^T(y - A x) to dst. x and dst hold the same whole images, NCHW, in
	// [-1, 1] units, and must not overlap.
	Gradient(dst, x []float32) error
	// Eta is the standard deviation of the measurement's noise, positive.
	Eta() float64
}

// A Walk is the random walk
//
//	x_{k+1} = x_k + tau_k (D(x_k, sigma_k) - x_k)/sigma_k^2 + sqrt(2 tau_k T_k) n
//
// of paper section 3, n ~ N(0, I). With a likelihood it is that of section 5, which samples
// images that agree with a measurement and approximates nothing: a step is at most eta^2 and
// moves by (tau_k/eta^2) A^T(y - A x_k) too. The three lists have equal length K.
type Walk struct {
	Sigma       []float64 // sigma_k > 0, in the images' units
	Tau         []float64 // step sizes tau_k >= 0, in squared units
	Temperature []float64 // T_k >= 0; 1 is Langevin's, 0 has no noise
	Start       Start
	LastNoise   bool       // whether the last step adds noise; the paper's does not
	Space       Space      // coordinates that the walk moves in; the images are the same
	Likelihood  Likelihood // of a conditional walk, or nil
	Seed        uint64     // sample i draws from rand.NewPCG(Seed, i)

	// Noise, if not nil, draws instead of the seed: it fills dst, one image, with
	// the unit noise n that the given sample uses at step k, or for its start at
	// k = -1. It serves to repeat a walk of known noise.
	Noise func(sample, k int, dst []float32)
}

// A State is where n samples stand after K steps.
type State struct {
	K int // steps taken: X is x_K; 0 is the start

	Coefficients // of the step that led here, k = K-1; zero at the start

	// X holds x_K and Denoised D(x_{K-1}, sigma_{K-1}), nil at the start: n images
	// each, to be read only, and until the next state. Z is X in the coordinates of
	// the walk's space, from which Resume goes on.
	X, Denoised, Z []float32
}

// Run walks the samples first, first+1, ..., first+n-1, images of the given number of
// pixels, and yields K+1 states: the start, and one after each step. A step calls the
// denoiser once. A sample does not depend on first and n: a batch may be cut in any way. An
// invalid walk, an error of the denoiser or the likelihood, and a state that is not finite
// end the walk with an error that names the step.
func (w Walk) Run(d nets.Denoiser, pixels, first, n int) iter.Seq2[State, error] {
	return func(yield func(State, error) bool) {
		if err := w.check(pixels, first, n); err != nil {
			yield(State{}, err)
			return
		}
		draw := w.source(pixels, first, n)
		noise, x, z := make([]float32, n*pixels), make([]float32, n*pixels), make([]float32, n*pixels)
		draw(-1, noise)
		scale(z, noise, w.startStd()*w.scale(0))
		scale(x, noise, w.startStd())
		if yield(State{X: x, Z: z}, nil) {
			w.from(0, z, d, pixels, first, draw, yield)
		}
	}
}

// Resume goes on from a state of the same samples' walk after K steps, whose Z it is given, and yields the states after it, to the bit
// as Run would have. It draws the noise of the steps before again, which takes a small part of their time.
func (w Walk) Resume(K int, z []float32, d nets.Denoiser, pixels, first, n int) iter.Seq2[State, error] {
	return func(yield func(State, error) bool) {
		if err := w.check(pixels, first, n); err != nil {
			yield(State{}, err)
			return
		}
		if K < 0 || K > len(w.Sigma) || len(z) != n*pixels {
			yield(State{}, fmt.Errorf("walk: cannot go on from step %d of %d with %d values: there must be %d", K, len(w.Sigma), len(z), n*pixels))
			return
		}
		draw := w.source(pixels, first, n)
		noise := make([]float32, n*pixels)
		for k := -1; k < K; k++ {
			draw(k, noise)
		}
		w.from(K, slices.Clone(z), d, pixels, first, draw, yield)
	}
}

// from takes the steps from number K on.
func (w Walk) from(K int, z []float32, d nets.Denoiser, pixels, first int, draw func(k int, dst []float32), yield func(State, error) bool) {
	buffer := func() []float32 { return make([]float32, len(z)) }
	x, denoised, gradient, noise := buffer(), buffer(), buffer(), buffer()
	scale(x, z, 1/w.scale(K))
	for k := K; k < len(w.Sigma); k++ {
		c := w.At(k)
		s := State{K: k + 1, Coefficients: c, X: x, Denoised: denoised, Z: z}
		if err := w.look(d, denoised, gradient, x, c.Sigma); err != nil {
			yield(s, fmt.Errorf("walk: step %d, sigma %g: %w", k, c.Sigma, err))
			return
		}
		draw(k, noise)
		advance(z, denoised, gradient, noise, c)
		scale(x, z, 1/w.scale(k+1))
		if i := notFinite(x); i >= 0 {
			yield(s, fmt.Errorf("walk: sample %d is %g after step %d (sigma %g, tau %g): the step may be too large",
				first+i/pixels, x[i], k, c.Sigma, c.Tau))
			return
		}
		if !yield(s, nil) {
			return
		}
	}
}

// look writes D(x, sigma), and A^T(y - A x) if there is a likelihood.
func (w Walk) look(d nets.Denoiser, denoised, gradient, x []float32, sigma float64) error {
	if err := d.Denoise(denoised, x, sigma); err != nil || w.Likelihood == nil {
		return err
	}
	return w.Likelihood.Gradient(gradient, x)
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

// startStd is the standard deviation of x_0.
func (w Walk) startStd() float64 {
	if w.Start == SigmaMax {
		return w.Sigma[0]
	}
	return 1
}

func scale(dst, x []float32, by float64) {
	for i, v := range x {
		dst[i] = float32(by) * v
	}
}

// notFinite returns the index of the first value that is NaN or infinite, or -1.
func notFinite(x []float32) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
