package main

import (
	"context"
	"fmt"
	"math"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/experiments"
	"tweedie/nets/exact"
)

const (
	side   = 8 // of the images
	pixels = side * side

	// The power law of natural images. It shapes the Gaussian, the modes of the mixture and their surroundings.
	exponent = 2

	modes, modeStd, withinStd = 4, 0.36, 0.34 // of the mixture
	members, contrast         = 16, 0.02      // of the finite set
)

// A prior is a distribution of images whose MMSE denoiser is known.
type prior struct {
	name, title string
	settings    string // all that defines it, on one line
	exact.Prior
	linear *exact.Gaussian // the best affine denoiser
	std    float64         // of the pixels

	adjust func(t *experiments.Train) // changes the recipe; may be nil
	counts []int                      // training images of its networks; nil: the experiment's
}

// priors returns the distributions of the experiment.
func priors(ctx context.Context) ([]prior, error) {
	var all []prior
	for _, build := range []func(context.Context) (prior, error){gaussian, mixture, finite} {
		p, err := build(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// gaussian is a Gaussian whose spectrum is a power law. Its MMSE denoiser is linear.
func gaussian(context.Context) (prior, error) {
	const std = 0.5
	g, err := powerLaw(nil, std)
	return prior{
		name: "gaussian", title: "Gaussian, spectrum 1/f²",
		settings: fmt.Sprintf("Gaussian, spectrum 1/f^%d, std %g", exponent, std),
		Prior:    g, linear: g, std: std,
	}, err
}

// powerLaw returns a Gaussian with a mean, zero if it is nil, and the covariance of a power law.
func powerLaw(mean []float64, std float64) (*exact.Gaussian, error) {
	zero, covariance, err := exact.PowerLaw(side, side, exponent, std)
	if err != nil {
		return nil, err
	}
	if mean == nil {
		mean = zero
	}
	return exact.NewGaussian(mean, covariance)
}

// mixture is a mixture of Gaussians around modes that were drawn once from a power law themselves.
func mixture(context.Context) (prior, error) {
	centres, err := powerLaw(nil, modeStd)
	if err != nil {
		return prior{}, err
	}
	var weights []float64
	var components []*exact.Gaussian
	for j := range modes {
		centre := make([]float32, pixels)
		centres.Draw(centre, random.Stream(modesSeed, random.DrawnImages, uint64(j)))
		mean := make([]float64, pixels)
		for i, v := range centre {
			mean[i] = float64(v)
		}
		g, err := powerLaw(mean, withinStd)
		if err != nil {
			return prior{}, err
		}
		weights, components = append(weights, 1), append(components, g)
	}
	m, err := exact.NewMixture(weights, components)
	if err != nil {
		return prior{}, err
	}
	linear, err := m.Linear()
	return prior{
		name: "mixture", title: fmt.Sprintf("Mixture of %d Gaussians", modes),
		settings: fmt.Sprintf("mixture of %d Gaussians of std %g, modes of std %g", modes, withinStd, modeStd),
		Prior:    m, linear: linear, std: math.Hypot(modeStd, withinStd),
	}, err
}

// finite is a set of built-in glyphs minus their mean, of so little contrast that noise of 0.1 can still make one look
// like another. With more contrast the MMSE would vanish there, and no network comes near it as a share of itself: at a
// contrast of 0.05 the MMSE is 1% of the noise's variance, and the excess was 35% of it. What is to be learned lies in
// a narrow range of noise, and takes three times as many steps. More draws of so few images are no more images.
func finite(ctx context.Context) (prior, error) {
	set, err := data.Open(data.Options{Path: "glyphs", Size: side, Channels: 1})
	if err != nil {
		return prior{}, err
	}
	defer set.Close()
	images, err := set.EvenlySpaced(ctx, members, set.Len())
	if err != nil {
		return prior{}, err
	}
	centre(images)
	scale := float32(contrast / rms(images))
	for i := range images {
		images[i] *= scale
	}
	d, err := exact.NewData(images, pixels)
	if err != nil {
		return prior{}, err
	}
	linear, err := exact.FitGaussian(images, pixels)
	return prior{
		name: "set", title: fmt.Sprintf("Set of %d glyphs", members),
		settings: fmt.Sprintf("set of %d glyphs, std %g", members, contrast),
		Prior:    d, linear: linear, std: contrast, counts: []int{100, data.Endless},
		adjust: func(t *experiments.Train) {
			t.Noise.Mean, t.Noise.Std = math.Log(0.12), 0.8 // with more noise, nothing can be told of a glyph
			t.Steps, t.EMA = 3*t.Steps, 0.999
		},
	}, err
}

// centre subtracts the mean image.
func centre(images []float32) {
	mean := meanImage(images)
	for i := range images {
		images[i] -= mean[i%pixels]
	}
}

// meanImage returns the mean of the images.
func meanImage(images []float32) []float32 {
	sum := make([]float64, pixels)
	for i, v := range images {
		sum[i%pixels] += float64(v)
	}
	mean := make([]float32, pixels)
	for i, v := range sum {
		mean[i] = float32(v * pixels / float64(len(images)))
	}
	return mean
}

// rms returns the root mean square of values.
func rms(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(values)))
}
