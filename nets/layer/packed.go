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

// mostPacked bounds the values that are kept packed: 32 MiB. Winograd's form has four times the values of the weights.
const mostPacked = 8 << 20

// packed returns a function that gives the packed form of weights for the length of one operation. Those of an evaluation are
// kept, the first ones up to mostPacked. All others are packed every time, into memory that operations share: in training
// they change every time, and large ones would cost more memory than their packing costs time.
func (g *Graph) packed(w *G.Node, size int, pack func(dst, w []float32)) func(w []float32) []float32 {
	p := g.parameters.keep(g.names[w], size, g.training)
	if p == nil {
		return func(values []float32) []float32 {
			to := g.workspace(size)
			pack(to, values)
			return to
		}
	}
	return func(values []float32) []float32 {
		if p.version != g.parameters.version {
			pack(p.values, values)
			p.version = g.parameters.version
		}
		return p.values
	}
}

// keep returns the place of a packed form, or nil if it is not to be kept.
func (p *Parameters) keep(weights *Parameter, size int, training bool) *packed {
	if training || weights == nil {
		return nil
	}
	form := packing{weights, size}
	if p.packed[form] == nil && p.kept+size <= mostPacked {
		p.kept += size
		p.packed[form] = &packed{values: make([]float32, size)}
	}
	return p.packed[form]
}
