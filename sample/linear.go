package main

import (
	"context"
	"fmt"
	"io"

	"tweedie/experiments"
	"tweedie/nets/exact"
)

// maxFitted is the number of training images that the linear denoiser is fitted to, at most; maxFittedLarge where an image
// has more than 1024 pixels.
const maxFitted, maxFittedLarge = 20000, 3000

// maxFitCost bounds fitCost: about a minute on two cores.
const maxFitCost = 2.4e11

// fitCost is roughly the time of exact.FitGaussian, in units of 0.25 ns: products of matrices, twice as many where the images are
// fewer than their pixels, and a reduction of the smaller side to tridiagonal form, which is slower by its memory traffic.
func fitCost(n, pixels int) float64 {
	m := float64(min(n, pixels))
	products := float64(n) * float64(pixels) * m
	if n < pixels {
		products *= 2
	}
	return products + 6*m*m*m
}

// affordable is an error if a fit would take too long.
func affordable(n, pixels int) error {
	if fitCost(n, pixels) > maxFitCost {
		return fmt.Errorf("fitting it to %d images of %d pixels would take minutes", n, pixels)
	}
	return nil
}

// fitLinear returns the best affine denoiser of an experiment's training images, and how many of them it was fitted to: all, or as many
// as time allows, evenly spaced. It is an error if they cannot be read, or are too large.
func fitLinear(ctx context.Context, d experiments.Data, stderr io.Writer) (g *exact.Gaussian, n int, err error) {
	images, n, pixels, err := trainingImages(ctx, d, fittedAtMost)
	if err != nil {
		return nil, 0, err
	}
	if err := affordable(n, pixels); err != nil {
		return nil, 0, err
	}
	fmt.Fprintf(stderr, "evaluation: fitting the linear denoiser to %d images\n", n)
	g, err = interruptible(ctx, func() (*exact.Gaussian, error) { return exact.FitGaussian(images, pixels) })
	return g, n, err
}

// fittedAtMost is the number of images that a Gaussian is fitted to, at most.
func fittedAtMost(pixels int) int {
	if pixels > 1024 {
		return maxFittedLarge
	}
	return maxFitted
}

// interruptible returns f's results, or the context's error as soon as that is done.
func interruptible[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.error
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// trainingImages returns n images that an experiment trains on, NCHW: all, or, evenly spaced, as many as atMost allows for
// images of so many pixels.
func trainingImages(ctx context.Context, d experiments.Data, atMost func(pixels int) int) (images []float32, n, pixels int, err error) {
	training, held, err := d.Open()
	if err != nil {
		return nil, 0, 0, err
	}
	defer training.Close()
	if held != nil {
		defer held.Close()
	}
	channels, height, width := training.Shape()
	pixels = channels * height * width
	n = min(training.Len(), atMost(pixels))
	images, err = training.EvenlySpaced(ctx, n, training.Len())
	return images, n, pixels, err
}
