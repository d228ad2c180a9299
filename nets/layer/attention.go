package layer

import (
	"math"

	"tweedie/nets/kernel"
)

// Heads says how attention divides its channels into heads.
type Heads struct {
	Number int // 0 is 1
	// ByHead says how the channels of qkv are ordered. If true, the query, key and value of the first head come first,
	// then those of the next. Otherwise the queries of all heads come first, then all keys, then all values.
	ByHead bool
}

// Attention is scaled dot-product self-attention among the pixels of each image. qkv (N, H, W, 3 C) holds queries,
// keys and values. The result (N, H, W, C) has the heads side by side: sum_j softmax_j(q_i k_j / sqrt(c)) v_j for
// each head of c channels.
func (g *Graph) Attention(qkv *Node, h Heads) *Node {
	if !g.usable("attention", qkv) {
		return g.invalid
	}
	heads := max(1, h.Number)
	if len(qkv.shape) != 4 || qkv.Channels()%3 != 0 || qkv.Channels()/3%heads != 0 {
		return g.reject("attention", []*Node{qkv}, "want images (N, H, W, 3 C), C divisible into %d heads", heads)
	}
	s := qkv.shape
	a := attention{heads: heads, images: s[0], tokens: s[1] * s[2], channels: s[3] / 3}
	all := Shape{a.images, heads, a.tokens, a.tokens}
	if _, ok := all.Size(); !ok {
		return g.reject("attention", []*Node{qkv}, "attention weights of shape %v are too many", all)
	}
	a.width = a.channels / a.heads
	a.head, a.part = a.width, a.channels
	if h.ByHead {
		a.head, a.part = 3*a.width, a.width
	}
	a.scale = float32(1 / math.Sqrt(float64(a.width)))
	g.flops += 4 * float64(all.size()) * float64(a.width)
	var weights []float32 // of every image, kept for the backward pass
	return g.apply("attention", s.with(a.channels), operation{
		forward: func(y []float32, in [][]float32) {
			if weights == nil && qkv.needsGradient {
				weights = make([]float32, all.size())
			}
			a.forward(y, in[0], weights)
		},
		backward: func(y, dy, _ *Node) []*Node {
			return []*Node{g.apply("attention input", s, operation{
				unread:  1,
				forward: func(d []float32, in [][]float32) { a.backward(d, in[0], weights, in[1]) },
			}, qkv, dy, y)}
		},
	}, qkv)
}

type attention struct {
	images, heads, tokens, channels int
	width                           int // channels of a head
	head, part                      int // distance in qkv from head to head, and from queries to keys to values
	scale                           float32
}

// forward computes one head of one image at a time. Pixels are 3 C values apart in qkv, and C in the result.
func (a attention) forward(y, qkv, weights []float32) {
	t, c, row := a.tokens, a.width, 3*a.channels
	kernel.Parallel(a.images*a.heads, func(s *kernel.Scratch, i int) {
		image, head := i/a.heads, i%a.heads
		q := qkv[image*t*row+head*a.head:]
		var p []float32
		if weights != nil {
			p = weights[i*t*t:][:t*t]
		} else {
			p = s.Floats(t * t)
		}
		packed := s.Floats(max(kernel.PanelSize(c, t), kernel.PanelSize(t, c)))
		kernel.PackColumns(packed, q[a.part:], c, t, row)
		kernel.Product(p, t, q, row, t, c, t, packed, nil, nil)
		kernel.Softmax(p, t, a.scale)
		kernel.PackRows(packed, q[2*a.part:], t, c, row)
		kernel.Product(y[image*t*a.channels+head*c:], a.channels, p, t, t, t, c, packed, nil, nil)
	})
}

// backward writes the gradients of q, k and v in their places. With P the weights and S = scale q k^T,
// dP = dy v^T, dS = P (dP - sum P dP), dq = scale dS k, dk = scale dS^T q, dv = P^T dy.
func (a attention) backward(d, qkv, weights, dy []float32) {
	t, c, row := a.tokens, a.width, 3*a.channels
	kernel.Parallel(a.images*a.heads, func(s *kernel.Scratch, i int) {
		image, head := i/a.heads, i%a.heads
		at := image*t*row + head*a.head
		q, out, p, g := qkv[at:], d[at:], weights[i*t*t:][:t*t], dy[image*t*a.channels+head*c:]
		ds, turned := s.Floats(t*t), s.Floats(t*t)
		packed := s.Floats(max(kernel.PanelSize(c, t), kernel.PanelSize(t, c)))
		kernel.PackColumns(packed, q[2*a.part:], c, t, row)
		kernel.Product(ds, t, g, a.channels, t, c, t, packed, nil, nil)
		kernel.SoftmaxBackward(ds, p, ds, t, a.scale)

		kernel.PackRows(packed, q[a.part:], t, c, row)
		kernel.Product(out, row, ds, t, t, t, c, packed, nil, nil)
		kernel.PackRows(packed, q, t, c, row)
		transpose(turned, ds, t)
		kernel.Product(out[a.part:], row, turned, t, t, t, c, packed, nil, nil)
		kernel.PackRows(packed, g, t, c, a.channels)
		transpose(turned, p, t)
		kernel.Product(out[2*a.part:], row, turned, t, t, t, c, packed, nil, nil)
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
