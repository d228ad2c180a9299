package study

import (
	"context"
	"fmt"

	"tweedie/data"
	"tweedie/experiments"
	"tweedie/sample/inverse"
)

// heldOut is the name, in place of a path, of the images that the experiment holds out from training.
const heldOut = "validation"

// trainingImages returns n images that an experiment trains on, NCHW, evenly spaced: all of them, or as many as atMost
// allows for their number of pixels.
func trainingImages(
	ctx context.Context, d experiments.Data, atMost func(pixels int) int,
) (images []float32, n, pixels int, err error) {
	return fit{atMost: atMost}.images(ctx, d)
}

// withTraining calls use with the images to train on.
func withTraining(d experiments.Data, use func(training *data.Set) error) error {
	training, held, err := d.Open()
	if err != nil {
		return err
	}
	defer training.Close()
	if held != nil {
		defer held.Close()
	}
	return use(training)
}

// testImages returns n images of a shape, NCHW, n being atMost if there are as many. They are the first of a path, or
// evenly spaced among those held out.
func testImages(
	ctx context.Context, s study, path string, shape inverse.Shape, atMost int,
) (images []float32, n int, err error) {
	set, err := testSet(s, path, shape)
	if err != nil {
		return nil, 0, err
	}
	defer set.Close()
	n = min(atMost, set.Len())
	among := n
	if path == heldOut {
		among = set.Len()
	}
	if images, err = set.EvenlySpaced(ctx, n, among); err != nil {
		return nil, 0, err
	}
	if bad := set.Unreadable(); len(bad) > 0 {
		s.Observer.Tell(Note, fmt.Sprintf("%d images cannot be read, and others take their place; the first: %v",
			len(bad), bad[0]))
	}
	return images, n, nil
}

func testSet(s study, path string, shape inverse.Shape) (*data.Set, error) {
	d := s.Data
	if s.side() == 0 { // there is no [data]
		d.Size, d.Channels = shape.Height, shape.Channels
	}
	if path != heldOut {
		d.Path, d.Validation = path, experiments.Validation{}
		set, _, err := d.Open()
		return set, err
	}
	training, held, err := d.Open()
	if err != nil {
		return nil, err
	}
	if held == nil {
		training.Close()
		return nil, misuse("%s holds out no images: set data.validation, or name a folder or .zip", s.Origin)
	}
	return held, nil
}

// interruptible returns f's results, or the context's error as soon as that is done; f then ends by itself.
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

// evenlySpaced returns n of some images, evenly spaced.
func evenlySpaced(images []float32, pixels, n int) []float32 {
	all := len(images) / pixels
	if n == all {
		return images
	}
	chosen := make([]float32, 0, n*pixels)
	for i := range n {
		chosen = append(chosen, images[i*all/n*pixels:][:pixels]...)
	}
	return chosen
}
