package walk

import "math"

// A Space is a choice of coordinates z = a x for a walk to move in (paper section 4).
type Space int

const (
	VE Space = iota // z = x: the variance of the noise explodes
	VP              // z = sqrt(alphaBar) x, alphaBar = 1/(1+sigma^2): the variance is preserved
)

// scale returns a_k. The last state, x_K, has no noise: a_K = 1.
func (w Walk) scale(k int) float64 {
	if w.Space == VP {
		return 1 / math.Hypot(1, next(w.Sigma, k-1))
	}
	return 1
}

// next returns sigma_{k+1}, the level that step k leads to. As in the literature, the last step leads to the clean
// image, sigma_K = 0: with it, Difference and DDIM end at D itself.
func next(sigma []float64, k int) float64 {
	if k+1 == len(sigma) {
		return 0
	}
	return sigma[k+1]
}

// Coefficients are the numbers of one step. In the coordinates z = a x the step is
//
//	z_{k+1} = Rescale (z_k + Pull (Scale D - z_k) + Data g_k + Diffusion n),
//
// which is the step of Walk multiplied by a_{k+1}. In the space VE, Scale and Rescale are 1.
type Coefficients struct {
	Sigma       float64 // sigma_k
	Tau         float64 // tau_k, which a Guidance may have made smaller
	Temperature float64 // T_k; 0 at the last step unless that adds noise

	Scale     float64 // a_k
	Rescale   float64 // a_{k+1}/a_k
	Pull      float64 // tau_k/sigma_k^2
	Data      float64 // a_k weight_k of the Guidance; 0 without a likelihood
	Diffusion float64 // a_k sqrt(2 tau_k T_k)
}

// At returns the coefficients of step k, 0 <= k < K, of a valid walk.
func (w Walk) At(k int) Coefficients {
	a := w.scale(k)
	c := Coefficients{
		Sigma: w.Sigma[k], Tau: w.Tau[k], Temperature: w.Temperature[k],
		Scale: a, Rescale: w.scale(k+1) / a,
	}
	if w.Likelihood != nil {
		size, weight := w.guidance().Weigh(c.Tau, c.Sigma, next(w.Sigma, k), w.Likelihood.Eta())
		c.Tau, c.Data = size, a*weight
	}
	if k == len(w.Sigma)-1 && !w.LastNoise {
		c.Temperature = 0
	}
	c.Pull = c.Tau / (c.Sigma * c.Sigma)
	c.Diffusion = a * math.Sqrt(2*c.Tau*c.Temperature)
	return c
}

// advance takes the step in place. Images are float32; tests use float64 to show that this is the update that was
// published, and that float32 is enough.
func advance[F float32 | float64](z, denoised, direction, noise []F, c Coefficients) {
	scale, rescale, pull, data, diffusion := F(c.Scale), F(c.Rescale), F(c.Pull), F(c.Data), F(c.Diffusion)
	for i, v := range z {
		z[i] = rescale * (v + pull*(scale*denoised[i]-v) + data*direction[i] + diffusion*noise[i])
	}
}
