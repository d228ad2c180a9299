// Package inverse is the measurement of paper section 5,
//
//	y = A x + e,  e ~ N(0, eta^2 I):
//
// forward operators A with their exact adjoints A^T, and the gradient of the likelihood
// that steers a walk towards the images that explain y.
//
// It knows images as []float32, NCHW in [-1, 1]. It must not know a network, a file, a
// flag or a walk; masks come to it as pixels.
package inverse

import (
	"fmt"
	"math/rand/v2"
)

// A Shape is the size of one image or of one measurement; a measurement that is no
// image has one row.
type Shape struct {
	Channels, Height, Width int
}

// Len is the number of values.
func (s Shape) Len() int { return s.Channels * s.Height * s.Width }

func (s Shape) String() string { return fmt.Sprintf("%dx%dx%d", s.Channels, s.Height, s.Width) }

func (s Shape) check() error {
	if s.Channels < 1 || s.Height < 1 || s.Width < 1 {
		return fmt.Errorf("inverse: images of %v: channels, height and width must be at least 1", s)
	}
	return nil
}

// An Operator is A: it measures one image. The norm of every operator of this package is
// about one or less: with tau <= eta^2 (paper section 5) the likelihood's part of a step,
// (tau/eta^2) A^T A, then never overshoots by so much that the walk diverges.
//
// An Operator is safe for concurrent use. Slices of a wrong length panic.
type Operator interface {
	Image() Shape       // of x
	Measurement() Shape // of y

	// Apply writes A x to dst; they must not overlap.
	Apply(dst, x []float32)

	// Adjoint writes A^T y to dst; they must not overlap. For a linear operator
	// <A x, y> = <x, A^T y>, up to rounding. A Nonlinear one says what it writes.
	Adjoint(dst, y []float32)
}

// A Nonlinear operator has another derivative at every image.
type Nonlinear interface {
	Operator

	// Pullback writes J^T r to dst, J the Jacobian of A at x, r of a measurement's shape.
	Pullback(dst, r, x []float32)
}

// Measure returns y = A x + eta n of one image, n ~ N(0, I) drawn from rng.
func Measure(a Operator, x []float32, eta float64, rng *rand.Rand) []float32 {
	y := make([]float32, a.Measurement().Len())
	a.Apply(y, x)
	for i := range y {
		y[i] += float32(eta * rng.NormFloat64())
	}
	return y
}

// checkLengths panics unless x is one image and y one measurement of a.
func checkLengths(a Operator, x, y []float32) {
	if len(x) != a.Image().Len() || len(y) != a.Measurement().Len() {
		panic(fmt.Sprintf("inverse: an image of %d values and a measurement of %d: must be %v and %v",
			len(x), len(y), a.Image(), a.Measurement()))
	}
}
