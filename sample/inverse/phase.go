package inverse

import (
	"fmt"
	"math/rand/v2"
)

// amplitude is the operator |B x|, where B is a random projection.
type amplitude struct{ projection }

// PhaseRetrieval measures the amplitudes |b_i^T x| of random projections, those of [CompressedSensing], without their
// signs. Twice as many measurements as pixels determine an image up to its sign. (The amplitudes of one Fourier
// transform do not: shifted and rotated images have the same.) The operator is Nonlinear. Its Adjoint writes B^T y.
//
// The likelihood has many local maxima, and if eta is small a walk stays at one near its start. With an eta of half
// the images' standard deviation or more, the prior leads the walk out of them.
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

// Pullback writes B^T (sign(B x) r). The derivative of |v| is the sign of v; at 0 it is taken to be 0.
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
