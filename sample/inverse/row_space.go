package inverse

import "math"

// A rowSpace projects images on the row space of a linear A, the space that a measurement determines:
//
//	A^T (A A^T + damping I)^-1 A x.
//
// Singular values of A below about a thousandth of its norm count as zero: the damping is relative to |A A^T|, so that
// it makes no difference in which units A measures.
type rowSpace struct {
	a              Operator
	damping        float64
	back, measured []float64
}

// relativeDamping is the damping as a share of |A A^T|. The part of an image along a singular vector is right to
// relativeDamping/s^2, where s is the singular value relative to the norm of A: to 1e-4 if s is a tenth or more.
const relativeDamping = 1e-6

func newRowSpace(a Operator) *rowSpace {
	r := &rowSpace{a: a, back: make([]float64, a.Image().Len()), measured: make([]float64, a.Measurement().Len())}
	if !r.isAll() {
		r.damping = relativeDamping * squaredNorm(a)
	}
	return r
}

// isAll reports whether every image counts as being in the row space: A has as many measurements as pixels, or more.
func (r *rowSpace) isAll() bool { return len(r.measured) >= len(r.back) }

// project writes the projection of x.
func (r *rowSpace) project(dst, x []float64) {
	if r.isAll() {
		copy(dst, x)
		return
	}
	apply(r.a, r.measured, x)
	z := conjugateGradients(func(dst, v []float64) {
		adjoint(r.a, r.back, v)
		apply(r.a, dst, r.back)
		for k := range dst {
			dst[k] += r.damping * v[k]
		}
	}, r.measured, tolerance)
	adjoint(r.a, dst, z)
}

// squaredNorm returns |A A^T|, the largest eigenvalue, by 30 steps of power iteration, which come near enough to it for
// a damping. They start from numbers between 1/2 and 3/2 without a pattern, so that smooth and irregular eigenvectors
// both have a part in it.
func squaredNorm(a Operator) float64 {
	y, x := make([]float64, a.Measurement().Len()), make([]float64, a.Image().Len())
	for i := range y {
		_, y[i] = math.Modf(float64(i+1) * math.Phi)
		y[i] += 0.5
	}
	square := 0.0
	for range 30 {
		length := math.Sqrt(inner(y, y))
		if length == 0 {
			return 0
		}
		for i := range y {
			y[i] /= length
		}
		adjoint(a, x, y)
		square = inner(x, x)
		apply(a, y, x)
	}
	return square
}
