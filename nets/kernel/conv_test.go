package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// eachPath runs a test with the assembly kernels, where this processor has them, and with the portable ones.
func eachPath(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	if useAVX2 {
		if useAVX512 {
			t.Run("avx512", f)
			defer func() { useAVX512 = true }()
			useAVX512 = false
		}
		t.Run("avx2", f)
	}
	defer func(was bool) { useAVX2 = was }(useAVX2)
	useAVX2 = false
	t.Run("portable", f)
}

func normal(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// Tolerances, in units of the largest value. A direct sum of 9 In terms in float32 has errors near 1e-6. In Winograd's
// algorithm the root mean square of the sums over channels, sqrt(sum (A^T G B^T)^2), is 5 times that of the result to
// which they cancel. But each has only In terms, and so a third of the rounding errors. Together this is about twice
// the error, 2.5e-6 with 256 channels.
const (
	directTolerance   = 2e-6
	winogradTolerance = 5e-6
)

func compare(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	compareWithin(t, directTolerance, what, got, want)
}

// compareWithin fails where got is off by more than tolerance times the largest value.
func compareWithin(t *testing.T, tolerance float64, what string, got []float32, want []float64) {
	t.Helper()
	var scale, worst float64
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i, v := range want {
		d := math.Abs(float64(got[i]) - v)
		if math.IsNaN(d) {
			t.Fatalf("%s[%d] = %v", what, i, got[i])
		}
		worst = max(worst, d)
	}
	if worst > tolerance*scale+1e-30 {
		t.Errorf("%s is off by %.2g where the largest value is %.2g", what, worst, scale)
	}
}

var convCases = []Conv{
	{N: 1, H: 1, W: 1, In: 1, Out: 1, Stride: 1},
	{N: 2, H: 5, W: 7, In: 3, Out: 5, Stride: 1},
	{N: 3, H: 8, W: 8, In: 16, Out: 32, Stride: 1},
	{N: 1, H: 32, W: 32, In: 1, Out: 16, Stride: 1},
	{N: 2, H: 32, W: 33, In: 17, Out: 3, Stride: 1},
	{N: 2, H: 7, W: 7, In: 48, Out: 16, Stride: 1},
	{N: 3, H: 4, W: 4, In: 16, Out: 24, Stride: 1},
	{N: 2, H: 3, W: 9, In: 24, Out: 8, Stride: 1},
	{N: 4, H: 13, W: 30, In: 16, Out: 40, Stride: 1},
	{N: 1, H: 4, W: 6, In: 256, Out: 264, Stride: 1},
	{N: 2, H: 8, W: 8, In: 16, Out: 16, Stride: 2},
	{N: 2, H: 7, W: 7, In: 5, Out: 19, Stride: 2},
	{N: 1, H: 1, W: 6, In: 4, Out: 4, Stride: 2},
	{N: 1, H: 33, W: 20, In: 8, Out: 24, Stride: 2},
}

// TestConv compares the result and its gradients with the definition, summed in float64.
func TestConv(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, c := range convCases {
			t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 2))
				pixels, results := c.N*c.H*c.W, c.N*c.OutH()*c.OutW()
				x, w, g := normal(rng, pixels*c.In), normal(rng, c.Out*c.In*9), normal(rng, results*c.Out)
				bias, perImage, residual := normal(rng, c.Out), normal(rng, c.N*c.Out), normal(rng, results*c.Out)

				y, dx, dw := make([]float64, len(g)), make([]float64, len(x)), make([]float64, len(w))
				for n := range c.N {
					for q := range c.OutH() * c.OutW() {
						for co := range c.Out {
							at := (n*c.OutH()*c.OutW()+q)*c.Out + co
							y[at] = float64(bias[co]) + float64(perImage[n*c.Out+co]) + float64(residual[at])
							for tap := range 9 {
								iy, ix := q/c.OutW()*c.Stride+tap/3-1, q%c.OutW()*c.Stride+tap%3-1
								if iy < 0 || ix < 0 || iy >= c.H || ix >= c.W {
									continue
								}
								for ci := range c.In {
									xi, wi := ((n*c.H+iy)*c.W+ix)*c.In+ci, (co*c.In+ci)*9+tap
									y[at] += float64(x[xi]) * float64(w[wi])
									dx[xi] += float64(g[at]) * float64(w[wi])
									dw[wi] += float64(g[at]) * float64(x[xi])
								}
							}
						}
					}
				}

				tolerance := directTolerance
				if c.winograd() {
					tolerance = winogradTolerance
				}
				packed := make([]float32, c.ForwardSize())
				c.PackForward(packed, w)
				got := make([]float32, len(g))
				c.Forward(got, x, packed, bias, perImage, residual)
				compareWithin(t, tolerance, "y", got, y)

				packed = make([]float32, c.BackwardSize())
				c.PackBackward(packed, w)
				gotX := normal(rng, len(x))
				c.BackwardInput(gotX, g, packed)
				compareWithin(t, tolerance, "dx", gotX, dx)

				gotW := make([]float32, len(w))
				c.BackwardWeights(gotW, x, g, make([]float32, c.PartsSize()))
				if !c.winogradForWeights() {
					tolerance = directTolerance
				}
				compareWithin(t, tolerance, "dw", gotW, dw)
			})
		}
	})
}

