package kernel

import "math"

// Softmax replaces each row r of x, `row` values long, by softmax(scale r) = exp(scale r) / sum exp(scale r).
func Softmax(x []float32, row int, scale float32) {
	wholeRows("Softmax", len(x), row)
	if useAVX2 {
		softmaxAVX2(x, row, scale)
		return
	}
	for i := 0; i < len(x); i += row {
		r := x[i:][:row]
		top := float32(math.Inf(-1))
		for _, v := range r {
			top = max(top, scale*v)
		}
		var sum float32
		for k, v := range r {
			r[k] = exponential(scale*v - top)
			sum += r[k]
		}
		for k := range r {
			r[k] /= sum
		}
	}
}

// SoftmaxBackward computes dx = scale p (g - sum p g) row by row: the gradient of softmax(scale x), whose value was p,
// for the gradient g of p.
func SoftmaxBackward(dx, p, g []float32, row int, scale float32) {
	sameLength("SoftmaxBackward", len(dx), len(p), len(g))
	wholeRows("SoftmaxBackward", len(dx), row)
	if useAVX2 {
		softmaxBackwardAVX2(dx, p, g, row, scale)
		return
	}
	for i := 0; i < len(dx); i += row {
		to, from := dx[i:], g[i:]
		var mean float32
		for k, v := range p[i:][:row] {
			mean += v * from[k]
		}
		for k, v := range p[i:][:row] {
			to[k] = scale * v * (from[k] - mean)
		}
	}
}
