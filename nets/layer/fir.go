package layer

import "tweedie/nets/kernel"

// A FIR is the symmetric filter (Outer, Inner, Inner, Outer), which smooths an image that is resampled (Karras et al.
// 2020).
type FIR struct{ Outer, Inner float32 }

// FIRDown halves x (N, H, W, C), of even height and width: it convolves with the filter in both directions, with zeros
// around x, and takes every second pixel.
func (g *Graph) FIRDown(x *Node, f FIR) *Node { return g.fir(x, f, false, 1) }

// FIRUp doubles x (N, H, W, C): it inserts zeros between pixels and convolves with twice the filter in each direction.
func (g *Graph) FIRUp(x *Node, f FIR) *Node { return g.fir(x, f, true, 1) }

// fir resamples and multiplies by factor. Up is four times the adjoint of down.
func (g *Graph) fir(x *Node, f FIR, up bool, factor float32) *Node {
	name := "fir down"
	if up {
		name = "fir up"
	}
	if !g.usable(name, x) {
		return g.invalid
	}
	if len(x.shape) != 4 || !up && (x.shape[1]%2 != 0 || x.shape[2]%2 != 0) {
		return g.reject(name, []*Node{x}, "want images (N, H, W, C), of even height and width to be halved")
	}
	n, h, w, c := x.shape[0], x.shape[1], x.shape[2], x.shape[3]
	k := kernel.FIR{Height: h, Width: w, Channels: c, Outer: f.Outer, Inner: f.Inner}
	shape, resample := Shape{n, h / 2, w / 2, c}, kernel.FIR.Down
	if up {
		k.Height, k.Width = 2*h, 2*w
		shape, resample = Shape{n, 2 * h, 2 * w, c}, kernel.FIR.Up
	}
	size, rows := h*w*c, shape[1]
	length := shape[2] * c // of a row of the result
	const run = 2          // rows of one task
	return g.apply(name, shape, operation{
		forward: func(y []float32, in [][]float32) {
			tasks := (rows + run - 1) / run
			kernel.Parallel(n*tasks, func(scratch *kernel.Scratch, i int) {
				image, lo := i/tasks, i%tasks*run
				hi := min(lo+run, rows)
				to := y[image*rows*length:][:rows*length]
				resample(k, to, in[0][image*size:][:size], scratch, lo, hi)
				if factor != 1 {
					kernel.Scale(to[lo*length:hi*length], to[lo*length:hi*length], factor)
				}
			})
		},
		backward: func(_, dy, _ *Node) []*Node {
			adjoint := factor / 4
			if up {
				adjoint = factor * 4
			}
			return []*Node{g.fir(dy, f, !up, adjoint)}
		},
	}, x)
}
