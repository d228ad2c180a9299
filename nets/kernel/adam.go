package kernel

import "math"

// AdamStep holds the numbers of one update. They are float64, since 1 - 0.9999 has only four good digits in float32.
type AdamStep struct {
	Rate         float64 // learning rate of this step
	Beta1, Beta2 float64 // decay of the first and of the second moment
	Epsilon      float64 // added to the square root of the second moment
	Correction1  float64 // 1 - Beta1^t, where t = 1, 2, ... numbers the steps
	Correction2  float64 // 1 - Beta2^t
	GradScale    float64 // factor of the gradient: less than 1 to clip its norm, or to average accumulated gradients
	EMADecay     float64 // decay of the moving average of the parameters
}

// Adam updates parameters w, their moments m and v, and their moving average ema, given the gradient g:
//
//	g' = GradScale g
//	m  = Beta1 m + (1 - Beta1) g'
//	v  = Beta2 v + (1 - Beta2) g'^2
//	w  = w - Rate (m / Correction1) / (sqrt(v / Correction2) + Epsilon)
//	ema = ema + (1 - EMADecay) (w - ema)
//
// (Kingma and Ba 2015, algorithm 1, as in PyTorch). If ema is nil, there is no average.
func Adam(w, g, m, v, ema []float32, step AdamStep) {
	checkLength("Adam", "g", len(g), len(w))
	checkLength("Adam", "m", len(m), len(w))
	checkLength("Adam", "v", len(v), len(w))
	checkOptional("Adam", "ema", ema, len(w))
	gradScale, epsilon := float32(step.GradScale), float32(step.Epsilon)
	keep1, take1 := float32(step.Beta1), float32(1-step.Beta1)
	keep2, take2 := float32(step.Beta2), float32(1-step.Beta2)
	rate, root := float32(step.Rate/step.Correction1), float32(1/math.Sqrt(step.Correction2))
	emaTake := float32(1 - step.EMADecay)
	if useAVX2 {
		adamAVX2(w, g, m, v, ema, gradScale, keep1, take1, keep2, take2, rate, root, epsilon, emaTake)
		return
	}
	for i := range w {
		grad := gradScale * g[i]
		m[i] = keep1*m[i] + take1*grad
		v[i] = keep2*v[i] + take2*grad*grad
		w[i] -= rate * m[i] / (root*float32(math.Sqrt(float64(v[i]))) + epsilon)
	}
	for i := range ema {
		ema[i] += emaTake * (w[i] - ema[i])
	}
}
