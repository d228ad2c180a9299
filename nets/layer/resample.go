package layer

import "tweedie/nets/kernel"

// Upsample repeats every pixel of x (N, H, W, C) twice in both directions.
func (g *Graph) Upsample(x *Node) *Node {
	if !g.usableImages("upsample", x) {
		return g.invalid
	}
	n, h, w, c := x.shape[0], x.shape[1], x.shape[2], x.shape[3]
	return g.apply("upsample", Shape{n, 2 * h, 2 * w, c}, operation{
		forward: func(y []float32, in [][]float32) {
			kernel.Parallel(n*h, func(_ *kernel.Scratch, row int) {
				from, to := in[0][row*w*c:][:w*c], y[row*4*w*c:][:4*w*c]
				for i := range w {
					copy(to[2*i*c:], from[i*c:][:c])
					copy(to[(2*i+1)*c:], from[i*c:][:c])
				}
				copy(to[2*w*c:], to[:2*w*c])
			})
		},
		backward: func(_, dy, _ *Node) []*Node { return []*Node{g.pool(dy, 1)} },
	}, x)
}

// usableImages is usable for operands that must be images (N, H, W, C).
func (g *Graph) usableImages(operator string, operands ...*Node) bool {
	if !g.usable(operator, operands...) {
		return false
	}
	for _, x := range operands {
		if len(x.shape) != 4 {
			g.reject(operator, operands, "want images (N, H, W, C)")
		}
	}
	return g.err == nil
}

// MeanPool halves x (N, H, W, C), of even height and width: a pixel is the mean of 2 x 2.
func (g *Graph) MeanPool(x *Node) *Node { return g.pool(x, 0.25) }

// pool sums 2 x 2 pixels and multiplies by factor.
func (g *Graph) pool(x *Node, factor float32) *Node {
	if !g.usableImages("pool", x) {
		return g.invalid
	}
	if x.shape[1]%2 != 0 || x.shape[2]%2 != 0 {
		return g.reject("pool", []*Node{x}, "height and width must be even to be halved")
	}
	n, h, w, c := x.shape[0], x.shape[1]/2, x.shape[2]/2, x.shape[3]
	return g.apply("pool", Shape{n, h, w, c}, operation{
		forward: func(y []float32, in [][]float32) {
			kernel.Parallel(n*h, func(_ *kernel.Scratch, row int) {
				from, to := in[0][row*4*w*c:][:4*w*c], y[row*w*c:][:w*c]
				for i := range w {
					q := to[i*c:][:c]
					kernel.Add(q, from[2*i*c:][:c], from[(2*i+1)*c:][:c])
					kernel.AddTo(q, from[(2*w+2*i)*c:][:c])
					kernel.AddTo(q, from[(2*w+2*i+1)*c:][:c])
				}
				if factor != 1 {
					kernel.Scale(to, to, factor)
				}
			})
		},
		backward: func(_, dy, _ *Node) []*Node { return []*Node{g.Affine(g.Upsample(dy), factor, 0)} },
	}, x)
}
