package layer

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// Affine is scale x + shift.
func (g *Graph) Affine(x *G.Node, scale, shift float32) *G.Node {
	return g.apply(operation{
		name: "affine", shape: x.Shape().Clone(),
		compute: func(y []float32, in [][]float32) {
			runs(len(y), func(lo, hi int) {
				kernel.Scale(y[lo:hi], in[0][lo:hi], scale)
				if shift != 0 {
					for i := lo; i < hi; i++ {
						y[i] += shift
					}
				}
			})
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes { return G.Nodes{g.Affine(dy, scale, 0)} },
	}, x)
}

// DivideImages divides each image of x (N, ...) by its value of c (N), which has no gradient.
func (g *Graph) DivideImages(x, c *G.Node) *G.Node {
	n := x.Shape()[0]
	size := x.Shape().TotalSize() / n
	return g.apply(operation{
		name: "divide images", shape: x.Shape().Clone(),
		compute: func(y []float32, in [][]float32) {
			for i, v := range in[1] {
				kernel.Scale(y[i*size:][:size], in[0][i*size:][:size], 1/v)
			}
		},
		pull: func(in G.Nodes, _, dy, _ *G.Node) G.Nodes { return G.Nodes{g.DivideImages(dy, in[1]), nil} },
	}, x, c)
}

// Transpose is that of a matrix.
func (g *Graph) Transpose(x *G.Node) *G.Node {
	rows, columns := x.Shape()[0], x.Shape()[1]
	return g.apply(operation{
		name: "transpose", shape: tensor.Shape{columns, rows},
		compute: func(y []float32, in [][]float32) {
			for i := range rows {
				for j := range columns {
					y[j*rows+i] = in[0][i*columns+j]
				}
			}
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes { return G.Nodes{g.Transpose(dy)} },
	}, x)
}
