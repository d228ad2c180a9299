package nets

import (
	"math"
	"testing"
)

func TestDDPMTable(t *testing.T) {
	sigmas := LinearBetas(1e-4, 0.02, 1000).Sigmas()
	first, last := sigmas[0], sigmas[len(sigmas)-1]
	if len(sigmas) != 1000 || math.Abs(first-0.0100005) > 5e-8 || math.Abs(last-157.407) > 5e-4 {
		t.Errorf("%d levels from %g to %g, want 1000 from 0.0100005 to 157.407", len(sigmas), first, last)
	}
}

// (1 - alpha_t)/alphaBar_t = sigma_t^2 - sigma_{t-1}^2: DDPM and VE SDE take the same step (paper section 3).
func TestDDPMStepIsADifferenceOfVariances(t *testing.T) {
	v := LinearBetas(1e-4, 0.02, 1000)
	sigma := v.Sigmas()
	for i := 1; i < len(sigma); i++ {
		step, difference := v.Beta[i]/v.AlphaBar[i], sigma[i]*sigma[i]-sigma[i-1]*sigma[i-1]
		if math.Abs(step-difference) > 1e-10*difference {
			t.Fatalf("t = %d: %g and %g", i, step, difference)
		}
	}
}

func TestTimeInvertsSigma(t *testing.T) {
	v := LinearBetas(1e-4, 0.02, 1000)
	for _, at := range []float64{0, 0.25, 1, 1.5, 77.7, 500, 998, 998.9, 999} {
		if got := v.Time(v.Sigma(at)); math.Abs(got-at) > 1e-9 {
			t.Errorf("Time(Sigma(%g)) = %g", at, got)
		}
	}
	if v.Time(1e-6) != 0 || v.Time(1e6) != 999 {
		t.Errorf("levels outside the table have times %g and %g, want 0 and 999", v.Time(1e-6), v.Time(1e6))
	}
}
