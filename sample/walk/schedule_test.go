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
		{"karras", Karras(high, low, 50), high, low},
		{"cosine", Cosine(high, low, 50), high, low},
		{"cosine, far ends", Cosine(1e3, 1e-3, 50), 1e3, 1e-3},
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

func TestKarrasHasEvenRoots(t *testing.T) {
	sigma := Karras(80, 0.002, 5) // Karras et al. 2022, equation 5
	for k, want := range []float64{80, 17.5278, 2.5152, 0.1698, 0.002} {
		if math.Abs(sigma[k]/want-1) > 1e-3 {
			t.Errorf("level %d: %g, want %g", k, sigma[k], want)
		}
	}
}

// The levels of the cosine schedule belong to evenly spaced times between those of its ends.
func TestCosineHasEvenTimes(t *testing.T) {
	const T = 1000
	alphaBar := func(t float64) float64 {
		f := func(t float64) float64 { return math.Pow(math.Cos((t/T+0.008)/1.008*math.Pi/2), 2) }
		return f(t) / f(0)
	}
	sigma := func(t float64) float64 { return math.Sqrt((1 - alphaBar(t)) / alphaBar(t)) }
	const first, last, K = 980, 20, 49
	for k, got := range Cosine(sigma(first), sigma(last), K) {
		if want := sigma(first - 20*float64(k)); math.Abs(got/want-1) > 1e-9 {
			t.Errorf("level %d: sigma %g, want %g", k, got, want)
		}
	}
}
