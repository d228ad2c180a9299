package exact

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/nets"
)

// Gaussian is the MMSE denoiser of the prior N(mu, C), and the best affine denoiser (Wiener's) of any prior with that
// mean and covariance. With C = U diag(l) U^T,
//
//	D(x, sigma) = mu + U diag(l/(l+sigma^2)) U^T (x - mu).
//
// It is computed without U, from A = Q T Q^T with T tridiagonal. This takes a fraction of the time of the
// eigenvectors, and systems with A + sigma^2 I are as easy to solve. A is C, or the Gram matrix of the images if
// there are fewer images than pixels.
//
// A Gaussian is safe for concurrent use.
type Gaussian struct {
	mean        []float64
	eigenvalues []float64 // of A, ascending: those of C except zeros

	// With w = P (T + sigma^2 I)^-1 P^T (x - mu):
	basis *mat.Dense  // P, d by r
	t     tridiagonal // T, r by r
	gram  bool        // D = mu + w; or else D = x - sigma^2 w
}

// NewGaussian returns the Gaussian with a mean of d values and a covariance, d by d and positive semidefinite. It
// reports sizes that differ, and a matrix with a negative eigenvalue.
func NewGaussian(mean []float64, covariance mat.Symmetric) (*Gaussian, error) {
	if d := covariance.SymmetricDim(); d != len(mean) || d == 0 {
		return nil, fmt.Errorf("exact: a mean of %d values and a covariance of %d: sizes must be equal and positive",
			len(mean), d)
	}
	return fromCovariance(append([]float64(nil), mean...), mat.DenseCopyOf(covariance))
}

// fromCovariance keeps mean and overwrites c.
func fromCovariance(mean []float64, c *mat.Dense) (*Gaussian, error) {
	q, t := tridiagonalize(c)
	eigenvalues, err := t.eigenvalues()
	if err != nil {
		return nil, err
	}
	if least, most := eigenvalues[0], eigenvalues[len(eigenvalues)-1]; least < -1e-9*most || most < 0 {
		return nil, fmt.Errorf("exact: covariance has the eigenvalue %g: none may be negative", least)
	}
	return &Gaussian{mean: mean, eigenvalues: eigenvalues, basis: q, t: t}, nil
}

// Mean returns the mean mu.
func (g *Gaussian) Mean() []float64 { return slices.Clone(g.mean) }

// Denoise implements nets.Denoiser.
func (g *Gaussian) Denoise(dst, x []float32, sigma float64) error {
	if err := nets.CheckDenoise(dst, x, sigma, len(g.mean)); err != nil {
		return err
	}
	_, err := g.denoise(dst, x, sigma)
	return err
}

// denoise writes D(x, sigma), and returns the logarithm of each image's density under N(mu, C + sigma^2 I) without
// the constant -d/2 log(2 pi). Its quadratic form follows from D: with r = x - mu,
//
//	r^T (C + sigma^2 I)^-1 r = r^T (x - D)/sigma^2.
func (g *Gaussian) denoise(dst, x []float32, sigma float64) (logDensity []float64, err error) {
	d := len(g.mean)
	if len(x) == 0 {
		return nil, nil
	}
	r := centred(x, g.mean)
	w, err := g.filter(r, sigma)
	if err != nil {
		return nil, err
	}
	logDensity = make([]float64, len(x)/d)
	for i, w := range w.RawMatrix().Data {
		r := r.RawMatrix().Data[i]
		if g.gram { // D = mu + w
			dst[i] = float32(g.mean[i%d] + w)
			w = (r - w) / (sigma * sigma)
		} else {
			dst[i] = float32(float64(x[i]) - sigma*sigma*w)
		}
		logDensity[i/d] -= r * w / 2
	}
	logDeterminant := float64(d-len(g.eigenvalues)) * math.Log(sigma*sigma)
	for _, l := range g.eigenvalues {
		logDeterminant += math.Log(max(l, 0) + sigma*sigma) // rounding
	}
	floats.AddConst(-logDeterminant/2, logDensity)
	return logDensity, nil
}

// filter returns w = P (T + sigma^2 I)^-1 P^T r for each row r: C (C + sigma^2 I)^-1 r if the Gaussian is kept by its
// Gram matrix, and (C + sigma^2 I)^-1 r otherwise.
func (g *Gaussian) filter(r *mat.Dense, sigma float64) (*mat.Dense, error) {
	var z, w mat.Dense
	z.Mul(r, g.basis)
	if err := g.t.solve(&z, sigma*sigma); err != nil {
		return nil, fmt.Errorf("exact: Gaussian at sigma %g: %w", sigma, err)
	}
	w.Mul(&z, g.basis.T())
	return &w, nil
}

// Pullback implements nets.Differentiable: J = C (C + sigma^2 I)^-1 at every x.
func (g *Gaussian) Pullback(dst, x, v []float32, sigma float64) error {
	if err := nets.CheckPullback(dst, x, v, sigma, len(g.mean)); err != nil {
		return err
	}
	if len(x) == 0 {
		return nil
	}
	w, err := g.filter(centred(v, make([]float64, len(g.mean))), sigma)
	if err != nil {
		return err
	}
	for i, w := range w.RawMatrix().Data {
		if g.gram {
			dst[i] = float32(w)
		} else {
			dst[i] = float32(float64(v[i]) - sigma*sigma*w)
		}
	}
	return nil
}

// MMSE returns the mean squared error per pixel of Denoise on images of this Gaussian prior, sum_j l_j sigma^2/(l_j +
// sigma^2) / d.
func (g *Gaussian) MMSE(sigma float64) float64 {
	errors := make([]float64, len(g.eigenvalues))
	for j, l := range g.eigenvalues {
		l = max(l, 0) // rounding
		errors[j] = l * sigma * sigma / (l + sigma*sigma)
	}
	return floats.Sum(errors) / float64(len(g.mean))
}

// centred returns the n images minus their mean, n by d.
func centred(images []float32, mean []float64) *mat.Dense {
	d := len(mean)
	c := mat.NewDense(len(images)/d, d, nil)
	for i, v := range images {
		c.RawMatrix().Data[i] = float64(v) - mean[i%d]
	}
	return c
}