func TestLinear(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, l := range []Linear{{1, 1, 1}, {5, 7, 3}, {16, 32, 64}, {300, 17, 33}, {1000, 48, 16}} {
			t.Run(fmt.Sprintf("%+v", l), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(3, 4))
				x, w, g := normal(rng, l.Rows*l.In), normal(rng, l.Out*l.In), normal(rng, l.Rows*l.Out)
				bias, residual := normal(rng, l.Out), normal(rng, l.Rows*l.Out)
				y, dx, dw := make([]float64, len(g)), make([]float64, len(x)), make([]float64, len(w))
				for r := range l.Rows {
					for o := range l.Out {
						y[r*l.Out+o] = float64(bias[o]) + float64(residual[r*l.Out+o])
						for i := range l.In {
							y[r*l.Out+o] += float64(x[r*l.In+i]) * float64(w[o*l.In+i])
							dx[r*l.In+i] += float64(g[r*l.Out+o]) * float64(w[o*l.In+i])
							dw[o*l.In+i] += float64(g[r*l.Out+o]) * float64(x[r*l.In+i])
						}
					}
				}
				packed := make([]float32, PanelSize(l.In, l.Out))
				l.PackForward(packed, w)
				got := make([]float32, len(g))
				l.Forward(got, x, packed, bias, residual)
				compare(t, "y", got, y)
				packed = make([]float32, PanelSize(l.Out, l.In))
				l.PackBackward(packed, w)
				gotX := make([]float32, len(x))
				l.BackwardInput(gotX, g, packed)
				compare(t, "dx", gotX, dx)
				gotW := make([]float32, len(w))
				l.BackwardWeights(gotW, x, g, make([]float32, l.PartsSize()))
				compare(t, "dw", gotW, dw)
			})
		}
	})
}

// Convolutions and the gradients of their weights have the same bits on 1 and on 8 cores.
func TestResultsDoNotDependOnCores(t *testing.T) {
	for _, c := range []Conv{
		{9, 17, 13, 16, 32, 1}, {3, 8, 8, 96, 96, 1}, {1, 8, 8, 256, 264, 1}, {9, 17, 13, 5, 3, 1},
		{3, 17, 13, 16, 16, 2},
	} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			run := func(cores int) (all []float32) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
				rng := rand.New(rand.NewPCG(5, 6))
				x, w := normal(rng, c.N*c.H*c.W*c.In), normal(rng, c.Out*c.In*9)
				g := normal(rng, c.N*c.OutH()*c.OutW()*c.Out)
				packed, y := make([]float32, c.ForwardSize()), make([]float32, len(g))
				c.PackForward(packed, w)
				c.Forward(y, x, packed, nil, nil, nil)
				c.BackwardWeights(w, x, g, make([]float32, c.PartsSize()))
				return append(y, w...)
			}
			one, eight := run(1), run(8)
			if !slices.Equal(one, eight) {
				t.Error("results differ between 1 and 8 cores")
			}
		})
	}
}

