package layer

import (
	"slices"

	"tweedie/nets/kernel"
)

// A Conv holds the options of a 3x3 convolution.
type Conv struct {
	Stride   int   // 1 or 2; 0 is 1
	PerImage *Node // (N, out): added to every pixel of an image; may be nil
	Residual *Node // of the result's shape: added to it; may be nil
}

// Conv3x3 is the convolution of x (N, H, W, in) with w (out, in, 3, 3), with zeros around x, plus bias b (out). A
// stride of 2 halves H and W, rounding up.
func (g *Graph) Conv3x3(x, w, b *Node, o Conv) *Node {
	const name = "conv3x3"
	inputs := []*Node{x, w, b}
	perImage, residual := 0, 0 // their places among the inputs
	if o.PerImage != nil {
		perImage = len(inputs)
		inputs = append(inputs, o.PerImage)
	}
	if o.Residual != nil {
		residual = len(inputs)
		inputs = append(inputs, o.Residual)
	}
	if !g.usable(name, inputs...) {
		return g.invalid
	}
	stride := max(1, o.Stride)
	if stride > 2 {
		return g.reject(name, []*Node{x, w}, "the stride must be 1 or 2, not %d", stride)
	}
	if len(x.shape) != 4 || len(w.shape) != 4 || !slices.Equal(w.shape[1:], Shape{x.Channels(), 3, 3}) {
		return g.reject(name, []*Node{x, w}, "want images (N, H, W, in) and weights (out, in, 3, 3)")
	}
	c := kernel.Conv{N: x.shape[0], H: x.shape[1], W: x.shape[2], In: x.shape[3], Out: w.shape[0], Stride: stride}
	y := Shape{c.N, c.OutH(), c.OutW(), c.Out}
	switch {
	case !slices.Equal(b.shape, Shape{c.Out}):
		return g.reject(name, []*Node{w, b}, "the bias must have shape %v", Shape{c.Out})
	case perImage > 0 && !slices.Equal(o.PerImage.shape, Shape{c.N, c.Out}):
		return g.reject(name, []*Node{x, w, o.PerImage}, "the term of each image must have shape %v", Shape{c.N, c.Out})
	case residual > 0 && !slices.Equal(o.Residual.shape, y):
		return g.reject(name, []*Node{x, w, o.Residual}, "the residual must have the result's shape %v", y)
	}
	g.flops += 2 * 9 * float64(c.In) * float64(y.size())
	weights := g.packed(w, forward, c.ForwardSize(), c.PackForward)
	optional := func(in [][]float32, i int) []float32 {
		if i == 0 {
			return nil
		}
		return in[i]
	}
	return g.apply(name, y, operation{
		forward: func(y []float32, in [][]float32) {
			c.Forward(y, in[0], weights(in[1]), in[2], optional(in, perImage), optional(in, residual))
		},
		backward: func(_, dy, _ *Node) []*Node {
			gradients := make([]*Node, len(inputs))
			if g.training {
				sums := g.imageSums(dy)
				gradients[1], gradients[2] = g.conv3x3Weights(c, g.rematerialise(x, dy), dy), g.rowSums(sums)
				if perImage > 0 {
					gradients[perImage] = sums
				}
			}
			if x.needsGradient {
				gradients[0] = g.conv3x3Input(c, w, dy)
			}
			if residual > 0 {
				gradients[residual] = dy
			}
			return gradients
		},
	}, inputs...)
}

func (g *Graph) conv3x3Input(c kernel.Conv, w, dy *Node) *Node {
	weights := g.packed(w, backward, c.BackwardSize(), c.PackBackward)
	return g.apply("conv3x3 input", Shape{c.N, c.H, c.W, c.In}, operation{
		forward: func(dx []float32, in [][]float32) { c.BackwardInput(dx, in[1], weights(in[0])) },
	}, w, dy)
}

func (g *Graph) conv3x3Weights(c kernel.Conv, x, dy *Node) *Node {
	return g.apply("conv3x3 weights", Shape{c.Out, c.In, 3, 3}, operation{
		forward: func(dw []float32, in [][]float32) {
			c.BackwardWeights(dw, in[0], in[1], g.workspace(c.PartsSize()))
		},
	}, x, dy)
}
