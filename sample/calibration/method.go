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
