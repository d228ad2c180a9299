package exact

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Eigenvalues returns those of the covariance C, one for each of the d pixels, the largest first.
func (g *Gaussian) Eigenvalues() []float64 {
	values := make([]float64, len(g.mean)) // zeros where there are fewer images than pixels
	for i, l := range g.eigenvalues {
		values[len(g.eigenvalues)-1-i] = max(l, 0) // rounding
	}
	return values
}

// AlongMean returns |mu|^2, and the variance of the images in the direction of mu, mu^T C mu/|mu|^2: 0 if mu is.
func (g *Gaussian) AlongMean() (square, variance float64) {
	square = floats.Dot(g.mean, g.mean)
	if square == 0 {
		return 0, 0
	}
	var projected mat.VecDense
	projected.MulVec(g.basis.T(), mat.NewVecDense(len(g.mean), g.mean))
	z := projected.RawVector().Data
	if g.gram { // C = P P^T
		return square, floats.Dot(z, z) / square
	}
	for i, d := range g.t.diagonal { // C = P T P^T
		variance += d * z[i] * z[i]
	}
	for i, off := range g.t.off {
		variance += 2 * off * z[i] * z[i+1]
	}
	return square, variance / square
}
