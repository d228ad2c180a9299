package model

import (
	"fmt"

	"tweedie/nets"
	"tweedie/nets/layer"
)

// maxBatch bounds the images of one graph, and with it memory.
const maxBatch = 32

// An evaluator computes the network without gradients.
type evaluator struct {
	*Model
	graphs map[int]network
}

// Network returns the model as a function of images. It follows changes of the parameters that were announced by
// Parameters.Changed, and is not safe for concurrent use.
func (m *Model) Network() nets.Network { return &evaluator{m, map[int]network{}} }

func (e *evaluator) Forward(dst, x, c []float32) error {
	channels, height, width := e.Shape()
	size := channels * height * width
	if len(x) != len(c)*size || len(dst) != len(x) {
		return fmt.Errorf("%s: %d and %d values for %d images of %d x %d x %d", e.Kind(), len(x), len(dst), len(c), channels, height, width)
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
	n, ok := e.graphs[len(c)]
	if !ok {
		n = e.build(len(c), false)
		n.Keep(n.y)
		n.Compile()
		e.graphs[len(c)] = n
	}
	e.toNHWC(layer.Values(n.x), x)
	copy(layer.Values(n.c), c)
	if err := n.Run(); err != nil {
		return fmt.Errorf("%s: %w", e.Kind(), err)
	}
	e.toNCHW(dst, layer.Values(n.y))
	return nil
}
