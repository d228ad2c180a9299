package metric

import (
	"fmt"
	"math"
)

// dataRange is the difference of white and black, 1 and -1.
const dataRange = 2

// PSNR returns the peak signal-to-noise ratio of an image against the true one, in dB,
//
//	10 log10(4 / mean((x - truth)^2)):
//
// images are in [-1, 1], so their range is 2. It is that of the same images in [0, 1]
// with range 1. Values are taken as they are, beyond [-1, 1] too. It is +Inf for equal
// images; images without pixels or of different lengths are an error.
func PSNR(x, truth []float32) (float64, error) {
	if len(x) == 0 || len(x) != len(truth) {
		return 0, fmt.Errorf("metric: PSNR of images of %d and %d values: must be equally many, at least one", len(x), len(truth))
	}
	square := 0.0
	for i, v := range x {
		d := float64(v) - float64(truth[i])
		square += d * d
	}
	return 10 * math.Log10(dataRange*dataRange*float64(len(x))/square), nil
}
