// Package model joins an architecture and its parameters: graphs that train a network, and graphs that only evaluate
// it. They share the parameters and are built for each size of batch that is asked for.
//
// The package knows nothing of noise levels or files: a network is a function F(x, c) of images and one number for
// each.
package model

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"tweedie/nets/layer"
)

// An Architecture is a network without its weights.
type Architecture interface {
	// Kind is the architecture's name in checkpoints.
	Kind() string
	// Shape is the shape of one image.
	Shape() (channels, height, width int)
	// Build adds the network to a graph, for images x (N, H, W, C) and noise conditioning c (N), and returns its
	// output, of the shape of x. If that is not possible, the graph has an error afterwards: see layer.Graph.Err.
	Build(g *layer.Graph, x, c *layer.Node) *layer.Node
}

// A Model is an architecture with parameters.
type Model struct {
	Architecture
	Parameters *layer.Parameters
	flops      float64
}

// Build returns a model whose parameters have names and shapes, but no values yet. It takes no memory for them, so a
// configuration of unknown origin can be compared with a file before anything is allocated. Parameters.Initialize or
// Parameters.Fill makes the model ready to use.
func Build(a Architecture) (*Model, error) {
	m := &Model{Architecture: a, Parameters: layer.NewParameters()}
	n, err := m.build(1, false)
	if err != nil {
		return nil, err
	}
	m.flops = n.FLOPs()
	return m, nil
}

// New returns a model with first values drawn from rng.
func New(a Architecture, rng *rand.Rand) (*Model, error) {
	m, err := Build(a)
	if err != nil {
		return nil, err
	}
	m.Parameters.Initialize(rng)
	return m, nil
}

// WithParameters returns the same network with other parameters.
func (m *Model) WithParameters(p *layer.Parameters) *Model { return &Model{m.Architecture, p, m.flops} }

// FLOPs is the number of multiplications and additions of the network for one image.
func (m *Model) FLOPs() float64 { return m.flops }

// network is a graph of the model for a batch, not yet compiled.
type network struct {
	*layer.Graph
	x, c, y *layer.Node
}

func (m *Model) build(batch int, training bool) (network, error) {
	return m.buildOn(batch, training, (*layer.Graph).Input)
}

// buildOn builds the network on an input x that the graph adds by the given method, its Input or its Variable.
func (m *Model) buildOn(
	batch int, training bool, input func(g *layer.Graph, name string, shape ...int) *layer.Node,
) (network, error) {
	channels, height, width := m.Shape()
	n := network{Graph: layer.NewGraph(m.Parameters, training)}
	n.x = input(n.Graph, "x", batch, height, width, channels)
	n.c = n.Input("c", batch)
	n.y = m.Build(n.Graph, n.x, n.c)
	if err := n.Err(); err != nil {
		return n, fmt.Errorf("%s: %w", m.Kind(), err)
	}
	if !slices.Equal(n.y.Shape(), n.x.Shape()) {
		return n, fmt.Errorf("%s: the output has shape %v, want the images' %v", m.Kind(), n.y.Shape(), n.x.Shape())
	}
	return n, nil
}

// toNHWC and toNCHW change the layout of whole images.
func (m *Model) toNHWC(dst, x []float32) {
	channels, height, width := m.Shape()
	transpose(dst, x, channels, height*width)
}

func (m *Model) toNCHW(dst, x []float32) {
	channels, height, width := m.Shape()
	transpose(dst, x, height*width, channels)
}

// transpose transposes a list of matrices of rows x columns.
func transpose(dst, x []float32, rows, columns int) {
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
