package inverse

import (
	"fmt"
	"math"
)

// A Likelihood is p(y | x) = N(y; A x, eta^2 I) for one measurement y. It is safe for concurrent use.
type Likelihood struct {
	a   Operator
	y   []float32
	eta float64
}

// NewLikelihood returns the likelihood of y, and keeps y. eta is the standard deviation of the noise in y, in the
// units of images in [-1, 1]. It reports a y whose length is not that of the operator's measurement, and an eta that
// is not positive and finite.
func NewLikelihood(a Operator, y []float32, eta float64) (*Likelihood, error) {
	if len(y) != a.Measurement().Len() {
		return nil, fmt.Errorf("inverse: a measurement of %d values: the operator's has %v", len(y), a.Measurement())
	}
	if !(eta > 0) || math.IsInf(eta, 1) {
		return nil, fmt.Errorf("inverse: noise of standard deviation eta = %g: it must be positive and finite", eta)
	}
	return &Likelihood{a, y, eta}, nil
}

// Eta returns the standard deviation of the noise in y.
func (l *Likelihood) Eta() float64 { return l.eta }

// Gradient writes eta^2 grad log p(y | x), the negative gradient of ||y - A(x)||^2/2: A^T (y - A x), or J^T (y -
// A(x)) for a Nonlinear operator. x and dst are any number of images, all with the same measurement y, and must not
// overlap. It reports lengths that differ or are not those of whole images.
func (l *Likelihood) Gradient(dst, x []float32) error {
	nonlinear, _ := l.a.(Nonlinear)
	return l.each(dst, x, func(dst, x, residual []float32) {
		if nonlinear != nil {
			nonlinear.Pullback(dst, residual, x)
		} else {
			l.a.Adjoint(dst, residual)
		}
	})
}

// each calls f for each image of x with its part of dst and its residual y - A(x). It reports lengths that differ or
// are not those of whole images.
func (l *Likelihood) each(dst, x []float32, f func(dst, x, residual []float32)) error {
	pixels := l.a.Image().Len()
	if len(x)%pixels != 0 || len(dst) != len(x) {
		return fmt.Errorf("inverse: %d values for those of %d: both must be as many images of %v",
			len(dst), len(x), l.a.Image())
	}
	residual := make([]float32, len(l.y))
	for i := 0; i < len(x); i += pixels {
		x := x[i : i+pixels]
		l.a.Apply(residual, x)
		for j, v := range residual {
			residual[j] = l.y[j] - v
		}
		f(dst[i:i+pixels], x, residual)
	}
	return nil
}

// Likelihoods are those of several measurements in one walk: measurement i belongs to image i. There is at least one,
// and all have operators of the same shape and the same eta.
type Likelihoods []*Likelihood

// Eta returns the standard deviation of the noise in every measurement.
func (ls Likelihoods) Eta() float64 { return ls[0].Eta() }

// Gradient writes the gradient of each likelihood at its image. x and dst hold as many images as there are
// likelihoods.
func (ls Likelihoods) Gradient(dst, x []float32) error {
	return ls.each(dst, x, (*Likelihood).Gradient)
}

// each calls f for each likelihood with its image of x and of dst.
func (ls Likelihoods) each(dst, x []float32, f func(l *Likelihood, dst, x []float32) error) error {
	pixels := ls[0].a.Image().Len()
	if len(x) != len(ls)*pixels || len(dst) != len(x) {
		return fmt.Errorf("inverse: %d values for those of %d: both must be %d images of %v",
			len(dst), len(x), len(ls), ls[0].a.Image())
	}
	for i, l := range ls {
		if err := f(l, dst[i*pixels:][:pixels], x[i*pixels:][:pixels]); err != nil {
			return err
		}
	}
	return nil
}
