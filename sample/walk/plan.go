package walk

import (
	"fmt"
	"math"
	"slices"
)

// Moments returns the mean and the variance of each pixel of x_0, x_1, ..., x_K, for images X ~ N(mu, s^2) and their
// MMSE denoiser (paper section 7). With V = s^2 + sigma_k^2,
//
//	m' = m + tau (mu - m)/V,  v' = (1 - tau/V)^2 v + 2 tau T.
//
// A likelihood only limits tau here: the moments of a conditional walk are those in the null space of A.
func (w Walk) Moments(mu, s float64) (mean, variance []float64) {
	m, v := 0.0, w.startStd()*w.startStd()
	mean, variance = []float64{m}, []float64{v}
	for k := range w.Sigma {
		c := w.At(k)
		V := s*s + c.Sigma*c.Sigma
		m += c.Tau * (mu - m) / V
		v = (1-c.Tau/V)*(1-c.Tau/V)*v + 2*c.Tau*c.Temperature
		mean, variance = append(mean, m), append(variance, v)
	}
	return mean, variance
}

// A Plan predicts a walk before it is taken.
type Plan struct {
	Steps    []Planned // one for each step, and so for each call of the denoiser
	Warnings []string  // what is allowed but seldom meant, one line each
}

// Planned is a step, and the images after it if the prior is Gaussian.
type Planned struct {
	Coefficients
	Relative float64 // tau_k/V, V = s^2 + sigma_k^2: how much of the way to the prior's mean the step goes
	RMS      float64 // root mean square of a pixel for X ~ N(0, s^2)
	Noise    float64 // root mean square of a pixel for X = 0: what is left there is noise
}

// Plan predicts the walk on images whose pixels have standard deviation s.
func (w Walk) Plan(s float64) Plan {
	p := Plan{Warnings: w.Warnings(s)}
	_, signal := w.Moments(0, s)
	_, noise := w.Moments(0, 0)
	for k := range w.Sigma {
		c := w.At(k)
		p.Steps = append(p.Steps, Planned{
			Coefficients: c,
			Relative:     c.Tau / (s*s + c.Sigma*c.Sigma),
			RMS:          math.Sqrt(signal[k+1]),
			Noise:        math.Sqrt(noise[k+1]),
		})
	}
	return p
}

// Noise is visible in a result if a pixel's standard deviation is above visible (6 of 256 levels) where the data do
// not vary, or above excess times s where they do.
const visible, excess = 0.05, 1.1

// Warnings returns what is allowed but seldom meant, one line each, naming the first step concerned.
//
// A step goes tau/V of the way to the mean of a Gaussian prior, V = s^2 + sigma^2 (paper section 7). Images vary in
// few of all directions; in the others V is sigma^2, so there a tau above sigma^2 overshoots, and one above 2 sigma^2
// diverges.
//
// Noise is left in the result if images of standard deviation s come out with a larger one. With a likelihood, this
// is predicted for the null space of A.
//
// In the paper's walk, the measurement's noise eta must not be below sigma_min, the smallest noise level that is
// denoised: a step of at most eta^2 goes at most (eta/sigma)^2 of the way to the denoised image. An eta above sigma_min
// does no harm, however large. Langevin does not bound its steps, and diverges if the likelihood's weight is above 2,
// for an A of norm 1.
func (w Walk) Warnings(s float64) []string {
	var warnings []string
	warn := func(message string, holds func(c Coefficients) bool) bool {
		var at []int
		for k := range w.Sigma {
			if holds(w.At(k)) {
				at = append(at, k)
			}
		}
		if len(at) == 0 {
			return false
		}
		first := w.At(at[0])
		warnings = append(warnings, fmt.Sprintf("%s, first at step %d (sigma %.4g, tau %.4g), in all at %d of %d",
			message, at[0], first.Sigma, first.Tau, len(at), len(w.Sigma)))
		return true
	}
	diverges := warn("tau > 2 sigma^2 diverges where the data do not vary",
		func(c Coefficients) bool { return c.Pull > 2 })
	warn("tau > sigma^2 overshoots where the data do not vary",
		func(c Coefficients) bool { return c.Pull > 1 && c.Pull <= 2 })
	if _, langevin := w.guidance().(Langevin); langevin {
		warn("a likelihood's weight above 2 diverges where A measures",
			func(c Coefficients) bool { return c.Data > 2*c.Scale })
	}
	if _, bounds := w.guidance().(Paper); bounds && w.Likelihood != nil {
		if eta, last := w.Likelihood.Eta(), slices.Min(w.Sigma); eta < last {
			warnings = append(warnings, fmt.Sprintf("eta %.4g, the measurement's noise, "+
				"is below the walk's smallest sigma %.4g: tau is at most eta^2, "+
				"so that no step goes more than %.2g of the way to the denoised image: "+
				"let sigma fall to eta or below", eta, last, eta*eta/(last*last)))
		}
	}
	for k := 1; k < len(w.Sigma); k++ {
		if w.Sigma[k] > w.Sigma[k-1] {
			warnings = append(warnings,
				fmt.Sprintf("sigma rises at step %d, from %.4g to %.4g", k, w.Sigma[k-1], w.Sigma[k]))
			break
		}
	}
	if diverges {
		return warnings
	}
	K := len(w.Sigma)
	_, signal := w.Moments(0, s)
	_, noise := w.Moments(0, 0)
	if v, left := signal[K], noise[K]; v > excess*excess*s*s || left > visible*visible {
		result := "in the result"
		if w.Likelihood != nil {
			result += " where A sees nothing"
		}
		warnings = append(warnings, fmt.Sprintf("noise of standard deviation %.2g is left %s: "+
			"take more steps, or more of them at small sigma", math.Sqrt(max(v-s*s, left)), result))
	}
	return warnings
}
