package study

import (
	"context"
	"fmt"
	"sort"

	"tweedie/data"
	"tweedie/experiments"
)

// Limits of what is fitted to training images before the first step.
const (
	maxFitCost  = 2.4e11  // of fitCost: about a minute on two cores
	maxFitBytes = 1 << 30 // of memory, the images among it
)

// A fit is what it takes to fit a model to training images. Whether it can be afforded is known before they are read.
type fit struct {
	atMost func(pixels int) int            // images that the model is fitted to, at most
	cost   func(n, pixels int) float64     // time, in the units of fitCost; nil: short
	bytes  func(n, pixels float64) float64 // memory, with that of the images; nil: little
}

// affordable returns an error if a fit to n images would take too long, or too much memory.
func (f fit) affordable(n, pixels int) error {
	if f.cost != nil && f.cost(n, pixels) > maxFitCost {
		return fmt.Errorf("fitting it to %d images of %d pixels would take minutes: smaller images take less",
			n, pixels)
	}
	if f.bytes == nil {
		return nil
	}
	if bytes := f.bytes(float64(n), float64(pixels)); bytes > maxFitBytes {
		return fmt.Errorf("%d training images of %d values would take %.0f bytes of memory, more than the %d allowed",
			n, pixels, bytes, maxFitBytes)
	}
	return nil
}

// most returns the largest number of images, up to n, for which a fit is affordable.
func (f fit) most(n, pixels int) int {
	return sort.Search(n, func(i int) bool { return f.affordable(i+1, pixels) != nil })
}

// images returns the training images that a model is fitted to, NCHW, evenly spaced: all of them, or atMost. If the fit
// cannot be afforded, that is an error, and none are read.
func (f fit) images(ctx context.Context, d experiments.Data) (images []float32, n, pixels int, err error) {
	err = withTraining(d, func(training *data.Set) (err error) {
		n, pixels = f.size(training)
		if err = f.affordable(n, pixels); err == nil {
			images, err = training.EvenlySpaced(ctx, n, training.Len())
		}
		return err
	})
	return images, n, pixels, err
}

// size returns the number of training images that a model is fitted to, and their pixels.
func (f fit) size(training *data.Set) (n, pixels int) {
	channels, height, width := training.Shape()
	pixels = channels * height * width
	return min(training.Len(), f.atMost(pixels)), pixels
}

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
