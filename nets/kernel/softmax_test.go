package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// softmax64 is softmax(scale x) of one row.
func softmax64(x []float32, scale float64) []float64 {
	p, sum := make([]float64, len(x)), 0.0
	for i, v := range x {
		p[i] = math.Exp(scale * float64(v))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

func TestSoftmax(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(4, 0))
		for _, row := range append(oddSizes[1:], 256) {
			for _, scale := range []float32{0.125, -3} {
				x := normal(rng, 3*row+1)[1:]
				p := slices.Clone(x)
				g, dx := normal(rng, len(x)), make([]float32, len(x))
				Softmax(p, row, scale)
				SoftmaxBackward(dx, p, g, row, scale)
				for r := 0; r < len(x); r += row {
					want, mean := softmax64(x[r:r+row], float64(scale)), 0.0
					for k, v := range want {
						within(t, "p", r+k, p[r+k], v, 1e-6)
						mean += v * float64(g[r+k])
					}
					for k, v := range want {
						within(t, "dx", r+k, dx[r+k], float64(scale)*v*(float64(g[r+k])-mean), 2e-6)
					}
				}
			}
		}
	})
}

// SoftmaxBackward matches differences of sum g softmax(scale x).
func TestSoftmaxBackwardIsTheGradient(t *testing.T) {
	const scale, h = 0.5, 1e-3
	eachPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(12, 0))
		for _, row := range []int{1, 5, 8, 19, 40} {
			x, g, dx := normal(rng, row), normal(rng, row), make([]float32, row)
			p := slices.Clone(x)
			Softmax(p, row, scale)
			SoftmaxBackward(dx, p, g, row, scale)
			for i, centre := range x {
				var rise float64
				x[i] = centre + h
				for k, v := range softmax64(x, scale) {
					rise += float64(g[k]) * v
				}
				run := float64(x[i])
				x[i] = centre - h
				for k, v := range softmax64(x, scale) {
					rise -= float64(g[k]) * v
				}
				run -= float64(x[i])
				x[i] = centre
				within(t, "dx", i, dx[i], rise/run, 1e-6)
			}
		}
	})
}

// Adding a constant changes nothing, however large the values, and an excluded entry (-Inf) has no share.
func TestSoftmaxOfExtremes(t *testing.T) {
	inf := float32(math.Inf(-1))
	eachPath(t, func(t *testing.T) {
		x := []float32{1e4, 1e4 + 1, inf, 1e4 + 2, -1e30, 1e4, inf, inf, inf, 1e4}
		Softmax(x, len(x), 1)
		want := softmax64([]float32{0, 1, inf, 2, inf, 0, inf, inf, inf, 0}, 1)
		for i, v := range want {
			within(t, "p", i, x[i], v, 2e-7)
		}
	})
}
