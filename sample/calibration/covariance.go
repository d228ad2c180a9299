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

// PowerLaw returns a covariance whose spectrum falls as that of natural images does: the cosine transform's component
// of frequency (u, v) has a variance in proportion to 1/(1 + u^2 + v^2)^(exponent/2). The mean variance of a pixel is
// std^2. Images have one channel.
func PowerLaw(image inverse.Shape, std, exponent float64) *mat.SymDense {
	height, width := image.Height, image.Width
	d := height * width
	total := 0.0
	c := mat.NewSymDense(d, nil)
	wave := mat.NewVecDense(d, nil)
	for u := range height {
		for v := range width {
			variance := math.Pow(1+float64(u*u+v*v), -exponent/2)
			total += variance
			for i := range d {
				wave.SetVec(i, cosine(u, i/width, height)*cosine(v, i%width, width))
			}
			c.SymRankOne(c, variance, wave)
		}
	}
	c.ScaleSym(std*std*float64(d)/total, c)
	return c
}

// cosine returns value i of component u of the orthonormal cosine transform of n values (DCT-II).
func cosine(u, i, n int) float64 {
	if u == 0 {
		return math.Sqrt(1 / float64(n))
	}
	return math.Sqrt(2/float64(n)) * math.Cos(math.Pi*float64(u)*(float64(i)+0.5)/float64(n))
}
