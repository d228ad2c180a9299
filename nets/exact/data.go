package exact

import (
	"errors"
	"fmt"
	"slices"

	"tweedie/nets"
	"tweedie/nets/kernel"
)

// Data is the MMSE denoiser of a finite data set whose N images are equally likely:
//
//	D(x, sigma) = sum_i p_i X_i, p_i proportional to exp(-|x - X_i|^2/(2 sigma^2)).
//
// A network of unlimited size would learn this denoiser, and its walks end at images of the data set. Denoising an
// image of d pixels takes O(N d) operations.
//
// Data is safe for concurrent use.
type Data struct {
	images []float32
	pixels int
}

// NewData returns the denoiser of images with the given number of pixels. It reports an empty data set, and values
// that are not a whole number of images or not finite.
func NewData(images []float32, pixels int) (*Data, error) {
	switch {
	case len(images) == 0:
		return nil, errors.New("exact: a data set without images")
	case pixels < 1 || len(images)%pixels != 0:
		return nil, fmt.Errorf("exact: %d values are not a whole number of images of %d pixels", len(images), pixels)
	}
	if i := slices.IndexFunc(images, func(v float32) bool { return v-v != 0 }); i >= 0 {
		return nil, fmt.Errorf("exact: image %d of the data set is not finite", i/pixels)
	}
	return &Data{slices.Clone(images), pixels}, nil
}

// Denoise implements nets.Denoiser.
func (s *Data) Denoise(dst, x []float32, sigma float64) error {
	if err := nets.CheckDenoise(dst, x, sigma, s.pixels); err != nil {
		return err
	}
	kernel.Parallel(len(x)/s.pixels, func(_ *kernel.Scratch, i int) {
		s.mean(dst[i*s.pixels:][:s.pixels], x[i*s.pixels:][:s.pixels], sigma)
	})
	return nil
}

// mean writes D(x, sigma) of one image.
func (s *Data) mean(dst, x []float32, sigma float64) {
	sum := make([]float64, s.pixels)
	s.each(x, sigma, func(p float64, image []float32) {
		for k, v := range image {
			sum[k] += p * float64(v)
		}
	})
	for k, v := range sum {
		dst[k] = float32(v)
	}
}

// each calls f for the images of the data set with their probabilities p_i, but for those that do not matter.
func (s *Data) each(x []float32, sigma float64, f func(p float64, image []float32)) {
	p := make([]float64, 0, len(s.images)/s.pixels)
	for image := range slices.Chunk(s.images, s.pixels) {
		p = append(p, -squaredDistance(x, image)/(2*sigma*sigma))
	}
	softmax(p)
	for i, p := range p {
		if p >= 1e-18 { // fewer than 1e10 smaller ones add up to less than float32 resolves
			f(p, s.images[i*s.pixels:][:s.pixels])
		}
	}
}

// Pullback implements nets.Differentiable: J is the covariance of the images under the probabilities p_i, divided by
// sigma^2, so
//
//	J v = sum_i p_i (X_i - D) <X_i - D, v>/sigma^2.
func (s *Data) Pullback(dst, x, v []float32, sigma float64) error {
	if err := nets.CheckPullback(dst, x, v, sigma, s.pixels); err != nil {
		return err
	}
	kernel.Parallel(len(x)/s.pixels, func(_ *kernel.Scratch, i int) {
		first := i * s.pixels
		s.pullBack(dst[first:][:s.pixels], x[first:][:s.pixels], v[first:][:s.pixels], sigma)
	})
	return nil
}

// pullBack writes J v of one image.
func (s *Data) pullBack(dst, x, v []float32, sigma float64) {
	mean, sum := make([]float32, s.pixels), make([]float64, s.pixels)
	s.mean(mean, x, sigma)
	s.each(x, sigma, func(p float64, image []float32) {
		along := 0.0
		for k, u := range image {
			along += (float64(u) - float64(mean[k])) * float64(v[k])
		}
		along *= p / (sigma * sigma)
		for k, u := range image {
			sum[k] += along * (float64(u) - float64(mean[k]))
		}
	})
	for k, w := range sum {
		dst[k] = float32(w)
	}
}
