package metric

import (
	"errors"
	"fmt"
	"slices"

	"tweedie/data/random"
	"tweedie/nets"
)

// NoiseLevels are the noise levels sigma at which denoisers are compared, during training and afterwards.
var NoiseLevels = []float64{0.05, 0.1, 0.2, 0.5, 1, 2, 5}

// batch is the number of images that are denoised at once.
const batch = 100

// DenoisingError returns, for each sigma, the mean squared error per pixel
//
//	|D(X + sigma n, sigma) - X|^2 / pixels
//
// over all images X. The MMSE estimator minimises it (paper section 2). The unit noise n of image i has its own
// stream, random.ValidationNoise. It is the same for every sigma and every denoiser, which makes differences between
// denoisers far more certain than the errors themselves.
//
// An empty set, images of another size than pixels, and failures of the denoiser are errors.
func DenoisingError(d nets.Denoiser, images []float32, pixels int, sigmas []float64, seed uint64) ([]float64, error) {
	if len(images) == 0 {
		return nil, errors.New("metric: no images to denoise")
	}
	if pixels < 1 || len(images)%pixels != 0 {
		return nil, fmt.Errorf("metric: %d values are not a whole number of images of %d pixels", len(images), pixels)
	}
	sum := make([]float64, len(sigmas))
	size := min(batch*pixels, len(images))
	noise, noisy, denoised := make([]float32, size), make([]float32, size), make([]float32, size)
	done := 0
	for clean := range slices.Chunk(images, size) {
		noise, noisy, denoised := noise[:len(clean)], noisy[:len(clean)], denoised[:len(clean)]
		unitNoise(noise, pixels, seed, done)
		done += len(clean) / pixels
		for k, sigma := range sigmas {
			for i, x := range clean {
				noisy[i] = x + float32(sigma)*noise[i]
			}
			if err := d.Denoise(denoised, noisy, sigma); err != nil {
				return nil, fmt.Errorf("metric: denoising error at sigma %g: %w", sigma, err)
			}
			for i, x := range clean {
				e := float64(denoised[i]) - float64(x)
				sum[k] += e * e
			}
		}
	}
	for k := range sum {
		sum[k] /= float64(len(images))
	}
	return sum, nil
}

// unitNoise fills dst with the noise of the images first, first+1, and so on.
func unitNoise(dst []float32, pixels int, seed uint64, first int) {
	for i := 0; i*pixels < len(dst); i++ {
		r := random.Stream(seed, random.ValidationNoise, uint64(first+i))
		for j := range pixels {
			dst[i*pixels+j] = float32(r.NormFloat64())
		}
	}
}
