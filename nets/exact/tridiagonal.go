package exact

import (
	"errors"
	"slices"

	"gonum.org/v1/gonum/blas"
	lapack "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/mat"
)

// tridiagonal is a symmetric tridiagonal matrix T, r by r.
type tridiagonal struct {
	diagonal []float64 // r
	off      []float64 // r-1
}

// tridiagonalize returns the orthogonal Q and the tridiagonal T of the symmetric matrix A = Q T Q^T. Q overwrites A.
func tridiagonalize(a *mat.Dense) (q *mat.Dense, t tridiagonal) {
	const blockSize = 64
	raw := a.RawMatrix()
	r := raw.Rows
	t = tridiagonal{diagonal: make([]float64, r), off: make([]float64, r-1)}
	tau := make([]float64, r-1)
	work := make([]float64, blockSize*r)
	var l lapack.Implementation
	l.Dsytrd(blas.Upper, r, raw.Data, raw.Stride, t.diagonal, t.off, tau, work, len(work))
	l.Dorgtr(blas.Upper, r, raw.Data, raw.Stride, tau, work, len(work))
	return a, t
}

// eigenvalues returns the eigenvalues of T, ascending.
func (t tridiagonal) eigenvalues() ([]float64, error) {
	values := slices.Clone(t.diagonal)
	if !(lapack.Implementation{}).Dsterf(len(values), values, slices.Clone(t.off)) {
		return nil, errors.New("exact: the eigenvalues of the covariance do not converge")
	}
	return values, nil
}

// solve overwrites each row z of b with (T + shift I)^-1 z. It reports a T + shift I that is not positive definite.
func (t tridiagonal) solve(b *mat.Dense, shift float64) error {
	diagonal, off := slices.Clone(t.diagonal), slices.Clone(t.off)
	for i := range diagonal {
		diagonal[i] += shift
	}
	var l lapack.Implementation
	r := len(diagonal)
	if !l.Dpttrf(r, diagonal, off) {
		return errors.New("too little noise to resolve the covariance's smallest eigenvalues")
	}
	for i := range b.RawMatrix().Rows {
		l.Dpttrs(r, 1, diagonal, off, b.RawRowView(i), 1)
	}
	return nil
}
