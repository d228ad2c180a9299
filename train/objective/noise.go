package objective

import (
	"math"
	"math/rand/v2"
)

// NoiseLevels is the distribution of sigma in training. Sigma is a positive standard deviation, in units of images in
// [-1, 1].
type NoiseLevels interface {
	Draw(rng *rand.Rand) float64
}

// Uniform draws sigma uniformly from [Min, Max), as the paper's table prints for NCSN and VE SDE. It needs
// 0 < Min < Max.
type Uniform struct{ Min, Max float64 }

func (u Uniform) Draw(rng *rand.Rand) float64 { return u.Min + (u.Max-u.Min)*rng.Float64() }

// LogUniform draws ln(sigma) uniformly from [ln(Min), ln(Max)), as VE SDE (Song et al. 2021) does. It needs
// 0 < Min < Max.
type LogUniform struct{ Min, Max float64 }

func (u LogUniform) Draw(rng *rand.Rand) float64 {
	return between(u.Min, u.Max, rng.Float64())
}

// Geometric draws one of Levels >= 2 noise levels from Min to Max, each a constant factor above the last and all
// equally likely, as NCSN (Song and Ermon 2019) does. It needs 0 < Min < Max.
type Geometric struct {
	Min, Max float64
	Levels   int
}

func (g Geometric) Draw(rng *rand.Rand) float64 {
	return between(g.Min, g.Max, float64(rng.IntN(g.Levels))/float64(g.Levels-1))
}

// between is the geometric interpolation low (high/low)^u.
func between(low, high, u float64) float64 { return low * math.Pow(high/low, u) }

// DDPM draws sigma_t = sqrt((1-alphaBar_t)/alphaBar_t) for t uniform in 1..T.
type DDPM struct {
	// Sigma is the table sigma_1..sigma_T, ascending and not empty.
	Sigma []float64
}

func (d DDPM) Draw(rng *rand.Rand) float64 { return d.Sigma[rng.IntN(len(d.Sigma))] }

// LogNormal draws ln(sigma) from N(Mean, Std^2). EDM (Karras et al. 2022) has Mean -1.2 and Std 1.2.
type LogNormal struct{ Mean, Std float64 }

func (l LogNormal) Draw(rng *rand.Rand) float64 {
	return math.Exp(l.Mean + l.Std*rng.NormFloat64())
}
