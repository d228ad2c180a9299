// Package walk is the sampling template of paper section 3: a random walk whose steps
// follow the score of a denoiser, under any noise schedule, step size and temperature.
//
// It knows images as []float32 and a denoiser as an interface. It must not know a
// network, a file, a flag or a terminal.
package walk

import (
	"fmt"
	"iter"
	"math"

	"tweedie/nets"
)

// A Start is the distribution of x_0.
type Start int

const (
	Unit     Start = iota // N(0, I), the paper's
	SigmaMax              // N(0, sigma_0^2 I), sigma_0 the walk's first level
)

// A Walk is the random walk
//
//	x_{k+1} = x_k + tau_k (D(x_k, sigma_k) - x_k)/sigma_k^2 + sqrt(2 tau_k T_k) n,
//
// of paper section 3, n ~ N(0, I). Its three lists have equal length K.
type Walk struct {
	Sigma       []float64 // sigma_k > 0, in the images' units
	Tau         []float64 // step sizes tau_k >= 0, in squared units
	Temperature []float64 // T_k >= 0; 1 is Langevin's, 0 has no noise
	Start       Start
	LastNoise   bool   // whether the last step adds noise; the paper's does not
	Seed        uint64 // sample i draws from rand.NewPCG(Seed, i)

	// Noise, if not nil, draws instead of the seed: it fills dst, one image, with
	// the unit noise n that the given sample uses at step k, or for its start at
	// k = -1. It serves to repeat a walk of known noise.
	Noise func(sample, k int, dst []float32)
}

// A State is where n samples stand after K steps.
type State struct {
	K int // steps taken: X is x_K; 0 is the start

	// Of the step that led here, k = K-1; zero at the start.
	Sigma, Tau, Temperature float64

	// X holds x_K and Denoised D(x_{K-1}, sigma_{K-1}), nil at the start: n images
	// each, to be read only, and until the next state.
	X, Denoised []float32
}

// Run walks the samples first, first+1, ..., first+n-1, images of the given number of
// pixels, and yields K+1 states: the start, and one after each step. A sample does not
// depend on first and n: a batch may be cut in any way. An invalid walk, a denoiser's
// error and a state that is not finite end the walk with an error that names the step.
func (w Walk) Run(d nets.Denoiser, pixels, first, n int) iter.Seq2[State, error] {
	return func(yield func(State, error) bool) {
		if err := w.check(pixels, first, n); err != nil {
			yield(State{}, err)
			return
		}
		draw := w.source(pixels, first, n)
		x := make([]float32, n*pixels)
		denoised := make([]float32, n*pixels)
		noise := make([]float32, n*pixels)

		draw(-1, x)
		if w.Start == SigmaMax {
			for i := range x {
				x[i] *= float32(w.Sigma[0])
			}
		}
		if !yield(State{X: x}, nil) {
			return
		}
		for k, sigma := range w.Sigma {
			s := State{K: k + 1, Sigma: sigma, Tau: w.Tau[k], Temperature: w.Temperature[k], X: x, Denoised: denoised}
			if err := d.Denoise(denoised, x, sigma); err != nil {
				yield(s, fmt.Errorf("walk: step %d, sigma %g: %w", k, sigma, err))
				return
			}
			draw(k, noise)
			towards := float32(s.Tau / (sigma * sigma))
			spread := float32(math.Sqrt(2 * s.Tau * s.Temperature))
			if k == len(w.Sigma)-1 && !w.LastNoise {
				spread = 0
			}
			for i := range x {
				x[i] += towards*(denoised[i]-x[i]) + spread*noise[i]
			}
			if i := notFinite(x); i >= 0 {
				yield(s, fmt.Errorf("walk: sample %d is %g after step %d (sigma %g, tau %g): the step may be too large",
					first+i/pixels, x[i], k, sigma, s.Tau))
				return
			}
			if !yield(s, nil) {
				return
			}
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

// notFinite returns the index of the first value that is NaN or infinite, or -1.
func notFinite(x []float32) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
