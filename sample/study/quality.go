package study

import (
	"fmt"
	"math"

	"tweedie/sample/inverse"
	"tweedie/sample/metric"
)

// A quality says how near an image comes to the truth.
type quality struct {
	psnr float64 // dB
	ssim float64 // NaN for images smaller than its window
}

func qualityOf(x, truth []float32, shape inverse.Shape) quality {
	psnr, err := metric.PSNR(x, truth)
	if err != nil {
		psnr = math.NaN()
	}
	ssim, err := metric.SSIM(x, truth, shape.Channels, shape.Height, shape.Width)
	if err != nil {
		ssim = math.NaN()
	}
	return quality{psnr, ssim}
}

func (q quality) String() string {
	if math.IsNaN(q.ssim) {
		return fmt.Sprintf("%.2f dB", q.psnr)
	}
	return fmt.Sprintf("%.2f dB, SSIM %.3f", q.psnr, q.ssim)
}

func average(all []quality) (mean quality) {
	for _, q := range all {
		mean.psnr += q.psnr / float64(len(all))
		mean.ssim += q.ssim / float64(len(all))
	}
	return mean
}

// moments returns the mean of samples and, as an image, their standard deviation at each pixel over all channels: 0 is
// black, and the greatest, which is returned too, is white.
func moments(samples []float32, shape inverse.Shape) (mean, deviation []float32, greatest float64) {
	pixels, area := shape.Len(), shape.Height*shape.Width
	n := float64(len(samples) / pixels)
	sum, variance := make([]float64, pixels), make([]float64, area)
	for i, v := range samples {
		sum[i%pixels] += float64(v)
	}
	mean, deviation = make([]float32, pixels), make([]float32, pixels)
	for i, v := range sum {
		mean[i] = float32(v / n)
	}
	for i, v := range samples {
		d := float64(v) - sum[i%pixels]/n
		variance[i%area] += d * d / (max(1, n-1) * float64(shape.Channels))
	}
	for _, v := range variance {
		greatest = max(greatest, math.Sqrt(v))
	}
	for i := range deviation {
		deviation[i] = -1
		if greatest > 0 {
			deviation[i] = float32(2*math.Sqrt(variance[i%area])/greatest - 1)
		}
	}
	return mean, deviation, greatest
}
