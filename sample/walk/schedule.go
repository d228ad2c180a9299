package walk

import (
	"math"

	"tweedie/nets"
)

// Pretrained returns K levels of DDPM's table of linear betas, from 157.407 to 0.0100005: sigma interpolated linearly
// at K evenly spaced times in [0, 999] (paper section 3).
func Pretrained(K int) []float64 {
	table := nets.LinearBetas(1e-4, 0.02, 1000)
	return spaced(K, func(u float64) float64 { return table.Sigma(999 * (1 - u)) })
}

// Linear returns K evenly spaced levels from max to min.
func Linear(max, min float64, K int) []float64 {
	return spaced(K, func(u float64) float64 { return (1-u)*max + u*min })
}

// Sigmoid returns the K levels of the paper's sigmoid schedule from max to min. It follows g(v) = 1/(1+exp(-v/0.3))
// for v from 0 to 3, which leaves max at once and approaches min slowly.
func Sigmoid(max, min float64, K int) []float64 {
	const end = 3
	g := func(v float64) float64 { return 1 / (1 + math.Exp(-v/0.3)) }
	return spaced(K, func(u float64) float64 {
		share := (g(end) - g(end*u)) / (g(end) - g(0))
		return clip(share, 1e-9, 1)*(max-min) + min
	})
}

// Geometric returns K levels from max to min whose ratio is constant, as in NCSN and the VE SDE. Both ends must be
// positive.
func Geometric(max, min float64, K int) []float64 {
	return spaced(K, func(u float64) float64 { return max * math.Pow(min/max, u) })
}

// Karras returns K levels from max to min, evenly spaced in sigma^(1/7) (Karras et al. 2022, equation 5, rho = 7).
// More of them are at small sigma than in Linear, and fewer than in Geometric.
func Karras(max, min float64, K int) []float64 {
	const rho = 7
	high, low := math.Pow(max, 1./rho), math.Pow(min, 1./rho)
	return spaced(K, func(u float64) float64 { return math.Pow((1-u)*high+u*low, rho) })
}

// Cosine returns K levels of the cosine schedule of Nichol & Dhariwal 2021, equation 17,
//
//	alphaBar_t = f(t)/f(0), f(t) = cos^2((t+s)/(1+s) pi/2), s = 0.008, 0 <= t < 1,
//
// at evenly spaced times from that of max to that of min.
func Cosine(max, min float64, K int) []float64 {
	const s = 0.008
	f := func(t float64) float64 { c := math.Cos((t + s) / (1 + s) * math.Pi / 2); return c * c }
	time := func(sigma float64) float64 {
		return math.Acos(math.Sqrt(f(0)/(1+sigma*sigma)))*(1+s)*2/math.Pi - s
	}
	first, last := time(max), time(min)
	return spaced(K, func(u float64) float64 {
		return math.Sqrt(f(0)/f((1-u)*first+u*last) - 1) // sqrt(1/alphaBar - 1)
	})
}

// spaced returns the values of f at K evenly spaced points of [0, 1], including both ends; a single point is 0.
func spaced(K int, f func(u float64) float64) []float64 {
	values := make([]float64, K)
	for k := range values {
		u := 0.0
		if K > 1 {
			u = float64(k) / float64(K-1)
		}
		values[k] = f(u)
	}
	return values
}

func clip(v, low, high float64) float64 { return max(low, min(v, high)) }
