package inverse

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// A LinearEstimator is the best affine estimator of images, by their mean mu and covariance C, from linear measurements:
//
//	mu + C A^T (A C A^T + eta^2 I)^-1 (y - A mu),
//
// which is the posterior's mean if the images are Gaussian, and what any other estimator has to beat if they are not. It is safe for
// concurrent use.
type LinearEstimator struct {
	mean       []float64
	covariance *mat.Dense // of few pixels, else nil
	centred    *mat.Dense // images less their mean, a row each: C = centred^T centred/n
}

// tolerance is that of conjugate gradients, near the rounding of operators in float32.
const tolerance = 1e-6

// NewLinearEstimator takes mean and covariance from images, NCHW of so many pixels. No images, and images of another size, are errors.
func NewLinearEstimator(images []float32, pixels int) (*LinearEstimator, error) {
	if pixels < 1 || len(images) == 0 || len(images)%pixels != 0 {
		return nil, fmt.Errorf("inverse: a linear estimator of %d values: there must be one image of %d pixels or more", len(images), pixels)
	}
	n := len(images) / pixels
	l := &LinearEstimator{mean: make([]float64, pixels), centred: mat.NewDense(n, pixels, nil)}
	for i, v := range images {
		l.mean[i%pixels] += float64(v) / float64(n)
	}
	for i := range n {
		row := l.centred.RawRowView(i)
		for k := range row {
			row[k] = float64(images[i*pixels+k]) - l.mean[k]
		}
	}
	if pixels <= n {
		l.covariance = new(mat.Dense)
		l.covariance.Mul(l.centred.T(), l.centred)
		l.covariance.Scale(1/float64(n), l.covariance)
		l.centred = nil
	}
	return l, nil
}

// spread writes C v.
func (l *LinearEstimator) spread(dst, v []float64) {
	to, from := mat.NewVecDense(len(dst), dst), mat.NewVecDense(len(v), v)
	if l.covariance != nil {
		to.MulVec(l.covariance, from)
		return
	}
	var along mat.VecDense
	along.MulVec(l.centred, from)
	to.MulVec(l.centred.T(), &along)
	n, _ := l.centred.Dims()
	to.ScaleVec(1/float64(n), to)
}

// Estimate returns the estimate of an image from its measurement y with noise of standard deviation eta. A Nonlinear operator and one of
// images of another size are errors.
func (l *LinearEstimator) Estimate(a Operator, y []float32, eta float64) ([]float32, error) {
	if _, ok := a.(Nonlinear); ok {
		return nil, fmt.Errorf("inverse: a linear estimate from a measurement that is not linear")
	}
	if a.Image().Len() != len(l.mean) || a.Measurement().Len() != len(y) {
		return nil, fmt.Errorf("inverse: a linear estimate of %d pixels from %d values: the operator has images of %v and measurements of %v",
			len(l.mean), len(y), a.Image(), a.Measurement())
	}
	residual := make([]float64, len(y))
	apply(a, residual, l.mean)
	for i, v := range y {
		residual[i] = float64(v) - residual[i]
	}
	back, spread := make([]float64, len(l.mean)), make([]float64, len(l.mean))
	z := conjugateGradients(func(dst, v []float64) {
		adjoint(a, back, v)
		l.spread(spread, back)
		apply(a, dst, spread)
		for i := range dst {
			dst[i] += eta * eta * v[i]
		}
	}, residual, tolerance)
	adjoint(a, back, z)
	l.spread(spread, back)
	x := make([]float32, len(spread))
	for i, v := range spread {
		x[i] = float32(l.mean[i] + v)
	}
	return x, nil
}
