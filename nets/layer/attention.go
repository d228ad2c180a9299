package layer

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// Attention is scaled dot-product self-attention with one head among the pixels of each image. qkv (N, H, W, 3 C) holds query, key
// and value side by side; the result (N, H, W, C) is sum_j softmax_j(q_i k_j / sqrt(C)) v_j.
func (g *Graph) Attention(qkv *G.Node) *G.Node {
	s := qkv.Shape()
	a := attention{images: s[0], tokens: s[1] * s[2], channels: s[3] / 3}
	a.scale = float32(1 / math.Sqrt(float64(a.channels)))
	g.flops += 4 * float64(a.images*a.tokens*a.tokens*a.channels)
	var weights []float32 // of every image, kept for the gradient
	return g.apply(operation{
		name: "attention", shape: tensor.Shape{s[0], s[1], s[2], a.channels},
		compute: func(y []float32, in [][]float32) {
			if weights == nil && g.training {
				weights = make([]float32, a.images*a.tokens*a.tokens)
			}
			a.forward(y, in[0], weights)
		},
		pull: func(in G.Nodes, y, dy, _ *G.Node) G.Nodes {
			return G.Nodes{g.apply(operation{
				name: "attention input", shape: s.Clone(), after: 1,
				compute: func(d []float32, in [][]float32) { a.backward(d, in[0], weights, in[1]) },
			}, in[0], dy, y)}
		},
	}, qkv)
}

type attention struct {
	images, tokens, channels int
	scale                    float32
}

func (a attention) forward(y, qkv, weights []float32) {
	t, c := a.tokens, a.channels
	kernel.Parallel(a.images, func(s *kernel.Scratch, i int) {
		q := qkv[i*t*3*c:][:t*3*c]
		var p []float32
		if weights != nil {
			p = weights[i*t*t:][:t*t]
		} else {
			p = s.Floats(t * t)
		}
		packed := s.Floats(max(kernel.PanelSize(c, t), kernel.PanelSize(t, c)))
		kernel.PackColumns(packed, q[c:], c, t, 3*c)
		kernel.Product(p, t, q, 3*c, t, c, t, packed, nil, nil)
		kernel.Softmax(p, t, a.scale)
		kernel.PackRows(packed, q[2*c:], t, c, 3*c)
		kernel.Product(y[i*t*c:], c, p, t, t, t, c, packed, nil, nil)
	})
}

// backward writes the gradients of q, k and v side by side: with P the weights and S = scale q k^T,
// dP = dy v^T, dS = P (dP - sum P dP), dq = scale dS k, dk = scale dS^T q, dv = P^T dy.
func (a attention) backward(d, qkv, weights, dy []float32) {
	t, c := a.tokens, a.channels
	kernel.Parallel(a.images, func(s *kernel.Scratch, i int) {
		q, p, g, out := qkv[i*t*3*c:][:t*3*c], weights[i*t*t:][:t*t], dy[i*t*c:][:t*c], d[i*t*3*c:][:t*3*c]
		ds, turned := s.Floats(t*t), s.Floats(t*t)
		packed := s.Floats(max(kernel.PanelSize(c, t), kernel.PanelSize(t, c)))
		kernel.PackColumns(packed, q[2*c:], c, t, 3*c)
		kernel.Product(ds, t, g, c, t, c, t, packed, nil, nil)
		kernel.SoftmaxBackward(ds, p, ds, t, a.scale)

		kernel.PackRows(packed, q[c:], t, c, 3*c)
		kernel.Product(out, 3*c, ds, t, t, t, c, packed, nil, nil)
		kernel.PackRows(packed, q, t, c, 3*c)
		transpose(turned, ds, t)
		kernel.Product(out[c:], 3*c, turned, t, t, t, c, packed, nil, nil)
		kernel.PackRows(packed, g, t, c, c)
		transpose(turned, p, t)
		kernel.Product(out[2*c:], 3*c, turned, t, t, t, c, packed, nil, nil)
	})
}

// transpose writes the transpose of x (n x n).
func transpose(dst, x []float32, n int) {
	for i := range n {
		for j := range n {
			dst[j*n+i] = x[i*n+j]
		}
	}
}
