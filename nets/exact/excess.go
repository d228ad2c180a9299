package exact

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"tweedie/data/random"
	"tweedie/nets"
)

// An Excess says how far a denoiser D is from the MMSE denoiser D* at one noise level. Every error is a mean square per
// pixel over images X with noise sigma n. The standard errors are over the images.
type Excess struct {
	Sigma float64

	// MMSE is that of D*, E|X - D*|^2.
	MMSE, MMSEError float64

	// Value is E|D - D*|^2. X - D* is orthogonal to every function of X + sigma n (the projection theorem), so this is
	// what the MSE of D has more than the MMSE:
	//
	//	E|X - D|^2 = E|X - D*|^2 + E|D - D*|^2.
	Value, ValueError float64

	// Difference is the same in another way, E|X - D|^2 - E|X - D*|^2. It varies far more from image to image. It
	// agrees with Value, within a few standard errors, only if D* is the MMSE denoiser of the images.
	Difference, DifferenceError float64
}

// Relative returns the excess as a share of the MMSE.
func (e Excess) Relative() float64 { return e.Value / e.MMSE }

// Score returns the root mean square per pixel of the score's error, (D - D*)/sigma^2.
func (e Excess) Score() float64 { return math.Sqrt(e.Value) / (e.Sigma * e.Sigma) }

// RelativeScore returns the score's error as a share of the score's own root mean square. By orthogonality, E|D* - x|^2
// is sigma^2 - MMSE.
func (e Excess) RelativeScore() float64 {
	return math.Sqrt(e.Value / (e.Sigma*e.Sigma - e.MMSE))
}

// Measure compares a denoiser with the MMSE denoiser of a prior at each sigma, on images drawn from that prior. The
// unit noise of image i has its own stream, (seed, random.ValidationNoise, i), and is the same for every sigma and
// every denoiser. Fewer than two images, values that are not a whole number of images, and failures of a denoiser are
// errors.
func Measure(d, mmse nets.Denoiser, images []float32, pixels int, sigmas []float64, seed uint64) ([]Excess, error) {
	if pixels < 1 || len(images)%pixels != 0 {
		return nil, fmt.Errorf("exact: %d values are not a whole number of images of %d pixels", len(images), pixels)
	}
	if len(images) < 2*pixels {
		return nil, errors.New("exact: an excess is measured on 2 images or more")
	}
	var measured []Excess
	for _, sigma := range sigmas {
		e, err := measure(d, mmse, images, pixels, sigma, seed)
		if err != nil {
			return nil, fmt.Errorf("exact: excess at sigma %g: %w", sigma, err)
		}
		measured = append(measured, e)
	}
	return measured, nil
}

// measure compares at one sigma.
func measure(d, mmse nets.Denoiser, images []float32, pixels int, sigma float64, seed uint64) (Excess, error) {
	const batch = 100                       // images denoised at once
	var least, excess, difference []float64 // by image
	for clean := range slices.Chunk(images, batch*pixels) {
		noisy, got, want := make([]float32, len(clean)), make([]float32, len(clean)), make([]float32, len(clean))
		for i := range len(clean) / pixels {
			r := random.Stream(seed, random.ValidationNoise, uint64(len(least)+i))
			for j := i * pixels; j < (i+1)*pixels; j++ {
				noisy[j] = clean[j] + float32(sigma*r.NormFloat64())
			}
		}
		if err := d.Denoise(got, noisy, sigma); err != nil {
			return Excess{}, err
		}
		if err := mmse.Denoise(want, noisy, sigma); err != nil {
			return Excess{}, err
		}
		for i := 0; i < len(clean); i += pixels {
			x, got, want := clean[i:i+pixels], got[i:i+pixels], want[i:i+pixels]
			error := squaredDistance(want, x)
			least = append(least, error)
			excess = append(excess, squaredDistance(got, want))
			difference = append(difference, squaredDistance(got, x)-error)
		}
	}
	e := Excess{Sigma: sigma}
	e.MMSE, e.MMSEError = meanPerPixel(least, pixels)
	e.Value, e.ValueError = meanPerPixel(excess, pixels)
	e.Difference, e.DifferenceError = meanPerPixel(difference, pixels)
	return e, nil
}

// meanPerPixel returns the mean of squared norms, divided by the number of pixels, and its standard error.
func meanPerPixel(squares []float64, pixels int) (mean, standardError float64) {
	mean, std := stat.MeanStdDev(squares, nil)
	d := float64(pixels)
	return mean / d, stat.StdErr(std, float64(len(squares))) / d
}
