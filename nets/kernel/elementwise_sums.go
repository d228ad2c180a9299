package kernel

// blockValues is how many values are summed in float32, spread over 32 partial sums, before they join a float64 sum.
const blockValues = 4096

// Dot returns the sum of a b.
func Dot(a, b []float32) float64 {
	sameLength("Dot", len(a), len(b))
	var sum float64
	if useAVX2 {
		for i := 0; i < len(a); i += blockValues {
			end := min(i+blockValues, len(a))
			sum += dotAVX2(a[i:end], b[i:end])
		}
		return sum
	}
	for i, v := range a {
		sum += float64(v) * float64(b[i])
	}
	return sum
}

// SumSquares returns the sum of a^2, the squared norm of a.
func SumSquares(a []float32) float64 { return Dot(a, a) }

// WeightedSquaredError returns w sum (f - target)^2, the loss of one image in the training template (paper section 2),
// and writes its gradient with respect to f, d = 2 w (f - target).
func WeightedSquaredError(d, f, target []float32, w float32) float64 {
	sameLength("WeightedSquaredError", len(d), len(f), len(target))
	var sum float64
	if useAVX2 {
		for i := 0; i < len(d); i += blockValues {
			end := min(i+blockValues, len(d))
			sum += squaredErrorAVX2(d[i:end], f[i:end], target[i:end], 2*w)
		}
		return float64(w) * sum
	}
	for i, v := range f {
		e := v - target[i]
		d[i] = 2 * w * e
		sum += float64(e) * float64(e)
	}
	return float64(w) * sum
}
