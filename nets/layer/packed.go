package layer

import G "gorgonia.org/gorgonia"

// A packing is a form into which kernels bring weights. All graphs over the same Parameters share what is packed: forms of
// different shapes of convolution differ in size where they differ at all.
type packing struct {
	weights   *Parameter
	direction direction
	size      int
}

type direction int

const (
	forward direction = iota
	backward
)

type packed struct {
	values  []float32
	version int // of the parameters
}

// packed returns a function that gives the packed form of weights: packed once for each version of a parameter, every time
// for other nodes.
func (g *Graph) packed(w *G.Node, d direction, size int, pack func(dst, w []float32)) func(w []float32) []float32 {
	form := packing{g.names[w], d, size}
	p := g.parameters.packed[form]
	if p == nil {
		p = new(packed)
	}
	if form.weights != nil {
		g.parameters.packed[form] = p
	}
	return func(values []float32) []float32 {
		if p.values == nil {
			p.values = make([]float32, size)
		}
		if form.weights == nil || p.version != g.parameters.version {
			pack(p.values, values)
			p.version = g.parameters.version
		}
		return p.values
	}
}
