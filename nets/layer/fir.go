package layer

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// A FIR is the symmetric kernel (Outer, Inner, Inner, Outer), which smooths what is resampled (Karras et al. 2020).
type FIR struct{ Outer, Inner float32 }

// FIRDown halves x (N, H, W, C), of even height and width: it convolves with the kernel in both directions, zeros around x, and takes
// every second pixel.
func (g *Graph) FIRDown(x *G.Node, f FIR) *G.Node { return g.fir(x, f, false, 1) }

// FIRUp doubles x (N, H, W, C): it inserts zeros and convolves with the kernel, twice as large in each direction.
func (g *Graph) FIRUp(x *G.Node, f FIR) *G.Node { return g.fir(x, f, true, 1) }

// fir resamples and multiplies. Up is four times the adjoint of down.
func (g *Graph) fir(x *G.Node, f FIR, up bool, factor float32) *G.Node {
	s := x.Shape()
	n, h, w, c := s[0], s[1], s[2], s[3]
	k := kernel.FIR{Height: h, Width: w, Channels: c, Outer: f.Outer, Inner: f.Inner}
	name, shape, resample := "fir down", tensor.Shape{n, h / 2, w / 2, c}, kernel.FIR.Down
	if up {
		k.Height, k.Width = 2*h, 2*w
		name, shape, resample = "fir up", tensor.Shape{n, 2 * h, 2 * w, c}, kernel.FIR.Up
	}
	size, rows := h*w*c, shape[1]
	length := shape[2] * c // of a row of the result
	const run = 2          // rows a task
	return g.apply(operation{
		name: name, shape: shape,
		compute: func(y []float32, in [][]float32) {
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
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes {
			back := factor / 4
			if up {
				back = factor * 4
			}
			return G.Nodes{g.fir(dy, f, !up, back)}
		},
	}, x)
}
