package layer

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// Upsample repeats every pixel of x (N, H, W, C) twice in both directions.
func (g *Graph) Upsample(x *G.Node) *G.Node {
	s := x.Shape()
	n, h, w, c := s[0], s[1], s[2], s[3]
	return g.apply(operation{
		name: "upsample", shape: tensor.Shape{n, 2 * h, 2 * w, c},
		compute: func(y []float32, in [][]float32) {
			kernel.Parallel(n*h, func(_ *kernel.Scratch, row int) {
				from, to := in[0][row*w*c:][:w*c], y[row*4*w*c:][:4*w*c]
				for i := range w {
					copy(to[2*i*c:], from[i*c:][:c])
					copy(to[(2*i+1)*c:], from[i*c:][:c])
				}
				copy(to[2*w*c:], to[:2*w*c])
			})
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes { return G.Nodes{g.pool(dy, 1)} },
	}, x)
}

// MeanPool halves x (N, H, W, C), of even height and width: a pixel is the mean of 2 x 2.
func (g *Graph) MeanPool(x *G.Node) *G.Node { return g.pool(x, 0.25) }

// pool sums 2 x 2 pixels and multiplies.
func (g *Graph) pool(x *G.Node, by float32) *G.Node {
	s := x.Shape()
	n, h, w, c := s[0], s[1]/2, s[2]/2, s[3]
	return g.apply(operation{
		name: "pool", shape: tensor.Shape{n, h, w, c},
		compute: func(y []float32, in [][]float32) {
			kernel.Parallel(n*h, func(_ *kernel.Scratch, row int) {
				from, to := in[0][row*4*w*c:][:4*w*c], y[row*w*c:][:w*c]
				for i := range w {
					q := to[i*c:][:c]
					kernel.Add(q, from[2*i*c:][:c], from[(2*i+1)*c:][:c])
					kernel.AddTo(q, from[(2*w+2*i)*c:][:c])
					kernel.AddTo(q, from[(2*w+2*i+1)*c:][:c])
				}
				if by != 1 {
					kernel.Scale(to, to, by)
				}
			})
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes { return G.Nodes{g.Affine(g.Upsample(dy), by, 0)} },
	}, x)
}

// FirstChannels keeps the first channels of x (N, H, W, C).
func (g *Graph) FirstChannels(x *G.Node, channels int) *G.Node {
	rows, all := rowsOf(x)
	shape := x.Shape().Clone()
	shape[3] = channels
	return g.apply(operation{
		name: "first channels", shape: shape,
		compute: func(y []float32, in [][]float32) { copyColumns(y, channels, in[0], all, channels, rows) },
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes {
			return G.Nodes{g.apply(operation{
				name: "first channels input", shape: x.Shape().Clone(),
				compute: func(dx []float32, in [][]float32) {
					clear(dx)
					copyColumns(dx, all, in[0], channels, channels, rows)
				},
			}, dy)}
		},
	}, x)
}

// Concat joins the channels of a and b (N, H, W, ...), a's first.
func (g *Graph) Concat(a, b *G.Node) *G.Node {
	rows, ca := rowsOf(a)
	_, cb := rowsOf(b)
	shape := a.Shape().Clone()
	shape[3] = ca + cb
	return g.apply(operation{
		name: "concat", shape: shape,
		compute: func(y []float32, in [][]float32) {
			runsOf(rows, ca+cb, func(lo, hi int) {
				copyColumns(y[lo*(ca+cb):], ca+cb, in[0][lo*ca:], ca, ca, hi-lo)
				copyColumns(y[lo*(ca+cb)+ca:], ca+cb, in[1][lo*cb:], cb, cb, hi-lo)
			})
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes {
			part := func(like *G.Node, first, c int) *G.Node {
				return g.apply(operation{
					name: "concat input", shape: like.Shape().Clone(),
					compute: func(dx []float32, in [][]float32) {
						runsOf(rows, c, func(lo, hi int) {
							copyColumns(dx[lo*c:], c, in[0][lo*(ca+cb)+first:], ca+cb, c, hi-lo)
						})
					},
				}, dy)
			}
			return G.Nodes{part(a, 0, ca), part(b, ca, cb)}
		},
	}, a, b)
}

// runsOf calls f on all cores for runs of rows of the given length.
func runsOf(rows, length int, f func(lo, hi int)) {
	run := max(1, (1<<14)/length)
	kernel.Parallel((rows+run-1)/run, func(_ *kernel.Scratch, i int) { f(i*run, min((i+1)*run, rows)) })
}

// copyColumns copies rows of n values between matrices whose rows are ldd and lds apart.
func copyColumns(dst []float32, ldd int, src []float32, lds, n, rows int) {
	for r := range rows {
		copy(dst[r*ldd:][:n], src[r*lds:])
	}
}

// ReflectPad extends x (N, H, W, C) below and to the right to height x width by reflection about its last row and column, as
// often as needed. It has no gradient: it is for inputs.
func (g *Graph) ReflectPad(x *G.Node, height, width int) *G.Node {
	s := x.Shape()
	n, h, w, c := s[0], s[1], s[2], s[3]
	return g.apply(operation{
		name: "reflect pad", shape: tensor.Shape{n, height, width, c},
		compute: func(y []float32, in [][]float32) {
			for i := range n * height * width {
				row, column := i/width%height, i%width
				from := (i/(width*height)*h+reflect(row, h))*w + reflect(column, w)
				copy(y[i*c:][:c], in[0][from*c:])
			}
		},
	}, x)
}

// reflect folds position i into 0 ... n-1 about both ends, not repeating them.
func reflect(i, n int) int {
	if n == 1 {
		return 0
	}
	i %= 2 * (n - 1)
	return min(i, 2*(n-1)-i)
}

// Crop keeps the first height x width pixels of x (N, H, W, C).
func (g *Graph) Crop(x *G.Node, height, width int) *G.Node { return g.Window(x, 0, 0, height, width) }

// Window is height x width pixels of x (N, H, W, C) from the given row and column on, which may be negative; outside of x there are zeros.
func (g *Graph) Window(x *G.Node, top, left, height, width int) *G.Node {
	s := x.Shape()
	n, h, w, c := s[0], s[1], s[2], s[3]
	first, last := max(0, -left), min(width, w-left) // columns that lie within x
	return g.apply(operation{
		name: "window", shape: tensor.Shape{n, height, width, c},
		compute: func(y []float32, in [][]float32) {
			kernel.Parallel(n*height, func(_ *kernel.Scratch, i int) {
				to, row := y[i*width*c:][:width*c], i%height+top
				clear(to)
				if row >= 0 && row < h && first < last {
					copy(to[first*c:last*c], in[0][((i/height*h+row)*w+left+first)*c:])
				}
			})
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes { return G.Nodes{g.Window(dy, -top, -left, h, w)} },
	}, x)
}
