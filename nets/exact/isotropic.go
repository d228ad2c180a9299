// Package exact holds denoisers in closed form: the MMSE estimator E[X | X + sigma n] of priors for which it can be
// written down (paper section 7). They need no training, and serve to check walks and trained networks.
//
// The package knows images as []float32. It must not know a network, a walk or a file.
package exact

import (
	"fmt"
	"slices"

	"tweedie/nets"
)

// Isotropic is the MMSE denoiser of independent pixels X_j ~ N(mu_j, s_j^2), the prior of paper section 7:
//
//	D(x, sigma) = (s^2 x + sigma^2 mu)/(s^2 + sigma^2).
//
// It is safe for concurrent use.
type Isotropic struct {
	mean, variance []float32
}

// NewIsotropic returns the denoiser of images whose pixels have these means and variances s^2. It panics unless there
// are as many means as variances, at least one, and no variance is negative.
func NewIsotropic(mean []float32, variance []float32) *Isotropic {
	if len(mean) == 0 || len(mean) != len(variance) || slices.Min(variance) < 0 {
		panic(fmt.Sprintf("exact: NewIsotropic of %d means and %d variances: "+
			"there must be as many of each, at least one, and no negative variance", len(mean), len(variance)))
	}
	return &Isotropic{mean: slices.Clone(mean), variance: slices.Clone(variance)}
}

// Denoise implements nets.Denoiser.
func (g *Isotropic) Denoise(dst, x []float32, sigma float64) error {
	d := len(g.mean)
	if err := nets.CheckDenoise(dst, x, sigma, d); err != nil {
		return err
	}
	for i, v := range x {
		mu, s2 := float64(g.mean[i%d]), float64(g.variance[i%d])
		dst[i] = float32((s2*float64(v) + sigma*sigma*mu) / (s2 + sigma*sigma))
	}
	return nil
}

// Pullback implements nets.Differentiable: J is diagonal, with entries s^2/(s^2 + sigma^2).
func (g *Isotropic) Pullback(dst, x, v []float32, sigma float64) error {
	d := len(g.mean)
	if err := nets.CheckPullback(dst, x, v, sigma, d); err != nil {
		return err
	}
	for i, v := range v {
		s2 := float64(g.variance[i%d])
		dst[i] = float32(s2 / (s2 + sigma*sigma) * float64(v))
	}
	return nil
}
