// Package nets joins networks to random walks. It has the Denoiser that a walk needs, the Network that training fits,
// the parameterizations of paper section 2 that turn a network into a denoiser, and DDPM's variance-preserving table
// of noise levels.
//
// It knows images as []float32 and networks as functions. It must not know how a network is built, trained or stored,
// nor who uses a denoiser.
package nets

import (
	"fmt"
	"math"
)

// A Denoiser approximates the MMSE estimator D(x, sigma) = E[X | X + sigma n = x], n ~ N(0, I), of paper section 1.
// By Tweedie's formula it gives the score, (D(x, sigma) - x)/sigma^2.
type Denoiser interface {
	// Denoise writes D(x, sigma) to dst. x and dst hold whole images, NCHW, in [-1, 1] units. They have equal length
	// and must not overlap. sigma is a standard deviation in the same units. The number of images is len(x) divided
	// by the size of one; a length that is not a multiple of it is an error.
	Denoise(dst, x []float32, sigma float64) error
}

// A DenoiserFunc is a function that serves as a Denoiser.
type DenoiserFunc func(dst, x []float32, sigma float64) error

// Denoise calls f.
func (f DenoiserFunc) Denoise(dst, x []float32, sigma float64) error { return f(dst, x, sigma) }

// A Network is a function F(x, c) of images and one noise conditioning value c per image. What F means is given by a
// Parameterization, which turns it into a Denoiser.
type Network interface {
	// Forward writes F(x, c) to dst. x and dst are len(c) images, NCHW.
	Forward(dst, x, c []float32) error
}

// CheckDenoise reports arguments of Denoise that no Denoiser of images with the given number of pixels accepts:
// slices of different lengths, or not of whole images, and a sigma that is not positive and finite. Denoisers call it
// first.
func CheckDenoise(dst, x []float32, sigma float64, pixels int) error {
	switch {
	case len(dst) != len(x):
		return fmt.Errorf("nets: denoise %d values into %d: lengths must be equal", len(x), len(dst))
	case len(x)%pixels != 0:
		return fmt.Errorf("nets: denoise %d values: not a whole number of images of %d", len(x), pixels)
	case !(sigma > 0) || math.IsInf(sigma, 1):
		return fmt.Errorf("nets: denoise at sigma %g: it must be positive and finite", sigma)
	}
	return nil
}
