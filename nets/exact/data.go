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
	p := make([]float64, 0, len(s.images)/s.pixels)
	for image := range slices.Chunk(s.images, s.pixels) {
		p = append(p, -squaredDistance(x, image)/(2*sigma*sigma))
	}
	softmax(p)
	sum := make([]float64, s.pixels)
	for i, p := range p {
		if p < 1e-18 { // fewer than 1e10 of these add up to less than float32 resolves
			continue
		}
		for k, v := range s.images[i*s.pixels:][:s.pixels] {
			sum[k] += p * float64(v)
		}
	}
	for k, v := range sum {
		dst[k] = float32(v)
	}
}
