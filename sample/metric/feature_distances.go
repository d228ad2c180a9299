package metric

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// frechet returns the squared Frechet distance of two Gaussians (Dowson & Landau, J. Multivariate Analysis 12, 1982):
//
//	|m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2).
//
// The first has mean 0 and uncorrelated values of the given variances. The second has the mean and the covariance of
// the rows of y.
func frechet(variance []float64, y *mat.Dense) (float64, error) {
	n, f := y.Dims()
	sum := 0.0
	centred := mat.DenseCopyOf(y)
	for j := range f {
		mean := mat.Sum(y.ColView(j)) / float64(n)
		sum += mean*mean + variance[j]
		for i := range n {
			centred.Set(i, j, y.At(i, j)-mean)
		}
	}
	var c mat.SymDense
	c.SymOuterK(1/float64(n-1), centred.T())
	sum += mat.Trace(&c)
	for i := range f {
		for j := range i + 1 {
			c.SetSym(i, j, math.Sqrt(variance[i]*variance[j])*c.At(i, j))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(&c, false) {
		return 0, errEigenvalues
	}
	for _, v := range eigen.Values(nil) {
		sum -= 2 * math.Sqrt(max(v, 0)) // rounding may make v negative
	}
	return max(sum, 0), nil
}

// kernelMean returns the mean of k(x, y) = (x.y/d + 1)^3 over all pairs of a row x and a row y, each of d values. If y
// is the same matrix as x, no row is paired with itself.
func kernelMean(x, y *mat.Dense) float64 {
	n, d := x.Dims()
	m, _ := y.Dims()
	pairs, sum := float64(n)*float64(m), 0.0
	if x == y {
		pairs -= float64(n)
	}
	for i, row := range products(x, y) {
		for j, v := range row {
			if x != y || i != j {
				k := v/float64(d) + 1
				sum += k * k * k
			}
		}
	}
	return sum / pairs
}
