package model

import (
	"fmt"

	"tweedie/nets/layer"
)

// A pullback is a graph of the network and of its derivative with respect to the images.
type pullback struct {
	network
	v, gradient *layer.Node // J^T v, where J is the Jacobian of y with respect to x
}

// Pullback writes J^T v, where J is the Jacobian of F(x, c) with respect to x: see nets.DifferentiableNetwork. It takes
// the time of about two evaluations, and the memory of a training step: the graph of a batch is built once and kept.
func (e *evaluator) Pullback(dst, x, c, v []float32) error {
	return e.inBatches(len(c), func(first, last, size int) error {
		from, to := first*size, last*size
		return e.pullBack(dst[from:to], x[from:to], c[first:last], v[from:to])
	}, dst, x, v)
}

func (e *evaluator) pullBack(dst, x, c, v []float32) error {
	p, err := e.pullback(len(c))
	if err != nil {
		return err
	}
	e.toNHWC(p.x.Values(), x)
	e.toNHWC(p.v.Values(), v)
	copy(p.c.Values(), c)
	if err := p.Run(); err != nil {
		return fmt.Errorf("%s: %w", e.Kind(), err)
	}
	e.toNCHW(dst, p.gradient.Values())
	return nil
}

// pullback returns the graph for a number of images.
func (e *evaluator) pullback(batch int) (p pullback, err error) {
	if p, ok := e.pullbacks[batch]; ok {
		return p, nil
	}
	if p.network, err = e.buildOn(batch, false, (*layer.Graph).Variable); err != nil {
		return p, err
	}
	p.v = p.Input("v", p.y.Shape()...)
	p.gradient = p.Gradient(p.y, p.v, p.x)
	if err := p.Compile(); err != nil {
		return p, fmt.Errorf("%s: %w", e.Kind(), err)
	}
	e.pullbacks[batch] = p
	return p, nil
}
