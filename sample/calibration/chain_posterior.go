package calibration

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// A site is the measurement y = gain X_i + noise n of one value; with a gain of 0 there is none.
type site struct{ gain, y, noise float64 }

// given returns the mean and the variance of X_i = level + jitter n given the level and the measurement: the mean is
// slope times the level plus offset.
func (s site) given(jitter float64) (slope, offset, variance float64) {
	if s.gain == 0 {
		return 1, 0, jitter * jitter
	}
	total := s.gain*s.gain*jitter*jitter + s.noise*s.noise // variance of y given the level
	k := s.gain * jitter * jitter / total
	return 1 - k*s.gain, k * s.y, (1 - k*s.gain) * jitter * jitter
}

// filtered are the distributions of the levels given the measurements up to each.
type filtered struct {
	chain       *Chain
	sites       []site
	forward     [][]float64 // P(s_i | y_1, ..., y_i)
	likelihood  [][]float64 // p(y_i | s_i), divided by its maximum; nil without a measurement
	logEvidence float64     // log p(y)
}

// filter runs the forward algorithm.
func (c *Chain) filter(sites []site) *filtered {
	f := &filtered{chain: c, sites: sites}
	S := len(c.levels)
	memory := make([]float64, 2*len(sites)*S)
	next := func() []float64 { row := memory[:S:S]; memory = memory[S:]; return row }
	for i, site := range sites {
		p := next()
		if i == 0 {
			copy(p, c.initial)
		} else {
			for s, before := range f.forward[i-1] {
				if before > 1e-30 {
					floats.AddScaled(p, before, c.transition[s])
				}
			}
		}
		var likelihood []float64
		if site.gain != 0 {
			likelihood = next()
			variance := site.gain*site.gain*c.jitter*c.jitter + site.noise*site.noise
			for s, level := range c.levels {
				e := site.y - site.gain*level
				likelihood[s] = -e * e / (2 * variance)
			}
			greatest := floats.Max(likelihood)
			for s, l := range likelihood {
				likelihood[s] = math.Exp(l - greatest)
			}
			floats.Mul(p, likelihood)
			f.logEvidence += greatest - math.Log(2*math.Pi*variance)/2
		}
		sum := floats.Sum(p)
		f.logEvidence += math.Log(sum)
		floats.Scale(1/sum, p)
		f.forward, f.likelihood = append(f.forward, p), append(f.likelihood, likelihood)
	}
	return f
}

// chainPosterior is the distribution of signals given measurements of single values.
type chainPosterior struct {
	*filtered
	smoothed [][]float64 // P(s_i | y)
}

// smooth runs the forward-backward algorithm.
func (c *Chain) smooth(sites []site) *chainPosterior {
	p := &chainPosterior{c.filter(sites), make([][]float64, len(sites))}
	last := len(sites) - 1
	p.smoothed[last] = p.forward[last]
	backward, ahead := make([]float64, len(c.levels)), make([]float64, len(c.levels))
	for s := range backward {
		backward[s] = 1
	}
	for i := last - 1; i >= 0; i-- {
		copy(ahead, backward)
		if l := p.likelihood[i+1]; l != nil {
			floats.Mul(ahead, l)
		}
		gamma := make([]float64, len(ahead))
		for s, row := range c.transition {
			backward[s] = floats.Dot(row, ahead)
			gamma[s] = p.forward[i][s] * backward[s]
		}
		floats.Scale(1/floats.Max(backward), backward)
		floats.Scale(1/floats.Sum(gamma), gamma)
		p.smoothed[i] = gamma
	}
	return p
}

// given returns the mean of X_i for each level, and its variance given the level.
func (p *chainPosterior) given(i int) (means []float64, variance float64) {
	slope, offset, variance := p.sites[i].given(p.chain.jitter)
	means = make([]float64, len(p.chain.levels))
	for s, level := range p.chain.levels {
		means[s] = slope*level + offset
	}
	return means, variance
}

// Mean implements Posterior.
func (p *chainPosterior) Mean() []float64 {
	mean := make([]float64, len(p.sites))
	for i, gamma := range p.smoothed {
		slope, offset, _ := p.sites[i].given(p.chain.jitter)
		mean[i] = slope*floats.Dot(gamma, p.chain.levels) + offset
	}
	return mean
}

// Covariance implements Posterior. E[X_i X_j], i < j, follows from h_j(s) = E[X_i | s_j = s, y], which is the mean of
// h_{j-1} over the level before s:
//
//	P(s_{j-1} = r | s_j = s, y) is in proportion to P(s_{j-1} = r | y_1, ..., y_{j-1}) P(s | r).
func (p *chainPosterior) Covariance() *mat.SymDense {
	mean := p.Mean()
	d, S := len(mean), len(p.chain.levels)
	covariance := mat.NewSymDense(d, nil)
	predicted := make([][]float64, d) // P(s_j | y_1, ..., y_{j-1})
	for j := 1; j < d; j++ {
		predicted[j] = make([]float64, S)
		for r, forward := range p.forward[j-1] {
			floats.AddScaled(predicted[j], forward, p.chain.transition[r])
		}
	}
	for i := range d {
		h, variance := p.given(i)
		square := variance
		for s, gamma := range p.smoothed[i] {
			square += gamma * h[s] * h[s]
		}
		covariance.SetSym(i, i, square-mean[i]*mean[i])
		for j := i + 1; j < d; j++ {
			next := make([]float64, S)
			for r, forward := range p.forward[j-1] {
				floats.AddScaled(next, forward*h[r], p.chain.transition[r])
			}
			for s, probability := range predicted[j] {
				if probability > 0 {
					next[s] /= probability
				}
			}
			h = next
			means, _ := p.given(j)
			product := 0.0
			for s, gamma := range p.smoothed[j] {
				product += gamma * means[s] * h[s]
			}
			covariance.SetSym(i, j, product-mean[i]*mean[j])
		}
	}
	return covariance
}

// Draw implements Posterior: it draws the last level, then each before it, and at last the values.
func (p *chainPosterior) Draw(dst []float32, rng *rand.Rand) {
	probability := append([]float64(nil), p.forward[len(dst)-1]...)
	for i := len(dst) - 1; i >= 0; i-- {
		s := choose(probability, rng)
		means, variance := p.given(i)
		dst[i] = float32(means[s] + math.Sqrt(variance)*rng.NormFloat64())
		if i > 0 {
			for r, forward := range p.forward[i-1] {
				probability[r] = forward * p.chain.transition[r][s]
			}
			floats.Scale(1/floats.Sum(probability), probability)
		}
	}
}
