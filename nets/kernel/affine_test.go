package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var (
	oddChannels = []int{1, 2, 3, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 39, 40, 56, 63, 64, 70, 128, 1023}
	oddPixels   = []int{0, 1, 2, 63, 64, 65, 130}
)

// affineCases lists kernels on rows of channels. want computes the result in float64, for one element of x and g and
// its channel's a, b and d.
var affineCases = []struct {
	name string
	run  func(dst, x, g, a, b, d []float32)
	want func(x, g, a, b, d float64) float64
}{
	{"Affine", func(dst, x, _, a, b, _ []float32) { Affine(dst, x, a, b) },
		func(x, _, a, b, _ float64) float64 { return x*a + b }},
	{"AffineSiLU", func(dst, x, _, a, b, _ []float32) { AffineSiLU(dst, x, a, b) },
		func(x, _, a, b, _ float64) float64 { return (x*a + b) / (1 + math.Exp(-x*a-b)) }},
	{"AffineSiLUBackward", func(dst, x, g, a, b, _ []float32) {
		AffineSiLUBackward(dst, x, g, a, b, make([]float64, len(a)), make([]float64, len(a)))
	}, func(x, g, a, b, _ float64) float64 { return g * slope(x*a+b) }},
	{"AffineCombine", func(dst, x, g, a, b, d []float32) { AffineCombine(dst, g, x, a, b, d) },
		func(x, g, a, b, d float64) float64 { return a*g + b*x + d }},
	{"AffineCombine in place", func(dst, x, g, a, b, d []float32) { copy(dst, g); AffineCombine(dst, dst, x, a, b, d) },
		func(x, g, a, b, d float64) float64 { return a*g + b*x + d }},
}

func TestAffine(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, k := range affineCases {
			t.Run(k.name, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(5, 0))
				for _, channels := range oddChannels {
					for _, pixels := range oddPixels {
						n := pixels * channels
						x, g, y := normal(rng, n+1)[1:], normal(rng, n+2)[2:], normal(rng, n+9)
						a, b, d := normal(rng, channels), normal(rng, channels), normal(rng, channels)
						guard := slices.Clone(y[n:])
						k.run(y[:n:n], x, g, a, b, d)
						what := fmt.Sprintf("%d x %d", pixels, channels)
						for i, v := range y[:n] {
							c := i % channels
							want := k.want(float64(x[i]), float64(g[i]), float64(a[c]), float64(b[c]), float64(d[c]))
							within(t, what, i, v, want, 1e-6)
						}
						if !slices.Equal(y[n:], guard) {
							t.Fatalf("%s writes past the end", what)
						}
					}
				}
			})
		}
	})
}

// Rows have the same bits one by one and together.
func TestAffineDoesNotDependOnSplit(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, k := range affineCases {
			for _, channels := range []int{5, 16, 43} {
				n := 7 * channels
				rng := rand.New(rand.NewPCG(6, 0))
				x, g, together, separate := normal(rng, n), normal(rng, n), make([]float32, n), make([]float32, n+1)[1:]
				a, b, d := normal(rng, channels), normal(rng, channels), normal(rng, channels)
				k.run(together, x, g, a, b, d)
				for i := 0; i < n; i += channels {
					k.run(separate[i:i+channels], x[i:i+channels], g[i:i+channels], a, b, d)
				}
				if !slices.Equal(together, separate) {
					t.Errorf("%s with %d channels depends on the split", k.name, channels)
				}
			}
		}
	})
}

