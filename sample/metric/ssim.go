package metric

import (
	"fmt"
	"math"
)

// The constants of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from
// error visibility to structural similarity", IEEE Trans. Image Processing 13(4), 2004.
const (
	ssimWindow = 11  // pixels, height and width
	ssimStd    = 1.5 // of the window's Gaussian, in pixels
	ssimK1     = 0.01
	ssimK2     = 0.03
)

// SSIM returns the mean structural similarity of two images, channels x height x width in
// [-1, 1], after Wang et al. 2004: the mean over all windows that lie inside the image, and
// over the channels, of
//
//	(2 mu_x mu_y + C1)(2 cov_xy + C2) / ((mu_x^2 + mu_y^2 + C1)(var_x + var_y + C2)),
//
// the moments weighted by a Gaussian of 11 x 11 pixels and std 1.5, C1 = (0.01 L)^2 and
// C2 = (0.03 L)^2 with the range L = 2. Intensities count from black: -1 is 0, as in the
// paper, so that the value is that of the same images in [0, 1] with L = 1. 1 is equality.
//
// Images smaller than a window, or of other lengths than the shape's, are errors.
func SSIM(x, y []float32, channels, height, width int) (float64, error) {
	if channels < 1 || height < ssimWindow || width < ssimWindow {
		return 0, fmt.Errorf("metric: SSIM of images of %d x %d pixels: must be at least %d x %d", height, width, ssimWindow, ssimWindow)
	}
	if n := channels * height * width; len(x) != n || len(y) != n {
		return 0, fmt.Errorf("metric: SSIM of images of %d and %d values: must be %dx%dx%d", len(x), len(y), channels, height, width)
	}
	const c1, c2 = ssimK1 * ssimK1 * dataRange * dataRange, ssimK2 * ssimK2 * dataRange * dataRange
	area, sum, windows := height*width, 0.0, 0
	for c := range channels {
		x, y := x[c*area:][:area], y[c*area:][:area]
		mean := func(of func(x, y float64) float64) []float64 {
			plane := make([]float64, area)
			for i := range plane {
				plane[i] = of(float64(x[i])+1, float64(y[i])+1)
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

// windowMeans returns the Gaussian mean of every window inside a plane.
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
