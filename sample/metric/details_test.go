package metric

import (
	"math"
	"math/rand/v2"
	"testing"

	"tweedie/sample/inverse"
)

// TestNoiseLevel adds noise of known sigma to an image that is smooth but for a step.
func TestNoiseLevel(t *testing.T) {
	shape := inverse.Shape{Channels: 2, Height: 64, Width: 64}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, sigma := range []float64{0, 0.05, 0.3} {
		x := make([]float32, shape.Len())
		for i := range x {
			if i%64 > 20 {
				x[i] = 1
			}
			x[i] += float32(sigma * rng.NormFloat64())
		}
		// The median of 2048 coefficients has a relative standard error of 2.6%.
		if got := noiseLevel(x, shape); math.Abs(got-sigma) > 0.1*sigma+1e-6 {
			t.Errorf("noise of %g is found to be %g", sigma, got)
		}
	}
}

// TestSharpness has stripes of +1 and -1, one pixel wide, along columns: all of their energy is horizontal detail, of
// size (1 + 1 + 1 + 1)/2.
func TestSharpness(t *testing.T) {
	shape := inverse.Shape{Channels: 1, Height: 6, Width: 8}
	x := make([]float32, shape.Len())
	for i := range x {
		x[i] = float32(1 - 2*(i%2))
	}
	if got, want := sharpness(x, shape), math.Sqrt(4./3); math.Abs(got-want) > 1e-12 {
		t.Errorf("%g, want %g", got, want)
	}
	details(x, shape, func(horizontal, vertical, diagonal float64) {
		if horizontal != 2 || vertical != 0 || diagonal != 0 {
			t.Fatalf("details %g, %g, %g", horizontal, vertical, diagonal)
		}
	})
	if got := noiseLevel(x, shape); got != 0 {
		t.Errorf("noise %g of stripes", got)
	}
}
