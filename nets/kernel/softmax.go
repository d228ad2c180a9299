package kernel

import "math"

// Softmax replaces each row r of x by softmax(scale r) = exp(scale r) / sum exp(scale r). A row has `row` values.
func Softmax(x []float32, row int, scale float32) {
	checkRows("Softmax", "x", len(x), row)
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

// SoftmaxBackward computes dx = scale p (g - sum p g) row by row: the gradient with respect to x, where p is
// softmax(scale x) and g the gradient with respect to p.
func SoftmaxBackward(dx, p, g []float32, row int, scale float32) {
	checkLength("SoftmaxBackward", "p", len(p), len(dx))
	checkLength("SoftmaxBackward", "g", len(g), len(dx))
	checkRows("SoftmaxBackward", "dx", len(dx), row)
	if useAVX2 {
		softmaxBackwardAVX2(dx, p, g, row, scale)
		return
	}
	for i := 0; i < len(dx); i += row {
		dxRow, gRow := dx[i:], g[i:]
		var mean float32
		for k, v := range p[i:][:row] {
			mean += v * gRow[k]
		}
		for k, v := range p[i:][:row] {
			dxRow[k] = scale * v * (gRow[k] - mean)
		}
	}
}
