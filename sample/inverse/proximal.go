package inverse

import (
	"errors"
	"fmt"
	"math"
)

// Distances returns |y - A(x)| of each image of x. It reports values that are not those of whole images.
func (l *Likelihood) Distances(x []float32) (distances []float64, err error) {
	err = l.each(x, x, func(_, _, residual []float32) { distances = append(distances, norm(residual)) })
	return distances, err
}

// Distances returns |y - A(x)| of each likelihood and its image. x holds as many images as there are likelihoods.
func (ls Likelihoods) Distances(x []float32) (distances []float64, err error) {
	err = ls.each(x, x, func(l *Likelihood, _, x []float32) error {
		d, err := l.Distances(x)
		distances = append(distances, d...)
		return err
	})
	return distances, err
}

func norm(v []float32) float64 {
	squares := 0.0
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	return math.Sqrt(squares)
}

// Correction writes z - x for each image of x, where z is the proximal point of x, the minimum of
//
//	|y - A z|^2 + rho |z - x|^2.
//
// With the residual r = y - A x,
//
//	z - x = (A^T A + rho I)^-1 A^T r = A^T (A A^T + rho I)^-1 r,
//
// which is found by conjugate gradients among measurements. If A A^T is a multiple of the identity, as for inpainting,
// they need one step. A blur needs hundreds where rho is below 1e-3, and at most twice as many as y has values. The
// rounding of operators in float32 grows with 1/rho.
//
// x and dst are any number of images and must not overlap. It reports lengths that differ or are not those of whole
// images, a rho that is not positive and finite, and a Nonlinear operator.
func (l *Likelihood) Correction(dst, x []float32, rho float64) error {
	if _, ok := l.a.(Nonlinear); ok {
		return errors.New("inverse: a measurement that is not linear has no proximal point in closed form")
	}
	if !(rho > 0) || math.IsInf(rho, 1) {
		return fmt.Errorf("inverse: a proximal point with rho = %g: it must be positive and finite", rho)
	}
	back := make([]float64, l.a.Image().Len())
	r := make([]float64, len(l.y))
	return l.each(dst, x, func(dst, _, residual []float32) {
		for i, v := range residual {
			r[i] = float64(v)
		}
		z := conjugateGradients(func(dst, v []float64) {
			adjoint(l.a, back, v)
			apply(l.a, dst, back)
			for i := range dst {
				dst[i] += rho * v[i]
			}
		}, r, tolerance)
		adjoint(l.a, back, z)
		for i, v := range back {
			dst[i] = float32(v)
		}
	})
}

// Correction writes the correction of each likelihood to its image. x and dst hold as many images as there are
// likelihoods.
func (ls Likelihoods) Correction(dst, x []float32, rho float64) error {
	return ls.each(dst, x, func(l *Likelihood, dst, x []float32) error { return l.Correction(dst, x, rho) })
}
