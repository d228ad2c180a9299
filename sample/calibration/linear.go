package calibration

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"tweedie/sample/inverse"
)

// matrix returns the matrix of a linear operator, m by d. It reports a Nonlinear one.
func matrix(a inverse.Operator) (*mat.Dense, error) {
	if _, ok := a.(inverse.Nonlinear); ok {
		return nil, fmt.Errorf("calibration: a measurement that is not linear has no posterior in closed form")
	}
	d, m := a.Image().Len(), a.Measurement().Len()
	dense := mat.NewDense(m, d, nil)
	x, y := make([]float32, d), make([]float32, m)
	for j := range d {
		x[j] = 1
		a.Apply(y, x)
		x[j] = 0
		for i, v := range y {
			dense.Set(i, j, float64(v))
		}
	}
	return dense, nil
}

// sighted is the least singular value, as a share of the greatest, of a direction that a measurement is said to see.
const sighted = 0.1

// seen returns the orthogonal projection on the directions of images that A sees: its right singular vectors with a
// singular value of at least sighted times the greatest.
func seen(a *mat.Dense) (*mat.Dense, error) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return nil, fmt.Errorf("calibration: the singular values of an operator do not converge")
	}
	var v mat.Dense
	svd.VTo(&v)
	values := svd.Values(nil)
	rank := 0
	for rank < len(values) && values[rank] >= sighted*values[0] {
		rank++
	}
	d, _ := v.Dims()
	directions := v.Slice(0, d, 0, rank)
	projection := mat.NewDense(d, d, nil)
	projection.Mul(directions, directions.T())
	return projection, nil
}

// vector returns an image or a measurement in float64.
func vector(x []float32) *mat.VecDense {
	v := mat.NewVecDense(len(x), nil)
	for i, x := range x {
		v.SetVec(i, float64(x))
	}
	return v
}

// checkMeasurement reports a y that is not a measurement of a, images of another size than d, and an eta that is not
// positive.
func checkMeasurement(a inverse.Operator, y []float32, eta float64, d int) error {
	switch {
	case a.Image().Len() != d:
		return fmt.Errorf("calibration: the operator has images of %d values, the prior of %d", a.Image().Len(), d)
	case a.Measurement().Len() != len(y):
		return fmt.Errorf("calibration: a measurement of %d values: the operator's has %d", len(y),
			a.Measurement().Len())
	case !(eta > 0):
		return fmt.Errorf("calibration: noise of standard deviation eta = %g: it must be positive", eta)
	}
	return nil
}
