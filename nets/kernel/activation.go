package kernel

// SiLU computes dst = x sigmoid(x) (Hendrycks and Gimpel 2016; also called swish).
func SiLU(dst, x []float32) {
	sameLength("SiLU", len(dst), len(x))
	if useAVX2 {
		siluAVX2(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = v * sigmoid(v)
	}
}

// SiLUBackward computes dx = g silu'(x), the gradient of SiLU at x for the gradient g of its result.
func SiLUBackward(dx, x, g []float32) {
	sameLength("SiLUBackward", len(dx), len(x), len(g))
	if useAVX2 {
		siluBackwardAVX2(dx, x, g)
		return
	}
	for i, v := range x {
		dx[i] = g[i] * siluSlope(v)
	}
}

// sigmoid returns 1/(1 + exp(-v)); for v < -87.33654 it stays at the value there, 1.2e-38.
func sigmoid(v float32) float32 {
	e := exponential(max(v, expLowest))
	return e / (1 + e)
}

// siluSlope returns the derivative of v sigmoid(v).
func siluSlope(v float32) float32 {
	s := sigmoid(v)
	return s * (1 + v*(1-s))
}
