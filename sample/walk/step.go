package walk

import "math"

// A Space is the coordinates z = a x that a walk moves in (paper section 4).
type Space int

const (
	VE Space = iota // x itself: the noise's variance explodes
	VP              // z = sqrt(alphaBar) x, alphaBar = 1/(1+sigma^2): the variance is preserved
)

// scale returns a_k. The last state, x_K, has no noise level: a_K = 1.
func (w Walk) scale(k int) float64 {
	if w.Space == VP {
		return 1 / math.Hypot(1, after(w.Sigma, k-1))
	}
	return 1
}

// Coefficients are the numbers of one step, in float64. In the coordinates z = a x it is
//
//	z_{k+1} = Rescale (z_k + Pull (Scale D - z_k) + Data A^T(y - A x_k) + Spread n),
//
// which divided by a_{k+1} is the step of Walk; in the space VE, Scale and Rescale are 1.
type Coefficients struct {
	Sigma       float64 // sigma_k
	Tau         float64 // tau_k, with a likelihood at most eta^2
	Temperature float64 // T_k; 0 at the last step if that adds no noise

	Scale   float64 // a_k
	Rescale float64 // a_{k+1}/a_k
	Pull    float64 // tau_k/sigma_k^2
	Data    float64 // a_k tau_k/eta^2; 0 without a likelihood
	Spread  float64 // a_k sqrt(2 tau_k T_k)
}

// At returns the coefficients of step k, 0 <= k < K, of a valid walk.
func (w Walk) At(k int) Coefficients {
	a := w.scale(k)
	c := Coefficients{Sigma: w.Sigma[k], Tau: w.Tau[k], Temperature: w.Temperature[k], Scale: a, Rescale: w.scale(k+1) / a}
	if w.Likelihood != nil {
		eta := w.Likelihood.Eta()
		c.Tau = min(c.Tau, eta*eta)
		c.Data = a * c.Tau / (eta * eta)
	}
	if k == len(w.Sigma)-1 && !w.LastNoise {
		c.Temperature = 0
	}
	c.Pull = c.Tau / (c.Sigma * c.Sigma)
	c.Spread = a * math.Sqrt(2*c.Tau*c.Temperature)
	return c
}

// advance takes the step in place. Images are float32; float64 serves to prove that this is
// the update that was published, and that float32 is enough.
func advance[F float32 | float64](z, denoised, gradient, noise []F, c Coefficients) {
	scale, rescale, pull, data, spread := F(c.Scale), F(c.Rescale), F(c.Pull), F(c.Data), F(c.Spread)
	for i, v := range z {
		z[i] = rescale * (v + pull*(scale*denoised[i]-v) + data*gradient[i] + spread*noise[i])
	}
}
