package calibration

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// A Law compares the law of the samples of a walk with the posterior of a Gaussian prior, without any random error. The
// mean of the samples given y is affine in y and their covariance does not depend on it; what is said of means is an
// expectation over y.
type Law struct {
	MeanGap                                float64 // as in Measures
	Variance, VarianceSeen, VarianceUnseen float64 // as in Measures; NaN for what has no directions

	// Distance is the 2-Wasserstein distance, (E|m - E[X|y]|^2 + its part from the covariances)^1/2, over the
	// posterior's standard deviation (tr Cov(X|y))^1/2.
	Distance float64
}

// law compares with the density in proportion to f_{X_sigma}(x) p(y | x), which is the posterior for sigma = 0.
func (f *follower) law(sigma float64) (Law, error) {
	m, d := f.a.Dims()
	noisy := mat.NewSymDense(d, nil)
	noisy.CopySym(f.prior.covariance)
	for i := range d {
		noisy.SetSym(i, i, noisy.At(i, i)+sigma*sigma)
	}
	prior, err := newNormal(f.prior.mean, noisy)
	if err != nil {
		return Law{}, err
	}
	posterior, _, err := prior.given(f.a, mat.NewVecDense(m, nil), f.eta)
	if err != nil {
		return Law{}, err
	}
	var target, rotated, exactGain mat.Dense // in the coordinates of the follower
	rotated.Mul(f.vectors.T(), posterior.covariance)
	target.Mul(&rotated, &f.vectors)
	exactGain.Mul(&target, &f.back) // the gain of the posterior's mean is Cov(X|y) A^T/eta^2
	exactGain.Scale(1/(f.eta*f.eta), &exactGain)

	// E|(gain - exact) (y - A mu) + offset|^2 with y - A mu ~ N(0, A C A^T + eta^2 I).
	var difference, projected, evidence mat.Dense
	difference.Sub(f.gain, &exactGain)
	evidence.Product(f.a, f.prior.covariance, f.a.T())
	for i := range m {
		evidence.Set(i, i, evidence.At(i, i)+f.eta*f.eta)
	}
	projected.Product(&difference, &evidence, difference.T())
	gap := mat.Trace(&projected) + mat.Dot(f.offset, f.offset)

	sees, err := seen(f.a)
	if err != nil {
		return Law{}, err
	}
	projected.Product(f.vectors.T(), sees, &f.vectors)
	total, along := mat.Trace(&target), traceOfProduct(&target, &projected)
	got, gotAlong := mat.Trace(f.covariance), traceOfProduct(f.covariance, &projected)
	l := Law{MeanGap: gap / total, Variance: got / total, VarianceSeen: gotAlong / along,
		VarianceUnseen: (got - gotAlong) / (total - along)}
	if mat.Trace(sees) > float64(d)-0.5 {
		l.VarianceUnseen = math.NaN() // nothing is unseen
	}
	if math.IsNaN(got) || math.IsInf(got, 0) || math.IsNaN(gap) || math.IsInf(gap, 0) {
		return l, errors.New("calibration: the walk diverges: its steps are too large")
	}
	cross, err := traceOfRoot(&target, f.covariance)
	l.Distance = math.Sqrt(max(0, gap+total+got-2*cross) / total)
	return l, err
}

func traceOfProduct(a, b *mat.Dense) float64 {
	var c mat.Dense
	c.Mul(a, b)
	return mat.Trace(&c)
}

// traceOfRoot returns tr (A^1/2 B A^1/2)^1/2 of two covariances. It is in the 2-Wasserstein distance of two Gaussians
// (Dowson and Landau 1982). With A = L L^T it is the sum of the singular values of L^T R, B = R R^T.
func traceOfRoot(a, b *mat.Dense) (float64, error) {
	root := func(c *mat.Dense) (*mat.Dense, error) {
		d, _ := c.Dims()
		symmetric := mat.NewSymDense(d, nil)
		for i := range d {
			for j := range i + 1 {
				symmetric.SetSym(i, j, (c.At(i, j)+c.At(j, i))/2)
			}
		}
		var eigen mat.EigenSym
		if !eigen.Factorize(symmetric, true) {
			return nil, errors.New("calibration: the eigenvalues of a covariance do not converge")
		}
		var vectors mat.Dense
		eigen.VectorsTo(&vectors)
		for j, l := range eigen.Values(nil) {
			for i := range d {
				vectors.Set(i, j, vectors.At(i, j)*math.Sqrt(max(0, l)))
			}
		}
		return &vectors, nil
	}
	l, err := root(a)
	if err != nil {
		return 0, err
	}
	r, err := root(b)
	if err != nil {
		return 0, err
	}
	var product mat.Dense
	product.Mul(l.T(), r)
	var svd mat.SVD
	if !svd.Factorize(&product, mat.SVDNone) {
		return 0, errors.New("calibration: the singular values of a product of covariances do not converge")
	}
	return floats.Sum(svd.Values(nil)), nil
}
