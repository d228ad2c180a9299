package walk

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Design returns a walk of K steps whose samples are near to a Gaussian prior, by the exact recursion of their mean and
// variance (paper section 7). It is w with other lists: the likelihood, the space and the seed stay, and noise levels
// stay between the largest and the smallest of w, which the denoiser is known to serve. The walk starts at SigmaMax,
// which is nearer to what a denoiser is trained on than Unit is.
//
// The design minimises Samples^2 + Inputs^2 of GaussianError, with a little less noise in x_k than sigma_k. Samples
// alone would be no guide. Many walks sample a Gaussian prior almost exactly in a few steps, and most of them do so by
// errors that cancel at the end: in between, x_k is nothing like X + sigma_k n, which is all that a network has learned
// to denoise.
//
// The lists have few parameters, so that they are smooth. Noise levels fall, and tau_k is below sigma_k^2. Numbers have
// four significant digits. Equal arguments give equal walks. It is an error if K is below 1, if w is not valid, or if
// the images do not vary.
func (w Walk) Design(s Spectrum, K int) (Walk, error) {
	if K < 1 {
		return Walk{}, fmt.Errorf("walk: a design of %d steps: there must be at least one", K)
	}
	if err := w.Validate(); err != nil {
		return Walk{}, err
	}
	if !(s.trace() > 0) {
		return Walk{}, fmt.Errorf("walk: a design for images whose variance is %g: it must be positive", s.trace())
	}
	w.Start, w.LastNoise = SigmaMax, false
	x := w.shape(s.grouped(), K)
	designed := w.shaped(x, K)
	for _, list := range [][]float64{designed.Sigma, designed.Tau, designed.Temperature} {
		for k, v := range list {
			list[k] = rounded(v)
		}
	}
	return designed, designed.Validate()
}

// room is the share of sigma_k that the noise in x_k of a design should have. It leaves room for the errors of a
// network, which add to x_k. In trials with a small network trained on DDPM's noise levels, a room of 1 left noise in
// the samples, and one of 0.9 or less made them less varied.
const room = 0.95

// shapes are parameters from which the search begins, as shaped has them: many levels of large sigma, few, and large
// steps at their end.
var shapes = [][]float64{
	{0, -4, 0.05, 0, 0, -2, -2, 2},
	{-1, -4, 0.2, -0.5, 0, -3, -3, 2},
	{-1, -4, 0.2, -0.5, 2, -4, -2, 4},
}

// shape returns the parameters of the best walk of K steps. It begins from shapes, and from the best walk of half as
// many steps.
func (w Walk) shape(s Spectrum, K int) []float64 {
	starts := slices.Clone(shapes)
	if K >= 8 {
		starts = append(starts, w.shape(s, K/2))
	}
	cost := func(x []float64) float64 {
		designed := w.shaped(x, K)
		if designed.Validate() != nil {
			return math.Inf(1)
		}
		e := designed.errorWith(s, room)
		return orInf(e.Samples*e.Samples + e.Inputs*e.Inputs)
	}
	var best []float64
	least := math.Inf(1)
	for _, x := range starts {
		for range 3 { // a simplex may collapse early: begin again where it did
			var value float64
			if x, value = minimize(cost, x, 0.5, 400); value < least {
				best, least = x, value
			}
		}
	}
	return best
}

// shaped returns the walk of K steps with the parameters x:
//
//	x[0], x[1]  log sigma_0 between those of the largest and the smallest level of w, and log sigma_{K-1} between that
//	            and the smallest, as shares that are logistic functions
//	x[2]        p: sigma_k^p is linear in k. 1 is Linear, 1/7 is Karras, and towards 0 it becomes Geometric
//	x[3], x[4]  epsilon_k = tau_k/sigma_k^2 at the first step and at the last but one, logistic, and so between them
//	x[5], x[6]  log T_k at both ends, linear between them
//	x[7]        epsilon of the last step, logistic
func (w Walk) shaped(x []float64, K int) Walk {
	low, high := math.Log(slices.Min(w.Sigma)), math.Log(slices.Max(w.Sigma))
	first := low + (high-low)*logistic(x[0])
	last := low + (first-low)*logistic(x[1])
	p := x[2]
	w.Sigma = spaced(K, func(u float64) float64 {
		if math.Abs(p) < 1e-3 {
			return math.Exp((1-u)*first + u*last)
		}
		return math.Pow((1-u)*math.Exp(p*first)+u*math.Exp(p*last), 1/p)
	})
	w.Tau = spaced(K, func(u float64) float64 { return logistic((1-u)*x[3] + u*x[4]) })
	w.Tau[K-1] = logistic(x[7])
	for k, sigma := range w.Sigma {
		w.Tau[k] *= sigma * sigma
	}
	w.Temperature = spaced(K, func(u float64) float64 { return math.Exp((1-u)*x[5] + u*x[6]) })
	return w
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// rounded returns v with four significant digits.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil {
		return v
	}
	return r
}
