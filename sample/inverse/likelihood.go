package inverse

import (
	"fmt"
	"math"
)

// A Likelihood is p(y | x) = N(y; A x, eta^2 I) of one measurement y. It is safe for
// concurrent use.
type Likelihood struct {
	a   Operator
	y   []float32
	eta float64
}

// NewLikelihood returns the likelihood of y, which it keeps. eta is the standard deviation
// of the noise in y, in the units of images in [-1, 1]. A y of another length than the
// operator's, and an eta that is not positive and finite, are errors.
func NewLikelihood(a Operator, y []float32, eta float64) (*Likelihood, error) {
	if len(y) != a.Measurement().Len() {
		return nil, fmt.Errorf("inverse: a measurement of %d values: the operator's has %v", len(y), a.Measurement())
	}
	if !(eta > 0) || math.IsInf(eta, 1) {
		return nil, fmt.Errorf("inverse: noise of standard deviation eta = %g: it must be positive and finite", eta)
	}
	return &Likelihood{a, y, eta}, nil
}

// Eta is the standard deviation of the noise in y.
func (l *Likelihood) Eta() float64 { return l.eta }

// Gradient writes eta^2 grad log p(y | x), which is A^T (y - A x) and for a Nonlinear
// operator J^T (y - A(x)): the negative gradient of ||y - A(x)||^2/2. x and dst are any
// number of images, all explained by the same y; they must not overlap. Lengths that are
// not of whole images, or differ, are errors.
func (l *Likelihood) Gradient(dst, x []float32) error {
	pixels := l.a.Image().Len()
	if len(x)%pixels != 0 || len(dst) != len(x) {
		return fmt.Errorf("inverse: gradient of %d values at %d: both must be as many images of %v", len(dst), len(x), l.a.Image())
	}
	nonlinear, _ := l.a.(Nonlinear)
	residual := make([]float32, len(l.y))
	for i := 0; i < len(x); i += pixels {
		x, dst := x[i:i+pixels], dst[i:i+pixels]
		l.a.Apply(residual, x)
		for j, v := range residual {
			residual[j] = l.y[j] - v
		}
		if nonlinear != nil {
			nonlinear.Pullback(dst, residual, x)
		} else {
			l.a.Adjoint(dst, residual)
		}
	}
	return nil
}
