package inverse

import "math"

// conjugateGradients solves M z = r for a positive definite M, given by its product with a vector (Hestenes and
// Stiefel 1952). It stops when the residual is tolerance times r, or when the rounding of float32 operators in M
// prevents progress. Without rounding it takes at most as many steps as r has values; with it, several times as many
// if M is ill-conditioned.
func conjugateGradients(product func(dst, v []float64), r []float64, tolerance float64) []float64 {
	z, residual := make([]float64, len(r)), append([]float64(nil), r...)
	direction, image := append([]float64(nil), r...), make([]float64, len(r))
	square := inner(r, r)
	least := square * tolerance * tolerance
	for range 10 * len(r) {
		if square <= least {
			break
		}
		product(image, direction)
		curvature := inner(direction, image)
		if !(curvature > 0) {
			break // rounding
		}
		step := square / curvature
		for i := range z {
			z[i] += step * direction[i]
			residual[i] -= step * image[i]
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

// apply writes A x in float64.
func apply(a Operator, dst, x []float64) { inFloat32(a.Apply, dst, x) }

// adjoint writes A^T y in float64.
func adjoint(a Operator, dst, y []float64) { inFloat32(a.Adjoint, dst, y) }

// inFloat32 applies a linear operator of float32 to x divided by its largest magnitude, so nothing overflows or
// underflows.
func inFloat32(operator func(dst, x []float32), dst, x []float64) {
	in, out := make([]float32, len(x)), make([]float32, len(dst))
	scale := 0.0
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
