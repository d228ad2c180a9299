package metric

import (
	"fmt"
	"math"
	"strings"

	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// An imageMetric compares an image with the true one.
type imageMetric struct {
	key, name, best string
	caption         string // format of the value under an image; "": it is not shown there
	measure         func(x, truth []float32, shape inverse.Shape) (float64, error)
}

var imageMetrics = []imageMetric{
	{"psnr", "PSNR", result.High, "%.2f dB", func(x, truth []float32, _ inverse.Shape) (float64, error) {
		return PSNR(x, truth)
	}},
	{"ssim", "SSIM", result.High, "SSIM %.3f", func(x, truth []float32, s inverse.Shape) (float64, error) {
		return SSIM(x, truth, s.Channels, s.Height, s.Width)
	}},
}

// value is NaN where the metric is not defined, as SSIM of images smaller than its window.
func (m imageMetric) value(x, truth []float32, shape inverse.Shape) float64 {
	v, err := m.measure(x, truth, shape)
	if err != nil {
		return math.NaN()
	}
	return v
}

// Caption says how near an image comes to the truth, such as "21.35 dB, SSIM 0.871".
func Caption(x, truth []float32, shape inverse.Shape) string {
	var parts []string
	for _, m := range imageMetrics {
		if v := m.value(x, truth, shape); m.caption != "" && !math.IsNaN(v) {
			parts = append(parts, fmt.Sprintf(m.caption, v))
		}
	}
	return strings.Join(parts, ", ")
}

// dataRange is the difference between white, 1, and black, -1.
const dataRange = 2

// PSNR returns the peak signal-to-noise ratio of an image against the true one, in dB:
//
//	10 log10(4 / mean((x - truth)^2)).
//
// Images are in [-1, 1], so their range is 2. The ratio equals that of the same images in [0, 1] with range 1. Values
// are not clipped, even outside [-1, 1]. The ratio of equal images is +Inf. Images without pixels or of different
// lengths are an error.
func PSNR(x, truth []float32) (float64, error) {
	if len(x) == 0 || len(x) != len(truth) {
		return 0, fmt.Errorf("metric: PSNR of images of %d and %d values: must be equally many, at least one",
			len(x), len(truth))
	}
	square := 0.0
	for i, v := range x {
		d := float64(v) - float64(truth[i])
		square += d * d
	}
	return 10 * math.Log10(dataRange*dataRange*float64(len(x))/square), nil
}

// The constants of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural
// similarity", IEEE Trans. Image Processing 13(4), 2004.
const (
	ssimWindow = 11  // pixels, height and width
	ssimStd    = 1.5 // standard deviation of the window's Gaussian, in pixels
	ssimK1     = 0.01
	ssimK2     = 0.03
)

// SSIM returns the mean structural similarity of two images, channels x height x width in [-1, 1], after Wang et al.
// 2004: the mean, over all windows that lie inside the image and over the channels, of
//
//	(2 mu_x mu_y + C1)(2 cov_xy + C2) / ((mu_x^2 + mu_y^2 + C1)(var_x + var_y + C2)).
//
// The moments are weighted by a Gaussian of 11 x 11 pixels and standard deviation 1.5, and C1 = (0.01 L)^2 and C2 =
// (0.03 L)^2 with the range L = 2. Intensities count from black, so -1 is 0, as in the paper: the value equals that of
// the same images in [0, 1] with L = 1. The similarity of equal images is 1.
//
// Images smaller than a window, and lengths that do not match the shape, are errors.
func SSIM(x, y []float32, channels, height, width int) (float64, error) {
	if channels < 1 || height < ssimWindow || width < ssimWindow {
		return 0, fmt.Errorf("metric: SSIM of images of %d x %d pixels: must be at least %d x %d",
			height, width, ssimWindow, ssimWindow)
	}
	if n := channels * height * width; len(x) != n || len(y) != n {
		return 0, fmt.Errorf("metric: SSIM of images of %d and %d values: must be %dx%dx%d",
			len(x), len(y), channels, height, width)
	}
	const c1, c2 = ssimK1 * ssimK1 * dataRange * dataRange, ssimK2 * ssimK2 * dataRange * dataRange
	area, sum, windows := height*width, 0.0, 0
	for c := range channels {
		x, y := x[c*area:][:area], y[c*area:][:area]
		mean := func(moment func(x, y float64) float64) []float64 {
			plane := make([]float64, area)
			for i := range plane {
				plane[i] = moment(float64(x[i])+1, float64(y[i])+1)
			}
			return windowMeans(plane, height, width)
		}
		mx := mean(func(x, _ float64) float64 { return x })
		my := mean(func(_, y float64) float64 { return y })
		xx := mean(func(x, _ float64) float64 { return x * x })
		yy := mean(func(_, y float64) float64 { return y * y })
		xy := mean(func(x, y float64) float64 { return x * y })
		for i, a := range mx {
			b := my[i]
			covariance, variances := xy[i]-a*b, xx[i]-a*a+yy[i]-b*b
			sum += (2*a*b + c1) * (2*covariance + c2) / ((a*a + b*b + c1) * (variances + c2))
		}
		windows += len(mx)
	}
	return sum / float64(windows), nil
}

// windowMeans returns the Gaussian-weighted mean of every window inside a plane.
func windowMeans(plane []float64, height, width int) []float64 {
	var weight [ssimWindow]float64
	total := 0.0
	for i := range weight {
		d := float64(i - ssimWindow/2)
		weight[i] = math.Exp(-d * d / (2 * ssimStd * ssimStd))
		total += weight[i]
	}
	rows, columns := height-ssimWindow+1, width-ssimWindow+1
	across := make([]float64, height*columns) // averaged along rows
	for i := range across {
		for k, w := range weight {
			across[i] += w / total * plane[i/columns*width+i%columns+k]
		}
	}
	means := make([]float64, rows*columns)
	for i := range means {
		for k, w := range weight {
			means[i] += w / total * across[i+k*columns]
		}
	}
	return means
}
