package layer

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// SquaredError is the weighted squared error of each image, (N): weight_n sum (f - target)^2 over the values of image n of
// f and target (N, H, W, C). Only f has a gradient.
func (g *Graph) SquaredError(f, target, weight *G.Node) *G.Node {
	n := f.Shape()[0]
	size := f.Shape().TotalSize() / n
	each := func(in [][]float32, visit func(i int, d, f, target []float32, weight float32)) {
		kernel.Parallel(n, func(s *kernel.Scratch, i int) {
			visit(i, s.Floats(size), in[0][i*size:][:size], in[1][i*size:][:size], in[2][i])
		})
	}
	return g.apply(operation{
		name: "squared error", shape: tensor.Shape{n},
		compute: func(y []float32, in [][]float32) {
			each(in, func(i int, d, f, target []float32, weight float32) {
				y[i] = float32(kernel.WeightedSquaredError(d, f, target, weight))
			})
		},
		pull: func(in G.Nodes, y, dy, _ *G.Node) G.Nodes {
			return G.Nodes{g.apply(operation{
				name: "squared error input", shape: f.Shape().Clone(), after: 1,
				compute: func(df []float32, in [][]float32) {
					each(in, func(i int, _, f, target []float32, weight float32) {
						kernel.WeightedSquaredError(df[i*size:][:size], f, target, weight*in[3][i])
					})
				},
			}, in[0], in[1], in[2], dy, y), nil, nil}
		},
	}, f, target, weight)
}
