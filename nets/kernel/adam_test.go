package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A hundred steps agree with the update of Kingma and Ba, algorithm 1, in float64.
func TestAdamFollowsItsDefinition(t *testing.T) {
	const rate, beta1, beta2, epsilon, scale, decay = 1e-2, 0.9, 0.999, 1e-8, 0.5, 0.9999
	eachPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(10, 0))
		for _, n := range []int{0, 1, 7, 8, 9, 31, 70} {
			w, m, v := normal(rng, n+1)[1:], make([]float32, n), make([]float32, n)
			ema := slices.Clone(w)
			wide, wideEMA := make([]float64, n), make([]float64, n)
			wideM, wideV := make([]float64, n), make([]float64, n)
			for i := range w {
				wide[i], wideEMA[i] = float64(w[i]), float64(w[i])
			}
			for step := 1; step <= 100; step++ {
				g := normal(rng, n)
				c1, c2 := 1-math.Pow(beta1, float64(step)), 1-math.Pow(beta2, float64(step))
				Adam(w, g, m, v, ema, AdamStep{rate, beta1, beta2, epsilon, c1, c2, scale, decay})
				for i := range wide {
					grad := scale * float64(g[i])
					wideM[i] = beta1*wideM[i] + (1-beta1)*grad
					wideV[i] = beta2*wideV[i] + (1-beta2)*grad*grad
					wide[i] -= rate * (wideM[i] / c1) / (math.Sqrt(wideV[i]/c2) + epsilon)
					wideEMA[i] = decay*wideEMA[i] + (1-decay)*wide[i]
				}
			}
			for i := range wide {
				what := fmt.Sprint("size ", n)
				within(t, what+": w", i, w[i], wide[i], 3e-6)
				within(t, what+": m", i, m[i], wideM[i], 1e-6)
				within(t, what+": v", i, v[i], wideV[i], 1e-6)
				within(t, what+": ema", i, ema[i], wideEMA[i], 3e-6)
			}
		}
	})
}

// The first step has length Rate against the gradient's sign, however large the gradient, and an average of decay 0
// is the parameter itself.
func TestAdamsFirstStep(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		g := []float32{1e-3, -1, 1e6, -1e-2, 5, 5, 5, 5, -7}
		w, ema := make([]float32, len(g)), make([]float32, len(g))
		step := AdamStep{Rate: 0.25, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-12,
			Correction1: 0.1, Correction2: 0.001, GradScale: 1}
		Adam(w, g, make([]float32, len(g)), make([]float32, len(g)), ema, step)
		for i, v := range g {
			within(t, "w", i, w[i], math.Copysign(0.25, -float64(v)), 1e-6)
		}
		if !slices.Equal(w, ema) {
			t.Errorf("average %v of parameters %v", ema, w)
		}
	})
}

// Without an average the parameters are the same.
func TestAdamWithoutAverage(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 0))
		w, g := normal(rng, 43), normal(rng, 43)
		alone := slices.Clone(w)
		step := AdamStep{0.1, 0.9, 0.99, 1e-8, 0.1, 0.01, 1, 0.5}
		Adam(w, g, make([]float32, 43), make([]float32, 43), make([]float32, 43), step)
		Adam(alone, g, make([]float32, 43), make([]float32, 43), nil, step)
		if !slices.Equal(w, alone) {
			t.Error("parameters differ without an average")
		}
	})
}
