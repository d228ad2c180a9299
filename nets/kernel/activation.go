package kernel

import "math"

// exp(x) = 2^n exp(r) with n = round(x / ln 2) and r = x - n ln 2, so that |r| <= ln(2)/2. ln 2 is the sum of ln2High
// and ln2Low; ln2High has so few digits that n ln2High is exact. Below expLowest the result would be subnormal, above
// expHighest infinite.
const (
	expLowest  = -87.33654
	expHighest = 88.72283
	log2E      = 1.44269504
	ln2High    = 0.693359375
	ln2Low     = -2.12194440e-4
)

// Exp computes dst = exp(x) to a relative error of 2e-7. For x < -87.33654 it gives 0, for x > 88.72283 the value at
// 88.72283, 3.4e38, and for a NaN a NaN.
func Exp(dst, x []float32) {
	checkLength("Exp", "x", len(x), len(dst))
	if useAVX2 {
		expAVX2(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = exponential(v)
	}
}

// exponential returns exp(x). The polynomial of degree 6 has the exact value and slope of exp at 0, and among those the
// smallest largest relative error.
func exponential(x float32) float32 {
	switch {
	case x != x:
		return x
	case x < expLowest:
		return 0
	}
	x = min(x, expHighest)
	n := float32(math.RoundToEven(float64(x * log2E)))
	r := x - n*ln2High - n*ln2Low
	y := float32(0.00138145406)
	y = y*r + 0.00836874638
	y = y*r + 0.041668389
	y = y*r + 0.166665211
	y = y*r + 0.49999994
	y = y*r + 1
	y = y*r + 1
	return math.Float32frombits(math.Float32bits(y) + uint32(int32(n))<<23)
}

// SiLU computes dst = x sigmoid(x) (Hendrycks and Gimpel 2016; also called swish).
func SiLU(dst, x []float32) {
	checkLength("SiLU", "x", len(x), len(dst))
	if useAVX2 {
		siluAVX2(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = v * sigmoid(v)
	}
}

// SiLUBackward computes dx = g silu'(x), the gradient with respect to x, where g is the gradient with respect to SiLU's
// result.
func SiLUBackward(dx, x, g []float32) {
	checkLength("SiLUBackward", "x", len(x), len(dx))
	checkLength("SiLUBackward", "g", len(g), len(dx))
	if useAVX2 {
		siluBackwardAVX2(dx, x, g)
		return
	}
	for i, v := range x {
		dx[i] = g[i] * siluSlope(v)
	}
}

// sigmoid returns 1/(1 + exp(-v)). For v < -87.33654 it gives the value at -87.33654, 1.2e-38.
func sigmoid(v float32) float32 {
	e := exponential(max(v, expLowest))
	return e / (1 + e)
}

// siluSlope returns the derivative of v sigmoid(v).
func siluSlope(v float32) float32 {
	s := sigmoid(v)
	return s * (1 + v*(1-s))
}
