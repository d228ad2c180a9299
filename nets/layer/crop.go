package layer

import (
	"slices"

	"tweedie/nets/kernel"
)

// FirstChannels keeps the first channels of images x (N, H, W, C).
func (g *Graph) FirstChannels(x *Node, channels int) *Node {
	if !g.usableImages("first channels", x) {
		return g.invalid
	}
	if channels > x.Channels() {
		return g.reject("first channels", []*Node{x}, "there are fewer than %d", channels)
	}
	rows, all := x.shape.rows()
	return g.apply("first channels", x.shape.with(channels), operation{
		forward: func(y []float32, in [][]float32) { copyColumns(y, channels, in[0], all, channels, rows) },
		backward: func(_, dy, _ *Node) []*Node {
			return []*Node{g.apply("first channels input", x.shape, operation{
				forward: func(dx []float32, in [][]float32) {
					clear(dx)
					copyColumns(dx, all, in[0], channels, channels, rows)
				},
			}, dy)}
		},
	}, x)
}

// Concat joins the channels of images a and b of one size, a's first.
func (g *Graph) Concat(a, b *Node) *Node {
	if !g.usableImages("concat", a, b) {
		return g.invalid
	}
	if !slices.Equal(a.shape[:3], b.shape[:3]) {
		return g.reject("concat", []*Node{a, b}, "number, height and width of the images must be equal")
	}
	rows, ca := a.shape.rows()
	cb := b.Channels()
	return g.apply("concat", a.shape.with(ca+cb), operation{
		forward: func(y []float32, in [][]float32) {
			runsOfRows(rows, ca+cb, func(lo, hi int) {
				copyColumns(y[lo*(ca+cb):], ca+cb, in[0][lo*ca:], ca, ca, hi-lo)
				copyColumns(y[lo*(ca+cb)+ca:], ca+cb, in[1][lo*cb:], cb, cb, hi-lo)
			})
		},
		backward: func(_, dy, _ *Node) []*Node {
			part := func(operand *Node, first, c int) *Node {
				return g.apply("concat input", operand.shape, operation{
					forward: func(dx []float32, in [][]float32) {
						runsOfRows(rows, c, func(lo, hi int) {
							copyColumns(dx[lo*c:], c, in[0][lo*(ca+cb)+first:], ca+cb, c, hi-lo)
						})
					},
				}, dy)
			}
			return []*Node{part(a, 0, ca), part(b, ca, cb)}
		},
	}, a, b)
}

// runsOfRows calls f on all cores, for runs of consecutive rows of the given length that together are all rows.
func runsOfRows(rows, length int, f func(lo, hi int)) {
	run := max(1, (1<<14)/length)
	kernel.Parallel((rows+run-1)/run, func(_ *kernel.Scratch, i int) { f(i*run, min((i+1)*run, rows)) })
}

// copyColumns copies rows of n values between matrices whose rows are ldd and lds values apart.
func copyColumns(dst []float32, ldd int, src []float32, lds, n, rows int) {
	for r := range rows {
		copy(dst[r*ldd:][:n], src[r*lds:])
	}
}

// ReflectPad extends images x (N, H, W, C) below and to the right to height x width. It reflects them about their last
// row and column, as often as needed. x gets no gradient: the operator is for inputs.
func (g *Graph) ReflectPad(x *Node, height, width int) *Node {
	if !g.usableImages("reflect pad", x) {
		return g.invalid
	}
	n, h, w, c := x.shape[0], x.shape[1], x.shape[2], x.shape[3]
	if height < h || width < w {
		return g.reject("reflect pad", []*Node{x}, "the images are larger than %d x %d", height, width)
	}
	from := func(i int) int { // the pixel of x that pixel i of the result repeats
		row, column := i/width%height, i%width
		return (i/(width*height)*h+reflect(row, h))*w + reflect(column, w)
	}
	return g.apply("reflect pad", Shape{n, height, width, c}, operation{
		forward: func(y []float32, in [][]float32) {
			for i := range n * height * width {
				copy(y[i*c:][:c], in[0][from(i)*c:])
			}
		},
		backward: func(_, dy, _ *Node) []*Node {
			return []*Node{g.apply("reflect pad input", x.shape, operation{
				forward: func(dx []float32, in [][]float32) {
					clear(dx)
					for i := range n * height * width {
						kernel.AddTo(dx[from(i)*c:][:c], in[0][i*c:][:c])
					}
				},
			}, dy)}
		},
	}, x)
}

// reflect folds position i into 0 ... n-1 about both ends. The ends themselves are not repeated.
func reflect(i, n int) int {
	if n == 1 {
		return 0
	}
	i %= 2 * (n - 1)
	return min(i, 2*(n-1)-i)
}

// Crop keeps the first height x width pixels of images x (N, H, W, C).
func (g *Graph) Crop(x *Node, height, width int) *Node {
	if !g.usableImages("crop", x) {
		return g.invalid
	}
	if height > x.Height() || width > x.Width() {
		return g.reject("crop", []*Node{x}, "the images are smaller than %d x %d", height, width)
	}
	return g.Window(x, 0, 0, height, width)
}

// Window is a window of height x width pixels of images x (N, H, W, C), from the given row and column on. These may be
// negative: outside of x there are zeros.
func (g *Graph) Window(x *Node, top, left, height, width int) *Node {
	if !g.usableImages("window", x) {
		return g.invalid
	}
	n, h, w, c := x.shape[0], x.shape[1], x.shape[2], x.shape[3]
	first, last := max(0, -left), min(width, w-left) // columns of the window that lie within x
	return g.apply("window", Shape{n, height, width, c}, operation{
		forward: func(y []float32, in [][]float32) {
			kernel.Parallel(n*height, func(_ *kernel.Scratch, i int) {
				to, row := y[i*width*c:][:width*c], i%height+top
				clear(to)
				if row >= 0 && row < h && first < last {
					copy(to[first*c:last*c], in[0][((i/height*h+row)*w+left+first)*c:])
				}
			})
		},
		backward: func(_, dy, _ *Node) []*Node { return []*Node{g.Window(dy, -top, -left, h, w)} },
	}, x)
}
