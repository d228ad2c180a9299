package kernel

// The destination of an elementwise kernel may be one of the sources, from the same first element on. Any other overlap
// gives undefined values.

// Add computes dst = a + b.
func Add(dst, a, b []float32) {
	checkLength("Add", "a", len(a), len(dst))
	checkLength("Add", "b", len(b), len(dst))
	add(dst, a, b)
}

// AddTo computes dst += a.
func AddTo(dst, a []float32) {
	checkLength("AddTo", "a", len(a), len(dst))
	add(dst, dst, a)
}

func add(dst, a, b []float32) {
	if useAVX2 {
		addAVX2(dst, a, b)
		return
	}
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

// Scale computes dst = alpha a.
func Scale(dst, a []float32, alpha float32) {
	checkLength("Scale", "a", len(a), len(dst))
	if useAVX2 {
		scaleAVX2(dst, a, alpha)
		return
	}
	for i, v := range a {
		dst[i] = alpha * v
	}
}

// blockValues is how many values are added in float32, in 32 sums beside each other, before they are added to a float64
// sum.
const blockValues = 4096

// Dot returns the sum of a b.
func Dot(a, b []float32) float64 {
	checkLength("Dot", "b", len(b), len(a))
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

// WeightedSquaredError returns w sum (f - target)^2, the training loss of one image (paper section 2), and writes its
// gradient with respect to f, d = 2 w (f - target).
func WeightedSquaredError(d, f, target []float32, w float32) float64 {
	checkLength("WeightedSquaredError", "f", len(f), len(d))
	checkLength("WeightedSquaredError", "target", len(target), len(d))
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
