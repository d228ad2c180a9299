package walk

import (
	"math"
	"testing"
)

func TestSchedules(t *testing.T) {
	const high, low = 157.407, 0.01
	for _, tt := range []struct {
		name      string
		sigma     []float64
		high, low float64
	}{
		{"pretrained 1000", Pretrained(1000), 157.407, 0.0100005},
		{"pretrained 37", Pretrained(37), 157.407, 0.0100005},
		{"linear", Linear(high, low, 50), high, low},
		{"sigmoid", Sigmoid(high, low, 50), high, low},
		{"geometric", Geometric(high, low, 50), high, low},
		{"geometric 1", Geometric(high, low, 1), high, high},
	} {
		t.Run(tt.name, func(t *testing.T) {
			last := len(tt.sigma) - 1
			if math.Abs(tt.sigma[0]/tt.high-1) > 1e-4 || math.Abs(tt.sigma[last]/tt.low-1) > 1e-4 {
				t.Errorf("from %g to %g, want %g to %g", tt.sigma[0], tt.sigma[last], tt.high, tt.low)
			}
			for k := range last {
				if tt.sigma[k+1] >= tt.sigma[k] {
					t.Errorf("sigma does not fall at step %d: %g, %g", k, tt.sigma[k], tt.sigma[k+1])
				}
			}
		})
	}
}

func TestGeometricHasConstantRatio(t *testing.T) {
	sigma := Geometric(80, 0.02, 30)
	for k := 2; k < len(sigma); k++ {
		if r, first := sigma[k]/sigma[k-1], sigma[1]/sigma[0]; math.Abs(r-first) > 1e-12 {
			t.Errorf("step %d: ratio %g, at first %g", k, r, first)
		}
	}
}
