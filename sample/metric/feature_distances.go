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

// kernel is k(x, y) = (x.y/d + 1)^3 of rows of d values, given x.y.
func kernel(xy float64, d int) float64 {
	k := xy/float64(d) + 1
	return k * k * k
}

// kernelMean returns the mean of the kernel over all pairs of different rows.
func kernelMean(x *mat.Dense) float64 {
	n, _ := x.Dims()
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return kernelMeans(x, []subset{newSubset(n, all)})[0]
}

// kernelMeans returns, for each subset of the rows, the mean of the kernel over all pairs of different rows in it.
func kernelMeans(x *mat.Dense, of []subset) []float64 {
	_, d := x.Dims()
	sums := make([]float64, len(of))
	for i, row := range products(x, x) {
		for j, xy := range row {
			row[j] = kernel(xy, d)
		}
		row[i] = 0
		for b, s := range of {
			if s.in[i] {
				for _, j := range s.chosen {
					sums[b] += row[j]
				}
			}
		}
	}
	for b, s := range of {
		n := float64(len(s.chosen))
		sums[b] /= n * (n - 1)
	}
	return sums
}

// kernelsWith returns, for each row of x, the mean of its kernel with all rows of y.
func kernelsWith(x, y *mat.Dense) []float64 {
	n, d := x.Dims()
	m, _ := y.Dims()
	means := make([]float64, n)
	for i, row := range products(x, y) {
		for _, xy := range row {
			means[i] += kernel(xy, d) / float64(m)
		}
	}
	return means
}
