package walk

// after returns sigma_{k+1}, the level that step k goes to. As in the literature, the last
// step goes to the clean image, sigma_K = 0: with it, Difference and DDIM end at D itself.
func after(sigma []float64, k int) float64 {
	if k+1 == len(sigma) {
		return 0
	}
	return sigma[k+1]
}

// Proportional returns the paper's step sizes, tau_k = epsilon sigma_k^2.
func Proportional(sigma []float64, epsilon float64) []float64 {
	return each(sigma, func(s, _ float64) float64 { return epsilon * s * s })
}

// NCSN returns annealed Langevin dynamics' tau_k = epsilon sigma_k^2/(2 reference^2). The
// reference is sigma_min in Song & Ermon 2019 (algorithm 1: alpha_i = 2 tau), and sigma_max as
// printed in the paper's table.
func NCSN(sigma []float64, epsilon, reference float64) []float64 {
	return Proportional(sigma, epsilon/(2*reference*reference))
}

// Difference returns tau_k = sigma_k^2 - sigma_{k+1}^2: the step of the VE SDE's reverse
// diffusion and of its ancestral sampling (Song et al. 2021, algorithm 2 and appendix F), and
// of DDPM and the VP SDE, whose (1 - alpha_t)/alphaBar_t is the same number: with sigma^2 =
// 1/alphaBar - 1,
//
//	sigma_t^2 - sigma_{t-1}^2 = 1/alphaBar_t - 1/alphaBar_{t-1} = (1 - alpha_t)/alphaBar_t.
func Difference(sigma []float64) []float64 {
	return each(sigma, func(s, next float64) float64 { return s*s - next*next })
}

// DDIM returns tau_k = sigma_k (sigma_k - sigma_{k+1}). At temperature 0 this is DDIM (Song,
// Meng, Ermon 2021, eta = 0), and Euler's method for the probability-flow ODE in sigma,
// dx/dsigma = (x - D)/sigma.
func DDIM(sigma []float64) []float64 {
	return each(sigma, func(s, next float64) float64 { return s * (s - next) })
}

// each returns f(sigma_k, sigma_{k+1}) for every step k.
func each(sigma []float64, f func(s, next float64) float64) []float64 {
	values := make([]float64, len(sigma))
	for k, s := range sigma {
		values[k] = f(s, after(sigma, k))
	}
	return values
}
