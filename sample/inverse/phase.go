package inverse

import (
	"fmt"
	"math/rand/v2"
)

// amplitude is y = |B x|, B a random projection.
type amplitude struct{ projection }

// PhaseRetrieval measures the amplitudes |b_i^T x| of so many random projections, those of
// [CompressedSensing], without their signs. Twice as many as pixels determine an image up
// to its sign. (The amplitudes of one Fourier transform do not: a shifted or a turned image
// has the same.) The operator is Nonlinear; its Adjoint writes B^T y.
//
// The likelihood has many local maxima, and where eta is small a walk stays at one near its
// start: an eta of half the images' standard deviation or more lets the prior lead it out.
func PhaseRetrieval(image Shape, measurements int, rng *rand.Rand) (Nonlinear, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	if measurements < 1 {
		return nil, fmt.Errorf("inverse: phase retrieval from %d measurements: must be at least 1", measurements)
	}
	return &amplitude{*newProjection(image, measurements, rng)}, nil
}

func (a *amplitude) Apply(dst, x []float32) {
	a.projection.Apply(dst, x)
	for i, v := range dst {
		dst[i] = max(v, -v)
	}
}

// Pullback writes B^T (sign(B x) r): the derivative of |v| is the sign of v, and 0 at 0.
func (a *amplitude) Pullback(dst, r, x []float32) {
	signed := make([]float32, len(r))
	a.projection.Apply(signed, x)
	for i, v := range signed {
		switch {
		case v > 0:
			signed[i] = r[i]
		case v < 0:
			signed[i] = -r[i]
		default:
			signed[i] = 0
		}
	}
	a.projection.Adjoint(dst, signed)
}
