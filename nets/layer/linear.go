package layer

import (
	"slices"

	"tweedie/nets/kernel"
)

// Linear maps the last axis of x (..., in) by w (out, in) plus bias b (out) plus residual. The weights may have more
// axes, of length 1, as in a 1x1 convolution. The residual has the result's shape and may be nil.
func (g *Graph) Linear(x, w, b, residual *Node) *Node {
	const name = "linear"
	inputs := []*Node{x, w, b}
	if residual != nil {
		inputs = append(inputs, residual)
	}
	if !g.usable(name, inputs...) {
		return g.invalid
	}
	rows, in := x.shape.rows()
	out := w.shape[0]
	if len(w.shape) < 2 || w.shape[1] != in || w.shape.size() != in*out {
		return g.reject(name, []*Node{x, w}, "the weights must have shape (out, %d)", in)
	}
	y := x.shape.with(out)
	switch {
	case !slices.Equal(b.shape, Shape{out}):
		return g.reject(name, []*Node{w, b}, "the bias must have shape %v", Shape{out})
	case residual != nil && !slices.Equal(residual.shape, y):
		return g.reject(name, []*Node{x, w, residual}, "the residual must have the result's shape %v", y)
	}
	l := kernel.Linear{Rows: rows, In: in, Out: out}
	g.flops += 2 * float64(l.Rows) * float64(l.In) * float64(l.Out)
	weights := g.packed(w, forward, kernel.PanelSize(l.In, l.Out), l.PackForward)
	return g.apply(name, y, operation{
		forward: func(y []float32, in [][]float32) {
			var r []float32
			if residual != nil {
				r = in[3]
			}
			l.Forward(y, in[0], weights(in[1]), in[2], r)
		},
		backward: func(_, dy, _ *Node) []*Node {
			gradients := make([]*Node, len(inputs))
			if g.training {
				gradients[1], gradients[2] = g.linearWeights(l, g.rematerialise(x, dy), w, dy), g.columnSums(dy)
			}
			if x.needsGradient {
				gradients[0] = g.linearInput(l, x, w, dy)
			}
			if residual != nil {
				gradients[3] = dy
			}
			return gradients
		},
	}, inputs...)
}

func (g *Graph) linearInput(l kernel.Linear, x, w, dy *Node) *Node {
	weights := g.packed(w, backward, kernel.PanelSize(l.Out, l.In), l.PackBackward)
	return g.apply("linear input", x.shape, operation{
		forward: func(dx []float32, in [][]float32) { l.BackwardInput(dx, in[1], weights(in[0])) },
	}, w, dy)
}

func (g *Graph) linearWeights(l kernel.Linear, x, w, dy *Node) *Node {
	return g.apply("linear weights", w.shape, operation{
		forward: func(dw []float32, in [][]float32) {
			l.BackwardWeights(dw, in[0], in[1], g.workspace(l.PartsSize()))
		},
	}, x, dy)
}

// Transpose is the transpose of a matrix.
func (g *Graph) Transpose(x *Node) *Node {
	if !g.usable("transpose", x) {
		return g.invalid
	}
	if len(x.shape) != 2 {
		return g.reject("transpose", []*Node{x}, "want a matrix")
	}
	rows, columns := x.shape[0], x.shape[1]
	return g.apply("transpose", Shape{columns, rows}, operation{
		forward: func(y []float32, in [][]float32) {
			for i := range rows {
				for j := range columns {
					y[j*rows+i] = in[0][i*columns+j]
				}
			}
		},
		backward: func(_, dy, _ *Node) []*Node { return []*Node{g.Transpose(dy)} },
	}, x)
}
