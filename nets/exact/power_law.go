package exact

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// PowerLaw returns the mean, zero, and the covariance of a stationary Gaussian image of height x width pixels, in rows,
// whose power spectrum is that of natural images,
//
//	S(f) proportional to 1/(|f|^2 + f_0^2)^(exponent/2),  f_0 = 1/(2 max(height, width)) cycles per pixel.
//
// The exponent of photographs is near 2; at 0, pixels are independent. Every pixel has the standard deviation std. The
// image is a part of a periodic one of twice the height and the width, so that opposite borders are not neighbours; a
// height or a width of 1 gives signals of one dimension. NewGaussian takes the result.
//
// PowerLaw reports a size below 1, an exponent that is negative or not finite, and a std that is not positive and
// finite.
func PowerLaw(height, width int, exponent, std float64) (mean []float64, covariance *mat.SymDense, err error) {
	switch {
	case height < 1 || width < 1:
		return nil, nil, fmt.Errorf("exact: power-law images of %dx%d pixels: both sides must be at least 1",
			height, width)
	case !(exponent >= 0) || math.IsInf(exponent, 1):
		return nil, nil, fmt.Errorf("exact: a power law of exponent %g: it must be finite and at least 0", exponent)
	case !(std > 0) || math.IsInf(std, 1):
		return nil, nil, fmt.Errorf("exact: power-law images of std %g: it must be positive and finite", std)
	}
	c := autocovariance(height, width, exponent)
	d := height * width
	covariance = mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			dy, dx := j/width-i/width, j%width-i%width
			covariance.SetSym(i, j, std*std*c[dy][max(dx, -dx)]/c[0][0])
		}
	}
	return make([]float64, d), covariance, nil
}

// autocovariance returns the covariance c[dy][dx] of two pixels dy rows and dx columns apart, up to a factor. It is the
// cosine transform of the spectrum on the periodic image,
//
//	c(dy, dx) = sum_fy sum_fx S(fy, fx) cos(2 pi fy dy) cos(2 pi fx dx).
func autocovariance(height, width int, exponent float64) [][]float64 {
	fy, fx := frequencies(height), frequencies(width)
	lowest := 0.5 / float64(max(height, width))
	c := make([][]float64, height)
	for dy := range c {
		c[dy] = make([]float64, width)
	}
	for _, f := range fy {
		row := make([]float64, width) // the sum over fx
		for _, g := range fx {
			s := math.Pow(f*f+g*g+lowest*lowest, -exponent/2)
			for dx := range row {
				row[dx] += s * math.Cos(2*math.Pi*g*float64(dx))
			}
		}
		for dy := range c {
			cosine := math.Cos(2 * math.Pi * f * float64(dy))
			for dx, v := range row {
				c[dy][dx] += v * cosine
			}
		}
	}
	return c
}

// frequencies returns the frequencies, in [-1/2, 1/2) cycles per pixel, of a periodic signal of twice the side, or of a
// constant if the side is 1.
func frequencies(side int) []float64 {
	if side == 1 {
		return []float64{0}
	}
	f := make([]float64, 2*side)
	for k := range f {
		f[k] = float64(k-side) / float64(2*side)
	}
	return f
}
