package kernel

import (
	"math"
	"testing"
)

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
