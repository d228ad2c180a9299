package model

import (
	"fmt"

	"tweedie/nets"
)

// maxBatch bounds the images of one graph, and with it memory.
const maxBatch = 32

// An evaluator computes the network without gradients.
type evaluator struct {
	*Model
	graphs map[int]network // by number of images
}

// Network returns the model as a function of images. It follows changes of the parameters that were announced by
// Parameters.Changed. It is not safe for concurrent use.
func (m *Model) Network() nets.Network { return &evaluator{m, map[int]network{}} }

func (e *evaluator) Forward(dst, x, c []float32) error {
	channels, height, width := e.Shape()
	size := channels * height * width
	if len(x) != len(c)*size || len(dst) != len(x) {
		return fmt.Errorf("%s: %d and %d values for %d images of %d x %d x %d",
			e.Kind(), len(x), len(dst), len(c), channels, height, width)
	}
	for first := 0; first < len(c); first += maxBatch {
		last := min(first+maxBatch, len(c))
		if err := e.batch(dst[first*size:last*size], x[first*size:last*size], c[first:last]); err != nil {
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
