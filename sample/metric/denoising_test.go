package metric

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/exact"
)

type denoiserFunc func(dst, x []float32, sigma float64) error

func (f denoiserFunc) Denoise(dst, x []float32, sigma float64) error { return f(dst, x, sigma) }

// TestDenoisingErrorOfTheMMSEDenoiser uses that the MMSE denoiser of N(mu, s^2) has the error s^2 sigma^2/(s^2 +
// sigma^2) per pixel.
func TestDenoisingErrorOfTheMMSEDenoiser(t *testing.T) {
	const mu, s, pixels, n = 0.25, 0.5, 64, 1050 // not a whole number of batches
	r := rand.New(rand.NewPCG(2, 1))
	images := make([]float32, n*pixels)
	for i := range images {
		images[i] = float32(mu + s*r.NormFloat64())
	}
	fill := func(v float32) []float32 { return slices.Repeat([]float32{v}, pixels) }
	sigmas := []float64{0.01, 0.3, 2, 50}
	got, err := DenoisingError(exact.NewIsotropic(fill(mu), fill(s*s)), images, pixels, sigmas, 7)
	if err != nil {
		t.Fatal(err)
	}
	for k, sigma := range sigmas {
		want := s * s * sigma * sigma / (s*s + sigma*sigma)
		if math.Abs(got[k]-want) > 5*want*math.Sqrt(2./(n*pixels)) {
			t.Errorf("sigma %g: error %g, want %g", sigma, got[k], want)
		}
	}
}

// TestNoiseIsFixed uses that the error of a denoiser that returns its input is the noise itself: the same unit noise
// for every sigma and every call, and another for each image.
func TestNoiseIsFixed(t *testing.T) {
	const pixels, n = 5, 230
	identity := denoiserFunc(func(dst, x []float32, _ float64) error { copy(dst, x); return nil })
	errorOf := func(n int, seed uint64) float64 {
		e, err := DenoisingError(identity, make([]float32, n*pixels), pixels, []float64{1, 4}, seed)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e[1]/e[0]-16) > 1e-5 {
			t.Errorf("%d images: errors %g at sigma 1 and %g at sigma 4", n, e[0], e[1])
		}
		return e[0]
	}
	all := errorOf(n, 1)
	if errorOf(n, 1) != all || errorOf(n, 2) == all {
		t.Error("the noise is not that of its seed")
	}
	// The noise of one image in 230 is what the last image adds.
	last := all*n - errorOf(n-1, 1)*(n-1)
	noise := make([]float32, pixels)
	unitNoise(noise, pixels, 1, n-1)
	want := 0.0
	for _, v := range noise {
		want += float64(v) * float64(v) / pixels
	}
	if math.Abs(last-want) > 1e-9*n {
		t.Errorf("the last image's error is %g, want %g", last, want)
	}
}

func TestDenoisingErrorErrors(t *testing.T) {
	broken := errors.New("broken")
	d := denoiserFunc(func(_, _ []float32, _ float64) error { return broken })
	if _, err := DenoisingError(d, make([]float32, 4), 2, []float64{1}, 0); !errors.Is(err, broken) {
		t.Errorf("error %v does not wrap the denoiser's", err)
	}
	for name, images := range map[string][]float32{"no images": nil, "part of an image": make([]float32, 3)} {
		if _, err := DenoisingError(d, images, 2, nil, 0); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
