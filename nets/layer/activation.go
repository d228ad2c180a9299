package layer

import (
	G "gorgonia.org/gorgonia"

	"tweedie/nets/kernel"
)

// SiLU is x / (1 + exp(-x)).
func (g *Graph) SiLU(x *G.Node) *G.Node {
	return g.apply(operation{
		name: "silu", shape: x.Shape().Clone(),
		compute: func(y []float32, in [][]float32) {
			runs(len(y), func(lo, hi int) { kernel.SiLU(y[lo:hi], in[0][lo:hi]) })
		},
		pull: func(in G.Nodes, _, dy, _ *G.Node) G.Nodes {
			return G.Nodes{g.apply(operation{
				name: "silu input", shape: x.Shape().Clone(),
				compute: func(dx []float32, in [][]float32) {
					runs(len(dx), func(lo, hi int) { kernel.SiLUBackward(dx[lo:hi], in[0][lo:hi], in[1][lo:hi]) })
				},
			}, in[0], dy)}
		},
	}, x)
}
