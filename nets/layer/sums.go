package layer

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// sum is the sum of nodes of one shape; of one node, the node.
func (g *Graph) sum(terms G.Nodes) *G.Node {
	if len(terms) == 1 {
		return terms[0]
	}
	return g.apply(operation{
		name: "sum", shape: terms[0].Shape().Clone(),
		compute: func(y []float32, in [][]float32) {
			runs(len(y), func(lo, hi int) {
				kernel.Add(y[lo:hi], in[0][lo:hi], in[1][lo:hi])
				for _, x := range in[2:] {
					kernel.AddTo(y[lo:hi], x[lo:hi])
				}
			})
		},
		pull: func(in G.Nodes, _, dy, _ *G.Node) G.Nodes {
			gradients := make(G.Nodes, len(in))
			for i := range gradients {
				gradients[i] = dy
			}
			return gradients
		},
	}, terms...)
}

// Add is the sum of two nodes of one shape.
func (g *Graph) Add(a, b *G.Node) *G.Node { return g.sum(G.Nodes{a, b}) }

// runs calls f on all cores for runs of n values.
func runs(n int, f func(lo, hi int)) {
	const run = 1 << 14
	kernel.Parallel((n+run-1)/run, func(_ *kernel.Scratch, i int) { f(i*run, min((i+1)*run, n)) })
}

// imageSums is the sum of x (N, H, W, C) over the pixels of each image, (N, C).
func (g *Graph) imageSums(x *G.Node) *G.Node {
	s := x.Shape()
	n, pixels, channels := s[0], s[1]*s[2], s[3]
	sums := make([]float64, n*channels)
	return g.apply(operation{
		name: "image sums", shape: tensor.Shape{n, channels},
		compute: func(y []float32, in [][]float32) {
			kernel.Parallel(n, func(_ *kernel.Scratch, i int) {
				sum := sums[i*channels:][:channels]
				clear(sum)
				kernel.ChannelSums(in[0][i*pixels*channels:][:pixels*channels], sum)
				for c, v := range sum {
					y[i*channels+c] = float32(v)
				}
			})
		},
	}, x)
}

// rowSums is the sum of x (N, C) over N.
func (g *Graph) rowSums(x *G.Node) *G.Node {
	_, channels := rowsOf(x)
	sums := make([]float64, channels)
	return g.apply(operation{
		name: "row sums", shape: tensor.Shape{channels},
		compute: func(y []float32, in [][]float32) {
			clear(sums)
			kernel.ChannelSums(in[0], sums)
			for c, v := range sums {
				y[c] = float32(v)
			}
		},
	}, x)
}

// columnSums is the sum of x over all axes but the last.
func (g *Graph) columnSums(x *G.Node) *G.Node {
	if x.Dims() == 4 {
		return g.rowSums(g.imageSums(x))
	}
	return g.rowSums(x)
}
