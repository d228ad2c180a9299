package walk

import "slices"

// LinearTemperature returns the K temperatures T_k evenly spaced between from and to: the
// paper's choice with to = 1.
func LinearTemperature(from, to float64, K int) []float64 {
	return spaced(K, func(u float64) float64 { return (1-u)*from + u*to })
}

// Constant returns K equal values: temperatures 1 (NCSN), 1/2 (VE SDE) and 0 (DDIM), or
// step sizes.
func Constant(value float64, K int) []float64 { return slices.Repeat([]float64{value}, K) }

// Ancestral returns T_k = sigma_{k+1}^2/(2 sigma_k^2). With the step Difference it is the
// VE SDE's ancestral sampling (Song et al. 2021, appendix F), and DDPM with the variance
// betaTilde_t = beta_t (1-alphaBar_{t-1})/(1-alphaBar_t): the paper's
//
//	betaTilde_t alpha_t/(2 - 2 alpha_t) = alpha_t (1-alphaBar_{t-1})/(2 (1-alphaBar_t)) = sigma_{t-1}^2/(2 sigma_t^2).
func Ancestral(sigma []float64) []float64 {
	return each(sigma, func(s, next float64) float64 { return next * next / (2 * s * s) })
}

// Beta returns T_k = alpha_t/2, with alpha_t = alphaBar_t/alphaBar_{t-1} =
// (1+sigma_{k+1}^2)/(1+sigma_k^2). With the step Difference it is DDPM with the variance
// beta_t, and the VP SDE: the paper's beta_t alpha_t/(2 - 2 alpha_t) = alpha_t/2.
func Beta(sigma []float64) []float64 {
	return each(sigma, func(s, next float64) float64 { return (1 + next*next) / (2 * (1 + s*s)) })
}
