package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// elementwiseCases lists elementwise kernels. want computes the result in float64, for one element of dst (as it was
// before the call), x and y.
var elementwiseCases = []struct {
	name string
	run  func(dst, x, y []float32)
	want func(dst, x, y float64) float64
}{
	{"Add", Add, func(_, x, y float64) float64 { return x + y }},
	{"AddTo", func(dst, x, _ []float32) { AddTo(dst, x) }, func(dst, x, _ float64) float64 { return dst + x }},
	{"Scale", func(dst, x, _ []float32) { Scale(dst, x, -1.5) }, func(_, x, _ float64) float64 { return -1.5 * x }},
	{"Exp", func(dst, x, _ []float32) { Exp(dst, x) }, func(_, x, _ float64) float64 { return math.Exp(x) }},
	{"SiLU", func(dst, x, _ []float32) { SiLU(dst, x) },
		func(_, x, _ float64) float64 { return x / (1 + math.Exp(-x)) }},
	{"SiLUBackward", SiLUBackward, func(_, x, y float64) float64 { return y * slope(x) }},
	{"WeightedSquaredError", func(dst, x, y []float32) { WeightedSquaredError(dst, x, y, 0.5) },
		func(_, x, y float64) float64 { return x - y }},
}

// slope is the derivative of x/(1 + exp(-x)) by the quotient rule.
func slope(x float64) float64 {
	e := math.Exp(-x)
	return (1 + e + x*e) / ((1 + e) * (1 + e))
}

// within reports values that miss want by more than tolerance relative to 1 + |want|.
func within(t *testing.T, what string, i int, got float32, want, tolerance float64) {
	t.Helper()
	if d := math.Abs(float64(got) - want); !(d <= tolerance*(1+math.Abs(want))) {
		t.Fatalf("%s[%d] = %v, want %v", what, i, got, want)
	}
}

// oddSizes are 0 to 70, which include every remainder of every loop, and two larger sizes.
var oddSizes = func() (sizes []int) {
	for n := range 71 {
		sizes = append(sizes, n)
	}
	return append(sizes, 1023, 4099)
}()

// Every element of a sub-slice at any alignment gets its value, and the elements around it are left alone.
func TestElementwise(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, k := range elementwiseCases {
			t.Run(k.name, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 0))
				for _, n := range oddSizes {
					offset := n % 5
					before, x, y := normal(rng, n+offset+9), normal(rng, n+offset), normal(rng, n+1)
					after := slices.Clone(before)
					k.run(after[offset:offset+n], x[offset:], y[1:])
					for i, v := range after {
						if i < offset || i >= offset+n {
							if v != before[i] {
								t.Fatalf("size %d wrote element %d", n, i-offset)
							}
							continue
						}
						want := k.want(float64(before[i]), float64(x[i]), float64(y[i-offset+1]))
						within(t, fmt.Sprint("size ", n), i-offset, v, want, 3e-7)
					}
				}
			})
		}
	})
}

// An element has the same bits in the middle of a long slice, in its tail and alone.
func TestElementwiseDoesNotDependOnPosition(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, k := range elementwiseCases {
			const n = 83
			rng := rand.New(rand.NewPCG(2, 0))
			x, y, whole := normal(rng, n), normal(rng, n), normal(rng, n)
			alone := slices.Clone(whole)
			k.run(whole, x, y)
			for i := range n {
				k.run(alone[i:i+1], x[i:i+1], y[i:i+1])
			}
			if !slices.Equal(whole, alone) {
				t.Errorf("%s depends on position", k.name)
			}
		}
	})
}

func TestSums(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 0))
		for _, n := range append(oddSizes, 4096, 100_003) {
			a, b := normal(rng, n+1)[1:], normal(rng, n)
			var dot, squares, errors float64
			for i := range a {
				dot += float64(a[i]) * float64(b[i])
				squares += float64(a[i]) * float64(a[i])
				errors += 0.5 * math.Pow(float64(a[i])-float64(b[i]), 2)
			}
			loss := WeightedSquaredError(make([]float32, n), a, b, 0.5)
			sum := []float32{float32(Dot(a, b)), float32(SumSquares(a)), float32(loss)}
			for i, want := range []float64{dot, squares, errors} {
				if d := math.Abs(float64(sum[i]) - want); d > 2e-7*(squares+1) {
					t.Errorf("sum %d of %d values is %v, want %v", i, n, sum[i], want)
				}
			}
		}
	})
}
