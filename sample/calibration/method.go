package calibration

import (
	"tweedie/nets"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// Paper returns the paper's conditional walk (section 5) under a schedule: tau_k = min(epsilon sigma_k^2, eta^2), and
// temperatures that rise linearly from T_0 = from to 1.
func Paper(sigma []float64, epsilon, from float64) Method {
	return func(_ nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
		return walk.Walk{Sigma: sigma, Tau: walk.Proportional(sigma, epsilon),
			Temperature: walk.LinearTemperature(from, 1, len(sigma)), Likelihood: l}, nil
	}
}

// Langevin returns annealed Langevin dynamics with a likelihood that is smoothed by gamma sigma_k (Jalal et al. 2021):
// tau_k = epsilon sigma_k^2, T = 1.
func Langevin(sigma []float64, epsilon, gamma float64) Method {
	return func(_ nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
		return walk.Walk{Sigma: sigma, Tau: walk.Proportional(sigma, epsilon),
			Temperature: walk.Constant(1, len(sigma)), Likelihood: l, Guidance: walk.Langevin{Gamma: gamma}}, nil
	}
}

// DPS returns diffusion posterior sampling (Chung et al. 2022): the walk of DDPM (with the variance betaTilde), guided
// through the denoiser with the weight zeta. The denoiser must be nets.Differentiable.
func DPS(sigma []float64, zeta float64) Method {
	return func(_ nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
		return walk.Walk{Sigma: sigma, Tau: walk.Difference(sigma), Temperature: walk.Ancestral(sigma),
			Start: walk.SigmaMax, Likelihood: l, Guidance: walk.DPS{Zeta: zeta}}, nil
	}
}

// DiffPIR returns the plug-and-play method of Zhu et al. 2023, with the weight lambda of the denoised image and a share
// zeta of the noise drawn anew in each step.
func DiffPIR(sigma []float64, lambda, zeta float64) Method {
	return func(_ nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
		return walk.Walk{Sigma: sigma, Tau: walk.Renoise(sigma, zeta),
			Temperature: walk.RenoiseTemperature(sigma, zeta), Start: walk.SigmaMax,
			Likelihood: l, Guidance: walk.DiffPIR{Lambda: lambda}}, nil
	}
}
