package layer

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// A Conv says what a 3x3 convolution does beside convolving.
type Conv struct {
	Stride   int     // 1 or 2; 0 is 1
	PerImage *G.Node // (N, out): added to every pixel of an image; may be nil
	Residual *G.Node // like the result: added to it; may be nil
}

// Conv3x3 is the convolution of x (N, H, W, in) with w (out, in, 3, 3), zeros around x, plus bias b (out).
func (g *Graph) Conv3x3(x, w, b *G.Node, o Conv) *G.Node {
	s := x.Shape()
	c := kernel.Conv{N: s[0], H: s[1], W: s[2], In: s[3], Out: w.Shape()[0], Stride: max(1, o.Stride)}
	g.flops += 2 * 9 * float64(c.N*c.OutH()*c.OutW()*c.In*c.Out)
	weights := g.packed(w, c.ForwardSize(), c.PackForward)
	inputs := []*G.Node{x, w, b}
	perImage, residual := 0, 0
	if o.PerImage != nil {
		perImage = len(inputs)
		inputs = append(inputs, o.PerImage)
	}
	if o.Residual != nil {
		residual = len(inputs)
		inputs = append(inputs, o.Residual)
	}
	optional := func(in [][]float32, i int) []float32 {
		if i == 0 {
			return nil
		}
		return in[i]
	}
	return g.apply(operation{
		name: "conv3x3", shape: tensor.Shape{c.N, c.OutH(), c.OutW(), c.Out},
		compute: func(y []float32, in [][]float32) {
			c.Forward(y, in[0], weights(in[1]), in[2], optional(in, perImage), optional(in, residual))
		},
		pull: func(in G.Nodes, _, dy, _ *G.Node) G.Nodes {
			sums := g.imageSums(dy)
			gradients := G.Nodes{nil, g.conv3x3Weights(c, g.late(in[0], dy), dy), g.rowSums(sums)}
			if g.wanted[in[0]] {
				gradients[0] = g.conv3x3Input(c, in[1], dy)
			}
			if perImage != 0 {
				gradients = append(gradients, sums)
			}
			if residual != 0 {
				gradients = append(gradients, dy)
			}
			return gradients
		},
	}, inputs...)
}

func (g *Graph) conv3x3Input(c kernel.Conv, w, dy *G.Node) *G.Node {
	weights := g.packed(w, c.BackwardSize(), c.PackBackward)
	return g.apply(operation{
		name: "conv3x3 input", shape: tensor.Shape{c.N, c.H, c.W, c.In},
		compute: func(dx []float32, in [][]float32) { c.BackwardInput(dx, in[1], weights(in[0])) },
	}, w, dy)
}

func (g *Graph) conv3x3Weights(c kernel.Conv, x, dy *G.Node) *G.Node {
	return g.apply(operation{
		name: "conv3x3 weights", shape: tensor.Shape{c.Out, c.In, 3, 3},
		compute: func(dw []float32, in [][]float32) { c.BackwardWeights(dw, in[0], in[1], g.workspace(c.PartsSize())) },
	}, x, dy)
}
