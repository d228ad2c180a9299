package nets

import (
	"fmt"
	"math"
	"sort"
)

// VP is DDPM's variance-preserving table of T noise levels (paper section 2). They are counted from zero: index t
// holds the paper's beta, alphaBar and sigma of t+1, so real times t lie in [0, T-1].
type VP struct {
	Beta     []float64 // beta_t, in (0, 1)
	AlphaBar []float64 // product of 1 - beta_s, s <= t; descending

	sigma []float64 // sqrt((1-alphaBar_t)/alphaBar_t), ascending
}

// LinearBetas returns the table whose T betas are evenly spaced from first to last; DDPM's is LinearBetas(1e-4, 0.02,
// 1000). It panics unless T >= 2 and both ends lie in (0, 1).
func LinearBetas(first, last float64, T int) *VP {
	if T < 2 || !(first > 0 && first < 1 && last > 0 && last < 1) {
		panic(fmt.Sprintf("nets: LinearBetas(%g, %g, %d): betas must lie in (0, 1) and T be at least 2",
			first, last, T))
	}
	v := &VP{
		Beta:     make([]float64, T),
		AlphaBar: make([]float64, T),
		sigma:    make([]float64, T),
	}
	alphaBar := 1.0
	for t := range T {
		u := float64(t) / float64(T-1)
		v.Beta[t] = (1-u)*first + u*last
		alphaBar *= 1 - v.Beta[t]
		v.AlphaBar[t] = alphaBar
		v.sigma[t] = math.Sqrt((1 - alphaBar) / alphaBar)
	}
	return v
}

// Sigmas returns a copy of the T levels sigma_t = sqrt((1-alphaBar_t)/alphaBar_t), ascending; for DDPM's table from
// 0.0100005 to 157.407.
func (v *VP) Sigmas() []float64 {
	return append([]float64(nil), v.sigma...)
}

// Sigma returns the level at the real time t, interpolated linearly in the table. Times outside [0, T-1] have the
// level of the nearer end.
func (v *VP) Sigma(t float64) float64 {
	t = min(max(t, 0), float64(len(v.sigma)-1))
	i := min(int(t), len(v.sigma)-2)
	u := t - float64(i)
	return (1-u)*v.sigma[i] + u*v.sigma[i+1]
}

// Time returns t(sigma), the inverse of Sigma, by linear interpolation in sigma. Levels outside the table have the
// time of the nearer end, 0 or T-1.
func (v *VP) Time(sigma float64) float64 {
	last := len(v.sigma) - 1
	sigma = min(max(sigma, v.sigma[0]), v.sigma[last])
	i := sort.SearchFloat64s(v.sigma[1:last], sigma) // sigma[i] <= sigma <= sigma[i+1]
	return float64(i) + (sigma-v.sigma[i])/(v.sigma[i+1]-v.sigma[i])
}
