package kernel

import (
	"math"
	"testing"
)

func TestExpIsAccurate(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		const n = 1 << 20
		x, y := make([]float32, n), make([]float32, n)
		for i := range x {
			x[i] = -87 + 175*float32(i)/(n-1)
		}
		Exp(y, x)
		var worst float64
		for i, v := range x {
			want := math.Exp(float64(v))
			worst = max(worst, math.Abs(float64(y[i])-want)/want)
		}
		t.Logf("largest relative error %.3g", worst)
		if worst > 2e-7 {
			t.Errorf("largest relative error is %.3g", worst)
		}
	})
}

func TestExpAtTheEnds(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	odd := math.Float32frombits(0xFFC00123) // a NaN with unusual bits
	eachPath(t, func(t *testing.T) {
		x := []float32{0, -88, -1e30, -inf, nan, odd, 1e-30, 89, 1e30, inf}
		y := make([]float32, len(x))
		Exp(y, x)
		for i, want := range []float32{1, 0, 0, 0, nan, nan, 1} {
			if y[i] != want && !(want != want && y[i] != y[i]) {
				t.Errorf("exp(%v) = %v, want %v", x[i], y[i], want)
			}
		}
		for i := 7; i < len(x); i++ {
			if !(y[i] > 3.4e38 && y[i] <= math.MaxFloat32) {
				t.Errorf("exp(%v) = %v, want the largest finite values", x[i], y[i])
			}
		}
	})
}

// SiLU goes to 0 on the left and to x on the right, and its slope from 0 to 1.
func TestSiLUFarOut(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		x := []float32{-1e30, -1000, -89, 89, 1000, 1e30}
		y, d := make([]float32, len(x)), make([]float32, len(x))
		SiLU(y, x)
		SiLUBackward(d, x, []float32{1, 1, 1, 1, 1, 1})
		for i, v := range x {
			right := max(v, 0)
			if math.Abs(float64(y[i]-right)) > 1e-7*math.Abs(float64(v)) {
				t.Errorf("silu(%v) = %v", v, y[i])
			}
			if right = min(right, 1); math.Abs(float64(d[i]-right)) > 1e-7 {
				t.Errorf("silu'(%v) = %v", v, d[i])
			}
		}
	})
}
