// Package model joins an architecture and its parameters: graphs that train it, and graphs that only evaluate it, which
// share the parameters and are built as shapes are asked for. It knows nothing of noise levels: a network's output is F(x, c).
package model

import (
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"tweedie/nets/layer"
)

// An Architecture is a network as a function that builds its graph.
type Architecture interface {
	// Kind is the architecture's name in checkpoints.
	Kind() string
	// Shape is that of one image.
	Shape() (channels, height, width int)
	// Build adds the network to a graph, for images x (N, H, W, C) and noise conditioning c (N), and returns its output, like x.
	Build(g *layer.Graph, x, c *G.Node) *G.Node
}

// A Model is an architecture with parameters.
type Model struct {
	Architecture
	Parameters *layer.Parameters
}

// New returns a model with parameters drawn from rng.
func New(a Architecture, rng *rand.Rand) *Model {
	m := &Model{a, layer.NewParameters(rng)}
	m.build(1, false)
	return m
}

// WithParameters returns the same network with other parameters.
func (m *Model) WithParameters(p *layer.Parameters) *Model { return &Model{m.Architecture, p} }

// FLOPs is the number of multiplications and additions of the network for one image.
func (m *Model) FLOPs() float64 { return m.build(1, false).FLOPs() }

// network is a graph of the model for a batch, not yet compiled.
type network struct {
	*layer.Graph
	x, c, y *G.Node
}

func (m *Model) build(batch int, training bool) network {
	channels, height, width := m.Shape()
	n := network{Graph: layer.NewGraph(m.Parameters, training)}
	n.x = n.Input("x", batch, height, width, channels)
	n.c = n.Input("c", batch)
	n.y = m.Build(n.Graph, n.x, n.c)
	return n
}

// toNHWC and toNCHW change the layout of whole images.
func (m *Model) toNHWC(dst, x []float32) {
	channels, height, width := m.Shape()
	exchange(dst, x, channels, height*width)
}

func (m *Model) toNCHW(dst, x []float32) {
	channels, height, width := m.Shape()
	exchange(dst, x, height*width, channels)
}

// exchange transposes matrices of rows x columns.
func exchange(dst, x []float32, rows, columns int) {
	if rows == 1 || columns == 1 {
		copy(dst, x)
		return
	}
	for first := 0; first < len(x); first += rows * columns {
		from, to := x[first:][:rows*columns], dst[first:][:rows*columns]
		for i := range rows {
			for j := range columns {
				to[j*rows+i] = from[i*columns+j]
			}
		}
	}
}
