package layer

import G "gorgonia.org/gorgonia"

// A packing is a form into which kernels bring weights: forms for different shapes of images differ in size where they differ
// at all. It is kept, for all graphs over the same Parameters, until these change.
type packing struct {
	weights *Parameter
	size    int
}

type packed struct {
	values  []float32
	version int // of the parameters
}

// packed returns a function that gives the packed form of weights for the length of one operation. Training packs them
// at every step, into memory that operations share; so do nodes that are no parameters.
func (g *Graph) packed(w *G.Node, size int, pack func(dst, w []float32)) func(w []float32) []float32 {
	parameter := g.names[w]
	if g.training || parameter == nil {
		return func(values []float32) []float32 {
			p := g.workspace(size)
			pack(p, values)
			return p
		}
	}
	form := packing{parameter, size}
	p := g.parameters.packed[form]
	if p == nil {
		p = &packed{values: make([]float32, size)}
		g.parameters.packed[form] = p
	}
	return func(values []float32) []float32 {
		if p.version != g.parameters.version {
			pack(p.values, values)
			p.version = g.parameters.version
		}
		return p.values
	}
}
