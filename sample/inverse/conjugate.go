package inverse

import "math"

// conjugateGradients solves M z = r for a positive definite M, given by its product with a vector, until the residual is tolerance times
// r, or float32 operators within M allow no more (Hestenes and Stiefel 1952).
func conjugateGradients(product func(dst, v []float64), r []float64, tolerance float64) []float64 {
	z, residual := make([]float64, len(r)), append([]float64(nil), r...)
	direction, moved := append([]float64(nil), r...), make([]float64, len(r))
	square := inner(r, r)
	least := square * tolerance * tolerance
	for range 2 * len(r) {
		if square <= least {
			break
		}
		product(moved, direction)
		curvature := inner(direction, moved)
		if !(curvature > 0) {
			break // rounding
		}
		step := square / curvature
		for i := range z {
			z[i] += step * direction[i]
			residual[i] -= step * moved[i]
		}
		next := inner(residual, residual)
		for i := range direction {
			direction[i] = residual[i] + next/square*direction[i]
		}
		square = next
	}
	return z
}

func inner(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// apply and adjoint are A and A^T on float64.
func apply(a Operator, dst, x []float64) { through(a.Apply, a.Image(), a.Measurement(), dst, x) }

func adjoint(a Operator, dst, y []float64) { through(a.Adjoint, a.Measurement(), a.Image(), dst, y) }

func through(operator func(dst, x []float32), from, to Shape, dst, x []float64) {
	in, out := make([]float32, from.Len()), make([]float32, to.Len())
	scale := 0.0 // float32 has a range, and no constant error
	for _, v := range x {
		scale = max(scale, math.Abs(v))
	}
	if scale == 0 {
		clear(dst)
		return
	}
	for i, v := range x {
		in[i] = float32(v / scale)
	}
	operator(out, in)
	for i, v := range out {
		dst[i] = scale * float64(v)
	}
}
