package walk

import (
	"math"
	"slices"
)

// Proportional returns the paper's step sizes, tau_k = epsilon sigma_k^2.
func Proportional(sigma []float64, epsilon float64) []float64 {
	return perStep(sigma, func(s, _ float64) float64 { return epsilon * s * s })
}

// NCSN returns the step sizes of annealed Langevin dynamics, tau_k = epsilon sigma_k^2/(2 reference^2). The reference
// is sigma_min in Song & Ermon 2019 (algorithm 1, whose alpha_i is 2 tau), and sigma_max as printed in the paper's
// table.
func NCSN(sigma []float64, epsilon, reference float64) []float64 {
	return Proportional(sigma, epsilon/(2*reference*reference))
}

// Difference returns tau_k = sigma_k^2 - sigma_{k+1}^2: the step of the VE SDE's reverse diffusion and of its
// ancestral sampling (Song et al. 2021, algorithm 2 and appendix F), and of DDPM and the VP SDE, whose (1 -
// alpha_t)/alphaBar_t is the same number: with sigma^2 = 1/alphaBar - 1,
//
//	sigma_t^2 - sigma_{t-1}^2 = 1/alphaBar_t - 1/alphaBar_{t-1} = (1 - alpha_t)/alphaBar_t.
func Difference(sigma []float64) []float64 {
	return perStep(sigma, func(s, next float64) float64 { return s*s - next*next })
}

// DDIM returns tau_k = sigma_k (sigma_k - sigma_{k+1}). At temperature 0 this is DDIM (Song, Meng, Ermon 2021, eta =
// 0), and Euler's method for the probability-flow ODE in sigma, dx/dsigma = (x - D)/sigma.
func DDIM(sigma []float64) []float64 { return Renoise(sigma, 0) }

// Renoise returns tau_k = sigma_k (sigma_k - sqrt(1-zeta) sigma_{k+1}), 0 <= zeta <= 1. With the temperatures of
// RenoiseTemperature, a step goes to the denoised image and back to the next level, with a share zeta of the noise's
// variance drawn anew (Zhu et al. 2023, algorithm 1):
//
//	x_{k+1} = D + sigma_{k+1} (sqrt(1-zeta) (x_k - D)/sigma_k + sqrt(zeta) n).
//
// With zeta = 0 this is DDIM.
func Renoise(sigma []float64, zeta float64) []float64 {
	return perStep(sigma, func(s, next float64) float64 { return s * (s - math.Sqrt(1-zeta)*next) })
}

// LinearTemperature returns K temperatures T_k, evenly spaced between from and to. The paper has to = 1.
func LinearTemperature(from, to float64, K int) []float64 {
	return spaced(K, func(u float64) float64 { return (1-u)*from + u*to })
}

// Constant returns K equal values: temperatures of 1 (NCSN), 1/2 (VE SDE) or 0 (DDIM), or step sizes.
func Constant(value float64, K int) []float64 { return slices.Repeat([]float64{value}, K) }

// Ancestral returns T_k = sigma_{k+1}^2/(2 sigma_k^2). With the step Difference this is ancestral sampling of the VE
// SDE (Song et al. 2021, appendix F), and DDPM with the variance betaTilde_t = beta_t
// (1-alphaBar_{t-1})/(1-alphaBar_t), since the paper's temperature is
//
//	betaTilde_t alpha_t/(2 - 2 alpha_t) = alpha_t (1-alphaBar_{t-1})/(2 (1-alphaBar_t)) = sigma_{t-1}^2/(2 sigma_t^2).
func Ancestral(sigma []float64) []float64 {
	return perStep(sigma, func(s, next float64) float64 { return next * next / (2 * s * s) })
}

// Beta returns T_k = alpha_t/2, with alpha_t = alphaBar_t/alphaBar_{t-1} = (1+sigma_{k+1}^2)/(1+sigma_k^2). With the
// step Difference this is DDPM with the variance beta_t, and the VP SDE, since the paper's temperature is beta_t
// alpha_t/(2 - 2 alpha_t) = alpha_t/2.
func Beta(sigma []float64) []float64 {
	return perStep(sigma, func(s, next float64) float64 { return (1 + next*next) / (2 * (1 + s*s)) })
}

// RenoiseTemperature returns T_k = zeta sigma_{k+1}^2/(2 tau_k), with the tau_k of Renoise.
func RenoiseTemperature(sigma []float64, zeta float64) []float64 {
	temperature := Constant(0, len(sigma))
	for k, tau := range Renoise(sigma, zeta) {
		if zeta > 0 {
			temperature[k] = zeta * next(sigma, k) * next(sigma, k) / (2 * tau)
		}
	}
	return temperature
}

// perStep returns f(sigma_k, sigma_{k+1}) for every step k.
func perStep(sigma []float64, f func(s, next float64) float64) []float64 {
	values := make([]float64, len(sigma))
	for k, s := range sigma {
		values[k] = f(s, next(sigma, k))
	}
	return values
}