// An image has the same bits in a batch and alone.
func TestImageDoesNotDependOnBatch(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, c := range []Conv{{9, 8, 7, 16, 24, 1}, {3, 18, 21, 32, 16, 1}, {3, 9, 9, 5, 3, 1}} {
			t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(9, 10))
				imageX, imageY := c.H*c.W*c.In, c.H*c.W*c.Out
				x, w, y := normal(rng, c.N*imageX), normal(rng, c.Out*c.In*9), make([]float32, c.N*imageY)
				packed := make([]float32, c.ForwardSize())
				c.PackForward(packed, w)
				c.Forward(y, x, packed, nil, nil, nil)
				one, alone := c, make([]float32, imageY)
				one.N = 1
				for n := range c.N {
					one.Forward(alone, x[n*imageX:][:imageX], packed, nil, nil, nil)
					if !slices.Equal(alone, y[n*imageY:][:imageY]) {
						t.Errorf("image %d alone differs from image %d of %d", n, n, c.N)
					}
				}
			})
		}
	})
}

// AVX-512 gives the bits of AVX2.
func TestAVX512GivesTheBitsOfAVX2(t *testing.T) {
	if !useAVX2 || !useAVX512 {
		t.Skip("this processor has no AVX-512")
	}
	defer func() { useAVX512 = true }()
	for _, c := range []Conv{{3, 17, 13, 16, 48, 1}, {2, 16, 16, 40, 32, 2}} {
		var results [2][]float32
		for i, on := range []bool{true, false} {
			useAVX512 = on
			rng := rand.New(rand.NewPCG(5, 6))
			x, w := normal(rng, c.N*c.H*c.W*c.In), normal(rng, c.Out*c.In*9)
			y := normal(rng, c.N*c.OutH()*c.OutW()*c.Out)
			packed := make([]float32, c.ForwardSize())
			c.PackForward(packed, w)
			c.BackwardWeights(w, x, y, make([]float32, c.PartsSize()))
			c.Forward(y, x, packed, nil, nil, nil)
			results[i] = append(y, w...)
		}
		if !slices.Equal(results[0], results[1]) {
			t.Errorf("%+v: results differ", c)
		}
	}
}

// BenchmarkConv reports effective GFLOP/s: the multiplications and additions of the direct sum, whatever the algorithm.
func BenchmarkConv(b *testing.B) {
	for _, c := range []Conv{
		{32, 28, 28, 16, 16, 1}, {16, 32, 32, 32, 32, 1}, {16, 32, 32, 64, 32, 1}, {16, 16, 16, 64, 64, 1},
		{16, 16, 16, 128, 64, 1}, {16, 8, 8, 128, 64, 1},
		{16, 14, 14, 32, 32, 1}, {16, 7, 7, 64, 64, 1}, {16, 8, 8, 256, 256, 1},
		{1, 32, 32, 32, 32, 1}, {4, 64, 64, 64, 64, 1}, {16, 16, 16, 128, 128, 1}, {16, 32, 32, 32, 32, 2},
		{16, 32, 32, 1, 32, 1}, {16, 32, 32, 32, 1, 1},
	} {
		rng := rand.New(rand.NewPCG(7, 8))
		results := c.N * c.OutH() * c.OutW()
		x, w, g := normal(rng, c.N*c.H*c.W*c.In), normal(rng, c.Out*c.In*9), normal(rng, results*c.Out)
		forward, backward := make([]float32, c.ForwardSize()), make([]float32, c.BackwardSize())
		parts := make([]float32, c.PartsSize())
		c.PackForward(forward, w)
		c.PackBackward(backward, w)
		flops := 2 * 9 * float64(results*c.In*c.Out)
		for _, part := range []struct {
			name string
			run  func()
		}{
			{"forward", func() { c.Forward(g, x, forward, nil, nil, nil) }},
			{"input", func() { c.BackwardInput(x, g, backward) }},
			{"weights", func() { c.BackwardWeights(w, x, g, parts) }},
			{"pack", func() { c.PackForward(forward, w); c.PackBackward(backward, w) }},
		} {
			name := fmt.Sprintf("%dx%dx%dx%d-%d-stride%d/%s", c.N, c.H, c.W, c.In, c.Out, c.Stride, part.name)
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					part.run()
				}
				b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s-effective")
			})
		}
	}
}
