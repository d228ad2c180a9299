package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// A normal is the distribution N(mean, covariance) of d values, with a positive definite covariance.
type normal struct {
	mean       *mat.VecDense
	covariance *mat.SymDense
	factor     mat.TriDense // L, L L^T = covariance
	cholesky   mat.Cholesky
	whitening  [][]float64 // L^-1, lower triangular, by row
}

// newNormal keeps its arguments. It reports a covariance that is not positive definite.
func newNormal(mean *mat.VecDense, covariance *mat.SymDense) (*normal, error) {
	n := &normal{mean: mean, covariance: covariance}
	if !n.cholesky.Factorize(covariance) {
		return nil, fmt.Errorf("calibration: a covariance is not positive definite")
	}
	n.cholesky.LTo(&n.factor)
	var inverse mat.TriDense
	if err := inverse.InverseTri(&n.factor); err != nil {
		return nil, fmt.Errorf("calibration: a covariance is singular to rounding: %w", err)
	}
	for i := range mean.Len() {
		n.whitening = append(n.whitening, mat.Row(nil, i, &inverse)[:i+1])
	}
	return n, nil
}

// draw overwrites dst with a sample.
func (n *normal) draw(dst []float32, rng *rand.Rand) {
	z := mat.NewVecDense(len(dst), nil)
	for i := range dst {
		z.SetVec(i, rng.NormFloat64())
	}
	var x mat.VecDense
	x.MulVec(&n.factor, z)
	for i := range dst {
		dst[i] = float32(n.mean.AtVec(i) + x.AtVec(i))
	}
}

// logDensity returns log N(x; mean, covariance).
func (n *normal) logDensity(x *mat.VecDense) float64 {
	r := make([]float64, x.Len())
	floats.SubTo(r, x.RawVector().Data, n.mean.RawVector().Data)
	square := 0.0
	for i, row := range n.whitening {
		z := floats.Dot(row, r[:i+1])
		square += z * z
	}
	return -(square + n.cholesky.LogDet() + float64(len(r))*math.Log(2*math.Pi)) / 2
}

// given returns the posterior of y = A x + e, e ~ N(0, eta^2 I), and log p(y). With S = A C A^T + eta^2 I and the gain
// G = C A^T S^-1,
//
//	x | y ~ N(mu + G (y - A mu), C - G A C),  y ~ N(A mu, S).
func (n *normal) given(a *mat.Dense, y *mat.VecDense, eta float64) (posterior *normal, logEvidence float64, err error) {
	m, d := a.Dims()
	var correlated, s, gain, lost mat.Dense
	correlated.Mul(a, n.covariance) // A C
	s.Mul(&correlated, a.T())
	evidence := mat.NewSymDense(m, nil)
	for i := range m {
		for j := range i + 1 {
			evidence.SetSym(i, j, (s.At(i, j)+s.At(j, i))/2)
		}
		evidence.SetSym(i, i, evidence.At(i, i)+eta*eta)
	}
	expected := mat.NewVecDense(m, nil)
	expected.MulVec(a, n.mean)
	measured, err := newNormal(expected, evidence)
	if err != nil {
		return nil, 0, err
	}
	if err := measured.cholesky.SolveTo(&gain, &correlated); err != nil { // G^T
		return nil, 0, fmt.Errorf("calibration: posterior at eta %g: %w", eta, err)
	}
	var residual mat.VecDense
	residual.SubVec(y, expected)
	mean := mat.NewVecDense(d, nil)
	mean.MulVec(gain.T(), &residual)
	mean.AddVec(mean, n.mean)
	lost.Mul(gain.T(), &correlated)
	covariance := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			covariance.SetSym(i, j, n.covariance.At(i, j)-(lost.At(i, j)+lost.At(j, i))/2)
		}
	}
	posterior, err = newNormal(mean, covariance)
	return posterior, measured.logDensity(y), err
}
