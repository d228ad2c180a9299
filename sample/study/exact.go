package study

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/inverse"
)

// exactPrefix begins the name of a denoiser in closed form, which takes a checkpoint's place.
const exactPrefix = "exact:"

// gaussians is the number of Gaussians in a mixture.
const gaussians = 10

// A closedForm is the MMSE denoiser of a model of the training images, which is fitted to all of them, or to as many as
// atMost allows for images of so many pixels.
type closedForm struct {
	description string
	atMost      func(pixels int) int
	fit         func(images []float32, n, pixels int) (nets.Denoiser, error)
}

var closedForms = map[string]closedForm{
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

// fitDenoiser returns a denoiser in closed form of the experiment's training images.
func fitDenoiser(ctx context.Context, s study, name string) (d denoiser, err error) {
	form, ok := closedForms[strings.TrimPrefix(name, exactPrefix)]
	if !ok {
		return d, misuse("checkpoint %q is unknown; the closed forms are %s%s", name, exactPrefix,
			strings.Join(slices.Sorted(maps.Keys(closedForms)), ", "+exactPrefix))
	}
	images, n, pixels, err := trainingImages(ctx, s.Data, form.atMost)
	if err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	s.Observer.Tell(Info, fmt.Sprintf("%s: %s, of %d training images of %s", name, form.description, n, s.Data.Path))
	d.shape = inverse.Shape{Channels: s.Data.Channels, Height: s.side(), Width: s.side()}
	model, err := dependsOn("the model of the images", name)
	if err != nil {
		return d, err
	}
	d.dependencies = []dependency{model,
		dependsOnValues("the images that "+name+" is fitted to", images, dimensions(n, d.shape)...)}
	d.Denoiser, err = interruptible(ctx, func() (nets.Denoiser, error) { return form.fit(images, n, pixels) })
	if err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

// maxFitted is the number of images that a Gaussian is fitted to, at most; maxFittedLarge where an image has more than
// 1024 pixels.
const maxFitted, maxFittedLarge = 20000, 3000

func fittedAtMost(pixels int) int {
	if pixels > 1024 {
		return maxFittedLarge
	}
	return maxFitted
}

// maxFitCost bounds fitCost: about a minute on two cores.
const maxFitCost = 2.4e11

// fitCost is roughly the time of exact.FitGaussian, in units of 0.25 ns: products of matrices, twice as many where the
// images are fewer than their pixels, and a reduction of the smaller side to tridiagonal form, which is slower by its
// memory traffic.
func fitCost(n, pixels int) float64 {
	m := float64(min(n, pixels))
	products := float64(n) * float64(pixels) * m
	if n < pixels {
		products *= 2
	}
	return products + 6*m*m*m
}

// affordable returns an error if a fit would take too long.
func affordable(n, pixels int) error {
	if fitCost(n, pixels) > maxFitCost {
		return fmt.Errorf("fitting it to %d images of %d pixels would take minutes", n, pixels)
	}
	return nil
}
