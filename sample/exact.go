package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"tweedie/nets"
	"tweedie/nets/exact"
)

// exactPrefix begins the name of a denoiser in closed form, which takes a checkpoint's place.
const exactPrefix = "exact:"

// gaussians is the number of Gaussians in a mixture.
const gaussians = 10

// An exactDenoiser is made of training images: all, or as many as atMost allows for images of so many pixels.
type exactDenoiser struct {
	what   string
	atMost func(pixels int) int
	fit    func(images []float32, n, pixels int) (nets.Denoiser, error)
}

var exactDenoisers = map[string]exactDenoiser{
	"gaussian": {"the Gaussian", fittedAtMost, func(images []float32, n, pixels int) (nets.Denoiser, error) {
		if err := affordable(n, pixels); err != nil {
			return nil, err
		}
		return exact.FitGaussian(images, pixels)
	}},
	"mixture": {"a mixture of Gaussians", fittedAtMost, func(images []float32, n, pixels int) (nets.Denoiser, error) {
		if err := affordable(n, pixels); err != nil {
			return nil, err
		}
		return exact.FitMixture(images, pixels, min(gaussians, n), 1)
	}},
	"data": {"the set itself", storedAtMost, func(images []float32, _, pixels int) (nets.Denoiser, error) {
		return exact.NewData(images, pixels)
	}},
}

// storedAtMost bounds the images that every step compares with each sample: to about a second for a batch.
func storedAtMost(pixels int) int { return max(1, 16_000_000/pixels) }

func isExact(checkpoint string) bool { return strings.HasPrefix(checkpoint, exactPrefix) }

// fit returns a denoiser in closed form of the experiment's training images.
func (s selection) fit(ctx context.Context, name string, stderr io.Writer) (*shaped, error) {
	e, ok := exactDenoisers[strings.TrimPrefix(name, exactPrefix)]
	if !ok {
		return nil, invalid{fmt.Errorf("checkpoint %q is unknown: of those in closed form there are %s%s", name, exactPrefix,
			strings.Join(slices.Sorted(maps.Keys(exactDenoisers)), ", "+exactPrefix))}
	}
	images, n, pixels, err := trainingImages(ctx, s.experiment.Data, e.atMost)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(stderr, "%s: %s, of %d training images of %s\n", name, e.what, n, s.experiment.Data.Path)
	d, err := interruptible(ctx, func() (nets.Denoiser, error) { return e.fit(images, n, pixels) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	data := s.experiment.Data
	side := data.Size + data.Crop // one of them is zero
	return &shaped{d, data.Channels, side, side}, nil
}
