package calibration

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/sample/inverse"
	"tweedie/sample/walk"
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

// FollowGaussian returns the law of the samples of a method's walk with measurements y = A x + e, e ~ N(0, eta^2 I),
// for the prior N(mu, C) and its MMSE denoiser. A step of the walk is affine,
//
//	x' = M x + tau (C + sigma^2 I)^-1 mu + (tau/eta^2) A^T y + sqrt(2 tau T) n,
//	M = I - tau (C + sigma^2 I)^-1 - (tau/eta^2) A^T A,
//
// so mean and covariance of the samples follow from those one step before (the recursion of paper section 7 for
// vectors). It takes O(d^3) operations a step. With another guidance than Paper, its weight takes the
// place of tau/eta^2. It reports a prior of several components, an operator that is not linear, a guidance other than
// Paper and Langevin, a walk that is not valid, and one that diverges.
func FollowGaussian(method Method, prior *Mixture, a inverse.Operator, eta float64) (Law, error) {
	l, err := inverse.NewLikelihood(a, make([]float32, a.Measurement().Len()), eta)
	if err != nil {
		return Law{}, err
	}
	w, err := method(prior, l)
	if err != nil {
		return Law{}, err
	}
	if err := w.Validate(); err != nil {
		return Law{}, err
	}
	if len(prior.normals) != 1 {
		return Law{}, fmt.Errorf("calibration: a mixture of %d components has no Gaussian posteriors",
			len(prior.normals))
	}
	switch w.Guidance.(type) {
	case nil, walk.Paper, walk.Langevin:
	default:
		return Law{}, fmt.Errorf("calibration: a walk by %v is not affine", w.Guidance)
	}
	dense, err := matrix(a)
	if err != nil {
		return Law{}, err
	}
	f, err := newFollower(prior.normals[0], dense, eta)
	if err != nil {
		return Law{}, err
	}
	start := 1.0
	if w.Start == walk.SigmaMax {
		start = w.Sigma[0]
	}
	for i := range f.eigenvalues {
		f.covariance.Set(i, i, start*start)
	}
	for k := range w.Sigma {
		f.step(w.At(k))
	}
	return f.law()
}

// A follower has the law of x_k, in coordinates along the eigenvectors of C, with the origin at mu:
//
//	x_k | y ~ N(gain (y - A mu) + offset, covariance).
type follower struct {
	prior       *normal
	a           *mat.Dense
	eta         float64
	eigenvalues []float64
	vectors     mat.Dense  // U, C = U diag(eigenvalues) U^T
	back        mat.Dense  // U^T A^T
	curvature   mat.Dense  // U^T A^T A U
	gain        *mat.Dense // d by m
	offset      *mat.VecDense
	covariance  *mat.Dense
}

func newFollower(prior *normal, a *mat.Dense, eta float64) (*follower, error) {
	m, d := a.Dims()
	f := &follower{prior: prior, a: a, eta: eta,
		gain: mat.NewDense(d, m, nil), offset: mat.NewVecDense(d, nil), covariance: mat.NewDense(d, d, nil)}
	var eigen mat.EigenSym
	if !eigen.Factorize(prior.covariance, true) {
		return nil, errors.New("calibration: the eigenvalues of a covariance do not converge")
	}
	f.eigenvalues = eigen.Values(nil)
	eigen.VectorsTo(&f.vectors)
	f.back.Mul(f.vectors.T(), a.T())
	f.curvature.Mul(&f.back, f.back.T())
	f.offset.MulVec(f.vectors.T(), prior.mean)
	f.offset.ScaleVec(-1, f.offset) // x_0 has the mean 0
	return f, nil
}

// step advances the law by one step of a walk.
func (f *follower) step(c walk.Coefficients) {
	data := c.Data / c.Scale // tau/eta^2 in the paper's walk
	noise := 2 * c.Tau * c.Temperature
	var m, next, covariance mat.Dense
	m.Scale(-data, &f.curvature)
	for i, l := range f.eigenvalues {
		m.Set(i, i, m.At(i, i)+1-c.Tau/(l+c.Sigma*c.Sigma))
	}
	next.Mul(&m, f.covariance)
	covariance.Mul(&next, m.T())
	for i := range f.eigenvalues {
		covariance.Set(i, i, covariance.At(i, i)+noise)
	}
	var gain, add mat.Dense
	gain.Mul(&m, f.gain)
	add.Scale(data, &f.back)
	gain.Add(&gain, &add)
	var offset mat.VecDense
	offset.MulVec(&m, f.offset)
	f.covariance, f.gain, f.offset = &covariance, &gain, &offset
}

// law compares with the posterior.
func (f *follower) law() (Law, error) {
	m, d := f.a.Dims()
	posterior, _, err := f.prior.given(f.a, mat.NewVecDense(m, nil), f.eta)
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
