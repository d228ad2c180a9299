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
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes {
			return G.Nodes{g.apply(operation{
				name: "upsample input", shape: s.Clone(),
				compute: func(dx []float32, in [][]float32) {
					kernel.Parallel(n*h, func(_ *kernel.Scratch, row int) {
						from, to := in[0][row*4*w*c:][:4*w*c], dx[row*w*c:][:w*c]
						for i := range w {
							q := to[i*c:][:c]
							kernel.Add(q, from[2*i*c:][:c], from[(2*i+1)*c:][:c])
							kernel.AddTo(q, from[(2*w+2*i)*c:][:c])
							kernel.AddTo(q, from[(2*w+2*i+1)*c:][:c])
						}
					})
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
func (g *Graph) Crop(x *G.Node, height, width int) *G.Node {
	s := x.Shape()
	n, h, w, c := s[0], s[1], s[2], s[3]
	row := width * c
	return g.apply(operation{
		name: "crop", shape: tensor.Shape{n, height, width, c},
		compute: func(y []float32, in [][]float32) {
			for i := range n * height {
				copy(y[i*row:][:row], in[0][(i/height*h+i%height)*w*c:])
			}
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes {
			return G.Nodes{g.apply(operation{
				name: "crop input", shape: s.Clone(),
				compute: func(dx []float32, in [][]float32) {
					clear(dx)
					for i := range n * height {
						copy(dx[(i/height*h+i%height)*w*c:][:row], in[0][i*row:])
					}
				},
			}, dy)}
		},
	}, x)
}
