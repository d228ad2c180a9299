package walk

import (
	"math"
	"testing"
)

// Rosenbrock's curved valley has its least value 0 at (1, 1). Points with x < -1.2 are forbidden.
func TestMinimize(t *testing.T) {
	calls := 0
	x, value := minimize(func(x []float64) float64 {
		calls++
		if x[0] < -1.2 {
			return math.Inf(1)
		}
		return math.Pow(1-x[0], 2) + 100*math.Pow(x[1]-x[0]*x[0], 2)
	}, []float64{-1.2, 1}, 0.5, 500)
	if math.Abs(x[0]-1) > 1e-3 || math.Abs(x[1]-1) > 1e-3 || value > 1e-6 {
		t.Errorf("least at %v, with the value %g", x, value)
	}
	if calls > 505 {
		t.Errorf("%d evaluations of 500", calls)
	}
}
