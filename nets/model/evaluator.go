package model

import (
	"fmt"

	"tweedie/nets"
)

// maxBatch bounds the images of one graph, and with it memory.
const maxBatch = 32

// An evaluator computes the network, and its derivative with respect to the images.
type evaluator struct {
	*Model
	graphs    map[int]network  // by number of images
	pullbacks map[int]pullback // in the same way
}

// Network returns the model as a function of images. It follows changes of the parameters that were announced by
// Parameters.Changed. It is not safe for concurrent use.
func (m *Model) Network() nets.DifferentiableNetwork {
	return &evaluator{m, map[int]network{}, map[int]pullback{}}
}

func (e *evaluator) Forward(dst, x, c []float32) error {
	return e.inBatches(len(c), func(first, last, size int) error {
		return e.batch(dst[first*size:last*size], x[first*size:last*size], c[first:last])
	}, dst, x)
}

// inBatches calls f for runs of consecutive images, first to last-1, that are few enough for one graph and together
// are all n. size is the number of values of an image. It reports slices that are not of n images.
func (e *evaluator) inBatches(n int, f func(first, last, size int) error, images ...[]float32) error {
	channels, height, width := e.Shape()
	size := channels * height * width
	for _, x := range images {
		if len(x) != n*size {
			return fmt.Errorf("%s: %d values for %d images of %d x %d x %d",
				e.Kind(), len(x), n, channels, height, width)
		}
	}
	for first := 0; first < n; first += maxBatch {
		if err := f(first, min(first+maxBatch, n), size); err != nil {
			return err
		}
	}
	return nil
}

func (e *evaluator) batch(dst, x, c []float32) error {
	n, err := e.graph(len(c))
	if err != nil {
		return err
	}
	e.toNHWC(n.x.Values(), x)
	copy(n.c.Values(), c)
	if err := n.Run(); err != nil {
		return fmt.Errorf("%s: %w", e.Kind(), err)
	}
	e.toNCHW(dst, n.y.Values())
	return nil
}

// graph returns the graph for a number of images.
func (e *evaluator) graph(batch int) (network, error) {
	if n, ok := e.graphs[batch]; ok {
		return n, nil
	}
	n, err := e.build(batch, false)
	if err != nil {
		return n, err
	}
	n.Keep(n.y)
	if err := n.Compile(); err != nil {
		return n, fmt.Errorf("%s: %w", e.Kind(), err)
	}
	e.graphs[batch] = n
	return n, nil
}
