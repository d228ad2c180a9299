package layer

import (
	"slices"

	"tweedie/nets/kernel"
)

// SiLU is x / (1 + exp(-x)).
func (g *Graph) SiLU(x *Node) *Node {
	if !g.usable("silu", x) {
		return g.invalid
	}
	return g.apply("silu", x.shape, operation{
		forward: func(y []float32, in [][]float32) {
			runs(len(y), func(lo, hi int) { kernel.SiLU(y[lo:hi], in[0][lo:hi]) })
		},
		backward: func(_, dy, _ *Node) []*Node {
			return []*Node{g.apply("silu input", x.shape, operation{
				forward: func(dx []float32, in [][]float32) {
					runs(len(dx), func(lo, hi int) { kernel.SiLUBackward(dx[lo:hi], in[0][lo:hi], in[1][lo:hi]) })
				},
			}, x, dy)}
		},
	}, x)
}

// Affine is scale x + shift.
func (g *Graph) Affine(x *Node, scale, shift float32) *Node {
	if !g.usable("affine", x) {
		return g.invalid
	}
	return g.apply("affine", x.shape, operation{
		forward: func(y []float32, in [][]float32) {
			runs(len(y), func(lo, hi int) {
				kernel.Scale(y[lo:hi], in[0][lo:hi], scale)
				if shift != 0 {
					for i := lo; i < hi; i++ {
						y[i] += shift
					}
				}
			})
		},
		backward: func(_, dy, _ *Node) []*Node { return []*Node{g.Affine(dy, scale, 0)} },
	}, x)
}

// DivideImages divides each image of x (N, ...) by its value of c (N). c gets no gradient.
func (g *Graph) DivideImages(x, c *Node) *Node {
	if !g.usable("divide images", x, c) {
		return g.invalid
	}
	n := x.shape[0]
	if !slices.Equal(c.shape, Shape{n}) {
		return g.reject("divide images", []*Node{x, c}, "the divisor must have shape %v", Shape{n})
	}
	size := x.shape.size() / n
	return g.apply("divide images", x.shape, operation{
		forward: func(y []float32, in [][]float32) {
			for i, v := range in[1] {
				kernel.Scale(y[i*size:][:size], in[0][i*size:][:size], 1/v)
			}
		},
		backward: func(_, dy, _ *Node) []*Node { return []*Node{g.DivideImages(dy, c), nil} },
	}, x, c)
}

// Add is the sum of two nodes of one shape.
func (g *Graph) Add(a, b *Node) *Node {
	if !g.usable("add", a, b) {
		return g.invalid
	}
	if !slices.Equal(a.shape, b.shape) {
		return g.reject("add", []*Node{a, b}, "the shapes must be equal")
	}
	return g.sum([]*Node{a, b})
}

// sum is the sum of nodes of one shape. The sum of one node is that node.
func (g *Graph) sum(terms []*Node) *Node {
	if len(terms) == 1 {
		return terms[0]
	}
	return g.apply("sum", terms[0].shape, operation{
		forward: func(y []float32, in [][]float32) {
			runs(len(y), func(lo, hi int) {
				kernel.Add(y[lo:hi], in[0][lo:hi], in[1][lo:hi])
				for _, x := range in[2:] {
					kernel.AddTo(y[lo:hi], x[lo:hi])
				}
			})
		},
		backward: func(_, dy, _ *Node) []*Node { return slices.Repeat([]*Node{dy}, len(terms)) },
	}, terms...)
}

// runs calls f on all cores, for runs of consecutive values that together are 0 to n.
func runs(n int, f func(lo, hi int)) {
	const run = 1 << 14
	kernel.Parallel((n+run-1)/run, func(_ *kernel.Scratch, i int) { f(i*run, min((i+1)*run, n)) })
}
