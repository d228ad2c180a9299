package exact

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"tweedie/nets"
)

// Mixture is the MMSE denoiser of a mixture of Gaussians, sum_j w_j N(mu_j, C_j). It weights the denoisers of the
// components by their posterior probabilities:
//
//	D(x, sigma) = sum_j p_j(x) D_j(x, sigma), p_j(x) proportional to w_j N(x; mu_j, C_j + sigma^2 I).
//
// A Mixture is safe for concurrent use.
type Mixture struct {
	logWeights []float64
	components []*Gaussian
}

// NewMixture returns the mixture of these Gaussians with these weights, which are divided by their sum. It reports a
// mixture without components, weights that are not positive, and Gaussians of different sizes.
func NewMixture(weights []float64, components []*Gaussian) (*Mixture, error) {
	if len(components) == 0 || len(weights) != len(components) {
		return nil, fmt.Errorf("exact: a mixture of %d Gaussians with %d weights: "+
			"there must be as many of each, at least one", len(components), len(weights))
	}
	m := &Mixture{components: slices.Clone(components)}
	for j, w := range weights {
		if !(w > 0) || math.IsInf(w, 1) {
			return nil, fmt.Errorf("exact: weight %g of a mixture: it must be positive and finite", w)
		}
		if len(components[j].mean) != len(components[0].mean) {
			return nil, errors.New("exact: the Gaussians of a mixture must be of equal size")
		}
		m.logWeights = append(m.logWeights, math.Log(w/floats.Sum(weights)))
	}
	return m, nil
}

// weight returns that of component j; all together they are 1.
func (m *Mixture) weight(j int) float64 { return math.Exp(m.logWeights[j]) }

// Denoise implements nets.Denoiser.
func (m *Mixture) Denoise(dst, x []float32, sigma float64) error {
	d := len(m.components[0].mean)
	if err := nets.CheckDenoise(dst, x, sigma, d); err != nil {
		return err
	}
	denoised, p, err := m.posterior(x, sigma)
	if err != nil {
		return err
	}
	m.average(dst, denoised, p)
	return nil
}

// posterior returns the estimate D_j of each component, and the probabilities p_j by image and component.
func (m *Mixture) posterior(x []float32, sigma float64) (denoised [][]float32, p []float64, err error) {
	n, J := len(x)/len(m.components[0].mean), len(m.components)
	denoised, p = make([][]float32, J), make([]float64, n*J)
	for j, g := range m.components {
		denoised[j] = make([]float32, len(x))
		logDensity, err := g.denoise(denoised[j], x, sigma)
		if err != nil {
			return nil, nil, err
		}
		for i, l := range logDensity {
			p[i*J+j] = m.logWeights[j] + l
		}
	}
	for i := range n {
		softmax(p[i*J:][:J])
	}
	return denoised, p, nil
}

// average writes the sum of p_j D_j.
func (m *Mixture) average(dst []float32, denoised [][]float32, p []float64) {
	d, J := len(m.components[0].mean), len(m.components)
	for k := range dst {
		sum := 0.0
		for j, p := range p[k/d*J:][:J] {
			sum += p * float64(denoised[j][k])
		}
		dst[k] = float32(sum)
	}
}

// Pullback implements nets.Differentiable. With the Jacobian J_j of each component and grad p_j = p_j (D_j -
// D)/sigma^2,
//
//	J v = sum_j p_j (J_j v + (D_j - D) <D_j - D, v>/sigma^2).
func (m *Mixture) Pullback(dst, x, v []float32, sigma float64) error {
	d, J := len(m.components[0].mean), len(m.components)
	if err := nets.CheckPullback(dst, x, v, sigma, d); err != nil {
		return err
	}
	denoised, p, err := m.posterior(x, sigma)
	if err != nil {
		return err
	}
	mean, pulled := make([]float32, len(x)), make([]float32, len(x))
	m.average(mean, denoised, p)
	sum := make([]float64, len(x))
	for j, g := range m.components {
		if err := g.Pullback(pulled, x, v, sigma); err != nil {
			return err
		}
		for first := 0; first < len(x); first += d {
			along := 0.0
			for k := first; k < first+d; k++ {
				along += float64(denoised[j][k]-mean[k]) * float64(v[k]) / (sigma * sigma)
			}
			for k := first; k < first+d; k++ {
				sum[k] += p[first/d*J+j] * (float64(pulled[k]) + float64(denoised[j][k]-mean[k])*along)
			}
		}
	}
	for k, s := range sum {
		dst[k] = float32(s)
	}
	return nil
}

// softmax overwrites logarithms, which may have any constant added, with numbers that sum to 1.
func softmax(logs []float64) {
	total := floats.LogSumExp(logs)
	for i, l := range logs {
		logs[i] = math.Exp(l - total)
	}
}
