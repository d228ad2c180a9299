package metric

import (
	"errors"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
)

const (
	oversampling    = 10   // components that are iterated beyond those wanted, and then left out
	powerIterations = 4    // multiplications by X^T X
	negligible      = 1e-8 // variances below this share of the largest count as none
)

var errEigenvalues = errors.New("metric: the eigenvalues of a covariance did not converge")

// principal returns the directions of largest variance of the images about their mean, at most count, as orthonormal
// columns, and the variances (divided by n-1), the largest first. It returns fewer if the others have no variance.
//
// Randomised subspace iteration (Halko, Martinsson & Tropp, SIAM Review 53, 2011) needs no matrix of pixels x pixels or
// images x images. The images are uncorrelated along the columns, up to rounding, whether or not it has converged.
func principal(s imageSet, mean []float64, count int, seed uint64) (basis *mat.Dense, variance []float64, err error) {
	rng := random.Stream(seed, random.PrincipalAxes, 0)
	q := mat.NewDense(s.pixels, min(count+oversampling, s.pixels), nil)
	for i := range q.RawMatrix().Data {
		q.RawMatrix().Data[i] = rng.NormFloat64()
	}
	orthonormalize(q)
	for range powerIterations {
		next := mat.NewDense(s.pixels, q.RawMatrix().Cols, nil)
		for _, block := range s.blocks(mean) {
			var y mat.Dense
			y.Mul(block, q)
			blas64.Gemm(blas.Trans, blas.NoTrans, 1, block.RawMatrix(), y.RawMatrix(), 1, next.RawMatrix())
		}
		orthonormalize(next)
		q = next
	}
	var covariance mat.SymDense
	covariance.SymOuterK(1/float64(s.len()-1), s.times(mean, q).T())
	var eigen mat.EigenSym
	if !eigen.Factorize(&covariance, true) {
		return nil, nil, errEigenvalues
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	ascending := eigen.Values(nil)
	last := len(ascending) - 1
	leading := mat.NewDense(last+1, last+1, nil)
	for j := range min(count, last+1) {
		v := ascending[last-j]
		if !(v > negligible*ascending[last]) {
			break
		}
		variance = append(variance, v)
		leading.SetCol(j, mat.Col(nil, last-j, &vectors))
	}
	if len(variance) == 0 {
		return nil, nil, nil
	}
	basis = new(mat.Dense)
	basis.Mul(q, leading.Slice(0, last+1, 0, len(variance)))
	return basis, variance, nil
}

// orthonormalize replaces columns by an orthonormal basis of the space that they span.
func orthonormalize(columns *mat.Dense) {
	a := columns.RawMatrix()
	tau, size := make([]float64, a.Cols), make([]float64, 1)
	lapack64.Geqrf(a, tau, size, -1)
	work := make([]float64, int(size[0]))
	lapack64.Geqrf(a, tau, work, len(work))
	lapack64.Orgqr(a, tau, size, -1)
	work = make([]float64, int(size[0]))
	lapack64.Orgqr(a, tau, work, len(work))
}
