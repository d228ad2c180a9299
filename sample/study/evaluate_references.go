package study

import (
	"context"
	"fmt"

	"tweedie/nets/exact"
)

// fitReferences returns the denoisers that stand beside the evaluated one: those in closed form of the training images
// which are not evaluated themselves. One that cannot be had is left out, with a note.
func fitReferences(ctx context.Context, s study) (columns []evaluated, err error) {
	for _, r := range []struct {
		closedForm string // the same one
		name       string
		fit        func(context.Context, study) (evaluated, error)
	}{
		{"gaussian", "the linear denoiser", fitLinear},
		{"data", "the training images as a finite set", fitData},
	} {
		if s.Checkpoint == exactPrefix+r.closedForm {
			continue
		}
		c, err := r.fit(ctx, s)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			s.Observer.Tell(Note, fmt.Sprintf("no column for %s: %v", r.name, err))
			continue
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// fitLinear returns the best affine denoiser of the training images. It is an error if they cannot be read, or are too
// large.
func fitLinear(ctx context.Context, s study) (c evaluated, err error) {
	images, n, pixels, err := gaussianFit.images(ctx, s.Data)
	if err != nil {
		return c, err
	}
	s.Observer.Tell(Info, fmt.Sprintf("evaluation: fitting the linear denoiser to %d images", n))
	g, err := interruptible(ctx, func() (*exact.Gaussian, error) { return exact.FitGaussian(images, pixels) })
	about := "linear: the best affine denoiser of " + countOf(s, n, fittedAtMost(pixels))
	return evaluated{key: "linear", about: about, Denoiser: g, hasBits: true}, err
}

// fitData returns the MMSE denoiser of the training images as a finite set. It has no bits: an image that is not in the
// set has the probability 0.
func fitData(ctx context.Context, s study) (c evaluated, err error) {
	images, n, pixels, err := trainingImages(ctx, s.Data, storedAtMost)
	if err != nil {
		return c, err
	}
	d, err := exact.NewData(images, pixels)
	about := fmt.Sprintf("data: the MMSE denoiser of %s as a finite set, which is what memorising them would give",
		countOf(s, n, storedAtMost(pixels)))
	return evaluated{key: "data", about: about, Denoiser: d}, err
}

// countOf says how many training images there are, or that no more are used.
func countOf(s study, n, atMost int) string {
	if n == atMost {
		return fmt.Sprintf("%d training images (no more are used) of %s", n, s.Data.Path)
	}
	return fmt.Sprintf("%d training images of %s", n, s.Data.Path)
}
