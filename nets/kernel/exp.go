package kernel

import "math"

// exp(x) = 2^n exp(r) with n = round(x / ln 2) and r = x - n ln 2, so that |r| <= ln(2)/2. ln 2 is split in two, the first
// part short enough that n times it is exact. Below expLowest the result would be subnormal, above expHighest infinite.
const (
	expLowest  = -87.33654
	expHighest = 88.72283
	log2E      = 1.44269504
	ln2High    = 0.693359375
	ln2Low     = -2.12194440e-4
)

// Exp computes dst = exp(x) to a relative error of 2e-7. Where x < -87.33654 it is 0, where x > 88.72283 it stays at the
// value there, 3.4e38; a NaN gives a NaN.
func Exp(dst, x []float32) {
	sameLength("Exp", len(dst), len(x))
	if useAVX2 {
		expAVX2(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = exponential(v)
	}
}

// exponential returns exp(x). The polynomial is the minimax fit, relative to exp, of degree 6 with exact value and
// slope at 0.
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
