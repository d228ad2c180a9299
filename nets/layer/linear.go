package layer

import (
	G "gorgonia.org/gorgonia"

	"tweedie/nets/kernel"
)

// Linear maps the last axis of x (..., in) by w (out, in) or (out, in, 1, 1), a 1x1 convolution, plus bias b (out), plus
// residual, which is like the result and may be nil.
func (g *Graph) Linear(x, w, b, residual *G.Node) *G.Node {
	rows, in := rowsOf(x)
	l := kernel.Linear{Rows: rows, In: in, Out: w.Shape()[0]}
	g.flops += 2 * float64(l.Rows*l.In*l.Out)
	weights := g.packed(w, kernel.PanelSize(l.In, l.Out), l.PackForward)
	shape := x.Shape().Clone()
	shape[len(shape)-1] = l.Out
	inputs := []*G.Node{x, w, b}
	if residual != nil {
		inputs = append(inputs, residual)
	}
	return g.apply(operation{
		name: "linear", shape: shape,
		compute: func(y []float32, in [][]float32) {
			var r []float32
			if residual != nil {
				r = in[3]
			}
			l.Forward(y, in[0], weights(in[1]), in[2], r)
		},
		pull: func(in G.Nodes, _, dy, _ *G.Node) G.Nodes {
			gradients := G.Nodes{nil, g.linearWeights(l, g.late(in[0], dy), in[1], dy), g.columnSums(dy)}
			if g.wanted[in[0]] {
				gradients[0] = g.linearInput(l, in[0], in[1], dy)
			}
			if residual != nil {
				gradients = append(gradients, dy)
			}
			return gradients
		},
	}, inputs...)
}

func (g *Graph) linearInput(l kernel.Linear, x, w, dy *G.Node) *G.Node {
	weights := g.packed(w, kernel.PanelSize(l.Out, l.In), l.PackBackward)
	return g.apply(operation{
		name: "linear input", shape: x.Shape().Clone(),
		compute: func(dx []float32, in [][]float32) { l.BackwardInput(dx, in[1], weights(in[0])) },
	}, w, dy)
}

func (g *Graph) linearWeights(l kernel.Linear, x, w, dy *G.Node) *G.Node {
	return g.apply(operation{
		name: "linear weights", shape: w.Shape().Clone(),
		compute: func(dw []float32, in [][]float32) { l.BackwardWeights(dw, in[0], in[1], g.workspace(l.PartsSize())) },
	}, x, dy)
}

// rowsOf returns the number of rows of a node, the product of all axes but the last, and their length.
func rowsOf(x *G.Node) (rows, length int) {
	s := x.Shape()
	length = s[len(s)-1]
	return s.TotalSize() / length, length
}
