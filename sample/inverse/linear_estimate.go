package inverse

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// A LinearEstimator is the best affine estimator of images with mean mu and covariance C from linear measurements:
//
//	mu + C A^T (A C A^T + eta^2 I)^-1 (y - A mu).
//
// It is the posterior's mean if the images are Gaussian, and otherwise the baseline for other estimators. It is safe
// for concurrent use.
type LinearEstimator struct {
	mean       []float64
	covariance *mat.Dense // C, if there are no more pixels than images; otherwise nil
	centred    *mat.Dense // otherwise the images minus their mean, one a row: C = centred^T centred/n
}

// tolerance of conjugate gradients, near the rounding of operators in float32.
const tolerance = 1e-6

// NewLinearEstimator returns the estimator with the mean and the covariance of images, NCHW, of the given number of
// pixels. It reports an empty data set, and values that are not a whole number of images.
func NewLinearEstimator(images []float32, pixels int) (*LinearEstimator, error) {
	if pixels < 1 || len(images) == 0 || len(images)%pixels != 0 {
		return nil, fmt.Errorf("inverse: a linear estimator of %d values: there must be one image of %d pixels or more",
			len(images), pixels)
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

// multiplyByCovariance writes C v.
func (l *LinearEstimator) multiplyByCovariance(dst, v []float64) {
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

// Estimate returns the estimate of an image from its measurement y, whose noise has standard deviation eta. It
// reports a Nonlinear operator, and one of images of another size.
func (l *LinearEstimator) Estimate(a Operator, y []float32, eta float64) ([]float32, error) {
	if _, ok := a.(Nonlinear); ok {
		return nil, fmt.Errorf("inverse: a linear estimate from a measurement that is not linear")
	}
	if a.Image().Len() != len(l.mean) || a.Measurement().Len() != len(y) {
		return nil, fmt.Errorf("inverse: a linear estimate of %d pixels from %d values: "+
			"the operator has images of %v and measurements of %v", len(l.mean), len(y), a.Image(), a.Measurement())
	}
	residual := make([]float64, len(y))
	apply(a, residual, l.mean)
	for i, v := range y {
		residual[i] = float64(v) - residual[i]
	}
	back, correlated := make([]float64, len(l.mean)), make([]float64, len(l.mean))
	z := conjugateGradients(func(dst, v []float64) {
		adjoint(a, back, v)
		l.multiplyByCovariance(correlated, back)
		apply(a, dst, correlated)
		for i := range dst {
			dst[i] += eta * eta * v[i]
		}
	}, residual, tolerance)
	adjoint(a, back, z)
	l.multiplyByCovariance(correlated, back)
	x := make([]float32, len(correlated))
	for i, v := range correlated {
		x[i] = float32(l.mean[i] + v)
	}
	return x, nil
}
