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
	n, J := len(x)/d, len(m.components)
	denoised := make([][]float32, J)
	p := make([]float64, n*J) // probabilities, by image and component; at first their logarithms
	for j, g := range m.components {
		denoised[j] = make([]float32, len(x))
		logDensity, err := g.denoise(denoised[j], x, sigma)
		if err != nil {
			return err
		}
		for i, l := range logDensity {
			p[i*J+j] = m.logWeights[j] + l
		}
	}
	for i := range n {
		p := p[i*J:][:J]
		softmax(p)
		for k := i * d; k < (i+1)*d; k++ {
			sum := 0.0
			for j := range p {
				sum += p[j] * float64(denoised[j][k])
			}
			dst[k] = float32(sum)
		}
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
