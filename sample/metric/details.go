package metric

import (
	"math"
	"slices"

	"tweedie/sample/inverse"
)

// details calls visit with the finest Haar wavelet coefficients of an image, of orthonormal wavelets: for each square
// of 2 x 2 pixels and each channel, the horizontal, the vertical and the diagonal one.
func details(image []float32, shape inverse.Shape, visit func(horizontal, vertical, diagonal float64)) {
	w := shape.Width
	for c := range shape.Channels {
		plane := image[c*shape.Height*w:][:shape.Height*w]
		for y := 0; y+1 < shape.Height; y += 2 {
			for x := 0; x+1 < w; x += 2 {
				a, b := float64(plane[y*w+x]), float64(plane[y*w+x+1])
				d, e := float64(plane[(y+1)*w+x]), float64(plane[(y+1)*w+x+1])
				visit((a-b+d-e)/2, (a+b-d-e)/2, (a-b-d+e)/2)
			}
		}
	}
}

// noiseLevel estimates the standard deviation of white noise in an image, by the median of the diagonal coefficients'
// absolute values divided by that of a standard normal variable (Donoho & Johnstone, Biometrika 81, 1994). What the
// image itself shows counts little, if most of it is smooth.
func noiseLevel(image []float32, shape inverse.Shape) float64 {
	var sizes []float64
	details(image, shape, func(_, _, diagonal float64) { sizes = append(sizes, math.Abs(diagonal)) })
	if len(sizes) == 0 {
		return math.NaN()
	}
	return median(sizes) / 0.6744898
}

// sharpness is the root mean square of an image's finest details. Blur lowers it, and noise raises it.
func sharpness(image []float32, shape inverse.Shape) float64 {
	sum, n := 0.0, 0
	details(image, shape, func(horizontal, vertical, diagonal float64) {
		sum += horizontal*horizontal + vertical*vertical + diagonal*diagonal
		n += 3
	})
	return math.Sqrt(sum / float64(n))
}

func median(values []float64) float64 {
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
