package nets

import "fmt"

// A Differentiable is a Denoiser whose derivative is known. Walks that differentiate a likelihood through the denoiser
// need it; others need only Denoise.
type Differentiable interface {
	Denoiser

	// Pullback writes J^T v to dst for each image, where J is the Jacobian of D(x, sigma) with respect to x. dst, x
	// and v are as many whole images, NCHW, and must not overlap. Errors are those of Denoise.
	//
	// The Jacobian of an MMSE denoiser is symmetric: J = Cov[X | X + sigma n = x]/sigma^2. That of a network need not
	// be.
	Pullback(dst, x, v []float32, sigma float64) error
}

// A DifferentiableNetwork is a Network whose derivative is known.
type DifferentiableNetwork interface {
	Network

	// Pullback writes J^T v to dst for each image, where J is the Jacobian of F(x, c) with respect to x. dst, x and v
	// are len(c) images, NCHW.
	Pullback(dst, x, c, v []float32) error
}

// Pullback writes J^T v, where J is the Jacobian of d at x, as [Differentiable] defines it. It reports a denoiser that
// is not Differentiable, or is made of a network that is not.
func Pullback(d Denoiser, dst, x, v []float32, sigma float64) error {
	if d, ok := d.(Differentiable); ok {
		return d.Pullback(dst, x, v, sigma)
	}
	return fmt.Errorf("nets: a denoiser of type %T has no derivative: it must have the method Pullback", d)
}

// CheckPullback is CheckDenoise for the arguments of Pullback.
func CheckPullback(dst, x, v []float32, sigma float64, pixels int) error {
	if len(v) != len(x) {
		return fmt.Errorf("nets: pull back %d values at images of %d: lengths must be equal", len(v), len(x))
	}
	return CheckDenoise(dst, x, sigma, pixels)
}
