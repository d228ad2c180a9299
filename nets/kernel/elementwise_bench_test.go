package kernel

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkElementwise runs each kernel on one image's activation, 32 x 32 pixels of 64 channels, which the
// second-level cache holds. MB/s counts every value read and written; Melem/s counts elements.
func BenchmarkElementwise(b *testing.B) {
	const channels, n = 64, 64 * 32 * 32
	rng := rand.New(rand.NewPCG(1, 0))
	x, y, z, g, a := normal(rng, n), normal(rng, n), normal(rng, n), normal(rng, n), make([]float32, n)
	s, t, u := normal(rng, channels), normal(rng, channels), normal(rng, channels)
	sum, products := make([]float64, channels), make([]float64, channels)
	step := AdamStep{1e-9, 0.9, 0.999, 1e-8, 1, 1, 1, 0.99}
	for _, k := range []struct {
		name    string
		streams int // values read and written per element
		run     func()
	}{
		{"Add", 3, func() { Add(a, x, y) }},
		{"AddTo", 3, func() { AddTo(a, x) }},
		{"Scale", 2, func() { Scale(a, x, 0.5) }},
		{"Dot", 2, func() { Dot(x, y) }},
		{"SumSquares", 1, func() { SumSquares(x) }},
		{"WeightedSquaredError", 3, func() { WeightedSquaredError(a, x, y, 1) }},
		{"Exp", 2, func() { Exp(a, x) }},
		{"SiLU", 2, func() { SiLU(a, x) }},
		{"SiLUBackward", 3, func() { SiLUBackward(a, x, g) }},
		{"Affine", 2, func() { Affine(a, x, s, t) }},
		{"Affine16", 2, func() { Affine(a, x, s[:16], t[:16]) }},
		{"AffineSiLU", 2, func() { AffineSiLU(a, x, s, t) }},
		{"AffineSiLU16", 2, func() { AffineSiLU(a, x, s[:16], t[:16]) }},
		{"AffineSiLUBackward", 3, func() { AffineSiLUBackward(a, x, g, s, t, sum, products) }},
		{"AffineSiLUBackward16", 3, func() { AffineSiLUBackward(a, x, g, s[:16], t[:16], sum[:16], products[:16]) }},
		{"AffineBackward", 2, func() { AffineBackward(x, g, sum, products) }},
		{"AffineCombine", 3, func() { AffineCombine(a, g, x, s, t, u) }},
		{"ChannelMoments", 1, func() { ChannelMoments(x, sum, products) }},
		{"ChannelMoments16", 1, func() { ChannelMoments(x, sum[:16], products[:16]) }},
		{"ChannelSums", 1, func() { ChannelSums(x, sum) }},
		{"Softmax64", 2, func() { Softmax(a, 64, 1) }},
		{"SoftmaxBackward64", 3, func() { SoftmaxBackward(a, x, g, 64, 1) }},
		{"Adam", 9, func() { Adam(a, g, z, y, x, step) }},
	} {
		b.Run(k.name, func(b *testing.B) {
			hasAVX2 := useAVX2
			defer func() { useAVX2 = hasAVX2 }()
			clear(a)
			for i, v := range y { // Adam's second moment
				y[i] = v * v
			}
			for _, path := range []string{"avx2", "portable"} {
				if useAVX2 = path == "avx2"; useAVX2 && !hasAVX2 {
					continue
				}
				b.Run(path, func(b *testing.B) {
					b.SetBytes(int64(4 * k.streams * n))
					for b.Loop() {
						k.run()
					}
					b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Melem/s")
				})
			}
		})
	}
}
