package calibration

import (
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

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
	w, f, err := follow(method, prior, a, eta)
	if err != nil {
		return Law{}, err
	}
	for k := range w.Sigma {
		f.step(w.At(k))
	}
	return f.law(0)
}

// A Stage is the law of x_k, k = K, on its way.
type Stage struct {
	K     int     // steps taken
	Sigma float64 // of the last step

	// Level compares with the density in proportion to f_{X_sigma}(x) p(y | x), which many small steps at this level
	// with T = 1 would sample. Posterior compares with the posterior.
	Level, Posterior Law
}

// GaussianStages is FollowGaussian after each of the given numbers of steps, which are ascending.
func GaussianStages(method Method, prior *Mixture, a inverse.Operator, eta float64, steps []int) ([]Stage, error) {
	w, f, err := follow(method, prior, a, eta)
	if err != nil {
		return nil, err
	}
	var stages []Stage
	for k, sigma := range w.Sigma {
		f.step(w.At(k))
		if !slices.Contains(steps, k+1) {
			continue
		}
		s := Stage{K: k + 1, Sigma: sigma}
		if s.Level, err = f.law(sigma); err == nil {
			s.Posterior, err = f.law(0)
		}
		if err != nil {
			return nil, err
		}
		stages = append(stages, s)
	}
	return stages, nil
}

// follow returns the walk of a method, and the law of its start.
func follow(method Method, prior *Mixture, a inverse.Operator, eta float64) (w walk.Walk, f *follower, err error) {
	l, err := inverse.NewLikelihood(a, make([]float32, a.Measurement().Len()), eta)
	if err != nil {
		return w, nil, err
	}
	if w, err = method(prior, l); err != nil {
		return w, nil, err
	}
	if err := w.Validate(); err != nil {
		return w, nil, err
	}
	if len(prior.normals) != 1 {
		return w, nil, fmt.Errorf("calibration: a mixture of %d components has no Gaussian posteriors",
			len(prior.normals))
	}
	switch w.Guidance.(type) {
	case nil, walk.Paper, walk.Langevin:
	default:
		return w, nil, fmt.Errorf("calibration: a walk by %v is not affine", w.Guidance)
	}
	dense, err := matrix(a)
	if err != nil {
		return w, nil, err
	}
	f, err = newFollower(prior.normals[0], dense, eta)
	if err != nil {
		return w, nil, err
	}
	start := 1.0
	if w.Start == walk.SigmaMax {
		start = w.Sigma[0]
	}
	for i := range f.eigenvalues {
		f.covariance.Set(i, i, start*start)
	}
	return w, f, nil
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
