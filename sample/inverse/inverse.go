// Package inverse has what a walk needs to sample images x that explain a measurement y (paper section 5),
//
//	y = A x + e,  e ~ N(0, eta^2 I):
//
// forward operators A with their exact adjoints A^T, and the gradient of the likelihood. Any type that implements
// [Operator] can take the place of an operator of this package.
//
// The package knows images as []float32, NCHW in [-1, 1]. It must not know a network, a file, a flag or a walk. Masks
// are given as pixels.
package inverse

import (
	"fmt"
	"math/rand/v2"
)

// A Shape is the size of one image or of one measurement. A measurement that is not an image has one row.
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

// An Operator is a forward operator A: it measures one image.
//
// Every operator of this package has a norm of about one or less, and so should others: with tau <= eta^2 (paper
// section 5) the likelihood's part of a step, (tau/eta^2) A^T A, then never overshoots so far that the walk diverges.
//
// An Operator is safe for concurrent use. It panics if a slice has a wrong length.
type Operator interface {
	Image() Shape       // of x
	Measurement() Shape // of y

	// Apply writes A x to dst. x and dst must not overlap.
	Apply(dst, x []float32)

	// Adjoint writes A^T y to dst. y and dst must not overlap. For a linear operator <A x, y> = <x, A^T y>, up to
	// rounding. A Nonlinear operator documents what it writes.
	Adjoint(dst, y []float32)
}

// A Nonlinear operator has a Jacobian that depends on the image.
type Nonlinear interface {
	Operator

	// Pullback writes J^T r to dst, where J is the Jacobian of A at x, and r has the measurement's shape.
	Pullback(dst, r, x []float32)
}

// Measure returns y = A x + eta n of one image. It draws n ~ N(0, I) from rng.
func Measure(a Operator, x []float32, eta float64, rng *rand.Rand) []float32 {
	y := make([]float32, a.Measurement().Len())
	a.Apply(y, x)
	for i := range y {
		y[i] += float32(eta * rng.NormFloat64())
	}
	return y
}

// Show returns a measurement as an image of the operator's shape, for comparison with the true image by eye or by
// PSNR. If y is an image, as in super-resolution, it is enlarged by repeating its pixels, and its channel if it is
// gray. Otherwise the result is A^T y. For inpainting this is the measured pixels, with gray (0) in place of the
// others.
func Show(a Operator, y []float32) []float32 {
	x := make([]float32, a.Image().Len())
	checkLengths(a, x, y)
	if l, ok := a.(*linear); !ok || !l.picture {
		a.Adjoint(x, y)
		return x
	}
	from, to := a.Measurement(), a.Image()
	for i := range x {
		c, row, column := i/(to.Height*to.Width), i/to.Width%to.Height, i%to.Width
		c, row, column = c*from.Channels/to.Channels, row*from.Height/to.Height, column*from.Width/to.Width
		x[i] = y[(c*from.Height+row)*from.Width+column]
	}
	return x
}

// checkLengths panics unless x is one image and y one measurement of a.
func checkLengths(a Operator, x, y []float32) {
	if len(x) != a.Image().Len() || len(y) != a.Measurement().Len() {
		panic(fmt.Sprintf("inverse: an image of %d values and a measurement of %d: must be %v and %v",
			len(x), len(y), a.Image(), a.Measurement()))
	}
}