func TestChannelSums(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 0))
		for _, channels := range oddChannels {
			for _, pixels := range oddPixels {
				n := pixels * channels
				x, g, scale, shift := normal(rng, n+3)[3:], normal(rng, n), normal(rng, channels), normal(rng, channels)
				dv := make([]float32, n)
				// One more sum than channels, to see writes past the end; sums add to what is there.
				got, want := make([][]float64, 7), make([][]float64, 7)
				for i := range got {
					got[i], want[i] = slices.Repeat([]float64{1}, channels+1), slices.Repeat([]float64{1}, channels+1)
				}
				row := func(i int) []float64 { return got[i][:channels] }
				ChannelSums(x, row(0))
				ChannelMoments(x, row(1), row(2))
				AffineBackward(x, g, row(3), row(4))
				AffineSiLUBackward(dv, x, g, scale, shift, row(5), row(6))
				for i := range x {
					c := i % channels
					x, g := float64(x[i]), float64(g[i])
					d := g * slope(x*float64(scale[c])+float64(shift[c]))
					for k, v := range []float64{x, x, x * x, g, g * x, d, d * x} {
						want[k][c] += v
					}
				}
				for k := range want {
					for c, v := range want[k] {
						if d := math.Abs(got[k][c] - v); d > 1e-6*float64(pixels+10) {
							t.Fatalf("sum %d of channel %d of %d over %d pixels is %v, want %v",
								k, c, channels, pixels, got[k][c], v)
						}
					}
				}
			}
		}
	})
}

// The variance of a normalisation, E[x^2] - E[x]^2, keeps five digits at a mean of three standard deviations.
func TestChannelMomentsGiveTheVariance(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		const pixels, channels = 4096, 24
		x := normal(rand.New(rand.NewPCG(8, 0)), pixels*channels)
		for i := range x {
			x[i] += 3
		}
		sum, squares := make([]float64, channels), make([]float64, channels)
		ChannelMoments(x, sum, squares)
		for c := range channels {
			mean := sum[c] / pixels
			var variance float64
			for i := c; i < len(x); i += channels {
				variance += math.Pow(float64(x[i])-mean, 2) / pixels
			}
			if got := squares[c]/pixels - mean*mean; math.Abs(got-variance) > 1e-5 {
				t.Errorf("variance of channel %d is %v, want %v", c, got, variance)
			}
		}
	})
}

// The two passes are the gradient of normalising one channel, y = silu((x - mean)/std): they match differences of a
// weighted sum of y.
func TestTwoPassesAreTheGradientOfNormalisation(t *testing.T) {
	const n = 96
	rng := rand.New(rand.NewPCG(9, 0))
	x, g := normal(rng, n), normal(rng, n)
	statistics := func(x []float64) (mean, std float64) {
		for _, v := range x {
			mean += v / n
		}
		for _, v := range x {
			std += (v - mean) * (v - mean) / n
		}
		return mean, math.Sqrt(std)
	}
	wide := make([]float64, n)
	for i, v := range x {
		wide[i] = float64(v)
	}
	loss := func() (sum float64) {
		mean, std := statistics(wide)
		for i, v := range wide {
			v = (v - mean) / std
			sum += float64(g[i]) * v / (1 + math.Exp(-v))
		}
		return sum
	}
	mean, std := statistics(wide)
	eachPath(t, func(t *testing.T) {
		sumDv, sumDvX, dx := make([]float64, 1), make([]float64, 1), make([]float32, n)
		scale, shift := []float32{float32(1 / std)}, []float32{float32(-mean / std)}
		AffineSiLUBackward(dx, x, g, scale, shift, sumDv, sumDvX)
		// dL/dx = dv/std - sum(dv)/(n std) - (x - mean) sum(dv (x - mean))/(n std^3).
		k := (sumDvX[0] - mean*sumDv[0]) / (n * std * std * std)
		AffineCombine(dx, dx, x, scale, []float32{float32(-k)}, []float32{float32(k*mean - sumDv[0]/(n*std))})
		for i := range wide {
			const h = 1e-5
			centre := wide[i]
			wide[i] = centre + h
			up := loss()
			wide[i] = centre - h
			down := loss()
			wide[i] = centre
			within(t, "dx", i, dx[i], (up-down)/(2*h), 1e-5)
		}
	})
}
