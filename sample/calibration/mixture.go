package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/inverse"
)

// A Component is one Gaussian of a mixture, with a mean of d values and a positive definite covariance, d by d.
type Component struct {
	Weight     float64
	Mean       []float64
	Covariance *mat.SymDense
}

// A Mixture is the prior sum_j w_j N(mu_j, C_j). Its posteriors are mixtures too, of the components' posteriors with
// weights in proportion to w_j p(y | j). It implements Dense, and Modal: its modes are the components. With a single
// component it is a Gaussian.
type Mixture struct {
	nets.Differentiable
	components
}

// components are a mixture of normal distributions.
type components struct {
	weights []float64
	normals []*normal
}

// NewMixture returns the mixture of these components, whose weights are divided by their sum. It reports what
// exact.NewMixture does, and a covariance that is not positive definite.
func NewMixture(all []Component) (*Mixture, error) {
	m := &Mixture{}
	var gaussians []*exact.Gaussian
	for j, c := range all {
		g, err := exact.NewGaussian(c.Mean, c.Covariance)
		if err != nil {
			return nil, err
		}
		n, err := newNormal(mat.NewVecDense(len(c.Mean), append([]float64(nil), c.Mean...)), c.Covariance)
		if err != nil {
			return nil, fmt.Errorf("component %d: %w", j, err)
		}
		gaussians = append(gaussians, g)
		m.weights, m.normals = append(m.weights, c.Weight), append(m.normals, n)
	}
	mixture, err := exact.NewMixture(m.weights, gaussians)
	if err != nil {
		return nil, err
	}
	floats.Scale(1/floats.Sum(m.weights), m.weights)
	m.Differentiable = mixture
	if a := align(m.components); a != nil {
		m.Differentiable = a
	}
	return m, nil
}

// NewGaussian returns the prior N(mean, covariance), a mixture of one component.
func NewGaussian(mean []float64, covariance *mat.SymDense) (*Mixture, error) {
	return NewMixture([]Component{{1, mean, covariance}})
}

// Posterior implements Prior, for every linear operator.
func (m *Mixture) Posterior(a inverse.Operator, y []float32, eta float64) (Posterior, error) {
	if err := checkMeasurement(a, y, eta, m.normals[0].mean.Len()); err != nil {
		return nil, err
	}
	dense, err := matrix(a)
	if err != nil {
		return nil, err
	}
	p := &components{weights: make([]float64, len(m.normals))}
	for j, n := range m.normals {
		posterior, logEvidence, err := n.given(dense, vector(y), eta)
		if err != nil {
			return nil, err
		}
		p.normals = append(p.normals, posterior)
		p.weights[j] = math.Log(m.weights[j]) + logEvidence
	}
	normalize(p.weights)
	return p, nil
}

// normalize overwrites logarithms, which may have any constant added, with numbers that sum to 1.
func normalize(logs []float64) {
	total := floats.LogSumExp(logs)
	for i, l := range logs {
		logs[i] = math.Exp(l - total)
	}
}

// logDensities returns log w_j N(x; mu_j, C_j) for each component.
func (c *components) logDensities(x []float32) []float64 {
	logs, v := make([]float64, len(c.normals)), vector(x)
	for j, n := range c.normals {
		logs[j] = math.Log(c.weights[j]) + n.logDensity(v)
	}
	return logs
}

// LogDensity implements Dense.
func (m *Mixture) LogDensity(x []float32) float64 { return floats.LogSumExp(m.logDensities(x)) }

// Shares implements Modal.
func (m *Mixture) Shares(p []float64, x []float32) {
	copy(p, m.logDensities(x))
	normalize(p)
}

// Draw implements Prior and Posterior: it chooses a component by its weight, and draws from it.
func (c *components) Draw(dst []float32, rng *rand.Rand) {
	c.normals[choose(c.weights, rng)].draw(dst, rng)
}

// choose returns an index with the probability p of the index. The probabilities sum to 1.
func choose(p []float64, rng *rand.Rand) int {
	u := rng.Float64()
	for i, p := range p {
		if u -= p; u < 0 {
			return i
		}
	}
	return floats.MaxIdx(p) // rounding
}

// Weights implements Weighted.
func (c *components) Weights() []float64 { return c.weights }

// Mean implements Posterior.
func (c *components) Mean() []float64 {
	mean := make([]float64, c.normals[0].mean.Len())
	for j, n := range c.normals {
		floats.AddScaled(mean, c.weights[j], n.mean.RawVector().Data)
	}
	return mean
}

// Covariance implements Posterior: sum_j w_j (C_j + (mu_j - mu)(mu_j - mu)^T).
func (c *components) Covariance() *mat.SymDense {
	mean := mat.NewVecDense(c.normals[0].mean.Len(), c.Mean())
	covariance := mat.NewSymDense(mean.Len(), nil)
	var scaled mat.SymDense
	var r mat.VecDense
	for j, n := range c.normals {
		scaled.ScaleSym(c.weights[j], n.covariance)
		covariance.AddSym(covariance, &scaled)
		r.SubVec(n.mean, mean)
		covariance.SymRankOne(covariance, c.weights[j], &r)
	}
	return covariance
}
