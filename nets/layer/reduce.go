package layer

import (
	"slices"

	"tweedie/nets/kernel"
)

// SquaredError is the weighted squared error of each image, (N): weight_n times the sum of (f - target)^2 over the
// values of image n. f and target have one shape (N, ...), weight has (N). Only f gets a gradient.
func (g *Graph) SquaredError(f, target, weight *Node) *Node {
	if !g.usable("squared error", f, target, weight) {
		return g.invalid
	}
	n := f.shape[0]
	switch {
	case !slices.Equal(f.shape, target.shape):
		return g.reject("squared error", []*Node{f, target}, "the shapes must be equal")
	case !slices.Equal(weight.shape, Shape{n}):
		return g.reject("squared error", []*Node{f, weight}, "the weights must have shape %v", Shape{n})
	}
	size := f.shape.size() / n
	each := func(in [][]float32, visit func(i int, d, f, target []float32, weight float32)) {
		kernel.Parallel(n, func(s *kernel.Scratch, i int) {
			visit(i, s.Floats(size), in[0][i*size:][:size], in[1][i*size:][:size], in[2][i])
		})
	}
	return g.apply("squared error", Shape{n}, operation{
		forward: func(y []float32, in [][]float32) {
			each(in, func(i int, d, f, target []float32, weight float32) {
				y[i] = float32(kernel.WeightedSquaredError(d, f, target, weight))
			})
		},
		backward: func(y, dy, _ *Node) []*Node {
			return []*Node{g.apply("squared error input", f.shape, operation{
				unread: 1,
				forward: func(df []float32, in [][]float32) {
					each(in, func(i int, _, f, target []float32, weight float32) {
						kernel.WeightedSquaredError(df[i*size:][:size], f, target, weight*in[3][i])
					})
				},
			}, f, target, weight, dy, y), nil, nil}
		},
	}, f, target, weight)
}

// The sums below only occur in gradients, of nodes whose shapes were checked. They have no gradients themselves.

// imageSums is the sum of x (N, H, W, C) over the pixels of each image, (N, C).
func (g *Graph) imageSums(x *Node) *Node {
	n, pixels, channels := x.shape[0], x.shape[1]*x.shape[2], x.shape[3]
	sums := make([]float64, n*channels)
	return g.apply("image sums", Shape{n, channels}, operation{
		forward: func(y []float32, in [][]float32) {
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
func (g *Graph) rowSums(x *Node) *Node {
	channels := x.Channels()
	sums := make([]float64, channels)
	return g.apply("row sums", Shape{channels}, operation{
		forward: func(y []float32, in [][]float32) {
			clear(sums)
			kernel.ChannelSums(in[0], sums)
			for c, v := range sums {
				y[c] = float32(v)
			}
		},
	}, x)
}

// columnSums is the sum of x over all axes but the last.
func (g *Graph) columnSums(x *Node) *Node {
	if len(x.shape) == 4 {
		x = g.imageSums(x)
	}
	return g.rowSums(x)
}
