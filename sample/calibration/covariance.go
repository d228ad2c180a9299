package calibration

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"tweedie/sample/inverse"
)

// Autoregressive returns the covariance std^2 rho^(|row - row'| + |column - column'|) of the pixels of one channel: a
// stationary field whose neighbours have the correlation rho, 0 <= rho < 1.
func Autoregressive(image inverse.Shape, std, rho float64) *mat.SymDense {
	d := image.Height * image.Width
	c := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			rows, columns := i/image.Width-j/image.Width, i%image.Width-j%image.Width
			distance := math.Abs(float64(rows)) + math.Abs(float64(columns))
			c.SetSym(i, j, std*std*math.Pow(rho, distance))
		}
	}
	return c
}
