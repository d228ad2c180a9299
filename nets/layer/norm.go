package layer

import (
	"math"
	"slices"

	"tweedie/nets/kernel"
)

// A Norm holds the options of a group normalisation.
type Norm struct {
	Groups  int     // of channels
	Epsilon float64 // added to the variance
	SiLU    bool    // follow with SiLU

	// Modulation (N, 2 C), if not nil, changes the result y of each image to y (1 + s) + t before SiLU. s are the
	// first C values and t the others.
	Modulation *Node
}

// momentPixels is the number of pixels in a partial sum of an image's moments. Partial sums are added in order.
const momentPixels = 256

// GroupNorm normalises each group of channels of each image of x (N, H, W, C) to mean 0 and variance 1. Then it
// multiplies by gamma (C) and adds beta (C) (Wu and He 2018), and applies the modulation and SiLU of the options.
func (g *Graph) GroupNorm(x, gamma, beta *Node, o Norm) *Node {
	const name = "group norm"
	inputs := []*Node{x, gamma, beta}
	if o.Modulation != nil {
		inputs = append(inputs, o.Modulation)
	}
	if !g.usable(name, inputs...) {
		return g.invalid
	}
	c := x.Channels()
	switch {
	case len(x.shape) != 4:
		return g.reject(name, []*Node{x, gamma}, "want images (N, H, W, C)")
	case o.Groups < 1 || c%o.Groups != 0:
		return g.reject(name, []*Node{x, gamma}, "%d channels do not divide into %d groups", c, o.Groups)
	case !slices.Equal(gamma.shape, Shape{c}) || !slices.Equal(beta.shape, Shape{c}):
		return g.reject(name, inputs[:3], "scale and shift must have shape %v", Shape{c})
	case o.Modulation != nil && !slices.Equal(o.Modulation.shape, Shape{x.shape[0], 2 * c}):
		return g.reject(name, []*Node{x, o.Modulation}, "the modulation must have shape %v", Shape{x.shape[0], 2 * c})
	}
	n := &groupNorm{Norm: o, images: x.shape[0], pixels: x.shape[1] * x.shape[2], channels: c}
	n.blocks = (n.pixels + momentPixels - 1) / momentPixels
	return g.apply(name, x.shape, operation{
		forward:     func(y []float32, in [][]float32) { n.forward(y, in[0], in[1], in[2], in[3:]) },
		recompute:   func(y []float32, in [][]float32) { n.apply(y, in[0]) },
		accumulates: true,
		backward: func(y, dy, partial *Node) []*Node {
			operands := []*Node{x, dy}
			if partial != nil {
				operands = append(operands, partial)
			}
			dx := g.apply("group norm input", x.shape, operation{
				unread:  1,
				forward: func(dx []float32, in [][]float32) { n.backward(dx, in[0], in[1], in[2:]) },
			}, append(operands, y)...)
			// The gradients of gamma and beta are sums over images of values that the pass for dx has computed.
			parameter := func(name string, value func(image, channel int) float64) *Node {
				return g.apply(name, Shape{n.channels}, operation{
					unread: 1,
					forward: func(d []float32, _ [][]float32) {
						for c := range d {
							var sum float64
							for i := range n.images {
								sum += value(i, c)
							}
							d[c] = float32(sum)
						}
					},
				}, dx)
			}
			gradients := []*Node{
				dx,
				parameter("group norm gamma", func(i, c int) float64 {
					return n.normalisedSum(i, c) * n.factor[i*n.channels+c]
				}),
				parameter("group norm beta", func(i, c int) float64 {
					return n.sums[i*n.channels+c] * n.factor[i*n.channels+c]
				}),
			}
			if o.Modulation != nil {
				gradients = append(gradients, g.apply("group norm modulation", o.Modulation.shape, operation{
					unread:  1,
					forward: func(d []float32, in [][]float32) { n.modulation(d, in[0], in[1]) },
				}, gamma, beta, dx))
			}
			return gradients
		},
	}, inputs...)
}

// A groupNorm holds the statistics of one normalisation: the moments of each image and group, and the affine map
// y = scale x + shift of each image and channel that follows from them.
type groupNorm struct {
	Norm
	images, pixels, channels int
	blocks                   int       // of momentPixels pixels, in an image
	mean, rstd               []float64 // rstd is the reciprocal of the standard deviation
	scale, shift             []float32
	gain, factor             []float64 // of each image and channel: gamma (1 + s), and 1 + s
	// In the forward pass, sums of x and x^2 for each image, block and channel. In the backward pass, sums of dv and
	// dv x for each image and channel, with dv the gradient before SiLU.
	sums, squares []float64
}

func (n *groupNorm) allocate() {
	size, groups := n.images*n.channels, n.images*n.Groups
	n.gain, n.factor = make([]float64, size), make([]float64, size)
	n.scale, n.shift = make([]float32, size), make([]float32, size)
	n.mean, n.rstd = make([]float64, groups), make([]float64, groups)
	n.sums, n.squares = make([]float64, n.blocks*size), make([]float64, n.blocks*size)
}

// blockOf returns the values of a block of pixels.
func (n *groupNorm) blockOf(x []float32, image, block int) []float32 {
	first := block * momentPixels
	last := min(first+momentPixels, n.pixels)
	return x[(image*n.pixels+first)*n.channels : (image*n.pixels+last)*n.channels]
}

func (n *groupNorm) eachBlock(f func(image, block int)) {
	kernel.Parallel(n.images*n.blocks, func(_ *kernel.Scratch, i int) { f(i/n.blocks, i%n.blocks) })
}

func (n *groupNorm) forward(y, x, gamma, beta []float32, modulation [][]float32) {
	if n.gain == nil {
		n.allocate()
	}
	n.eachBlock(func(image, block int) {
		at := (image*n.blocks + block) * n.channels
		sums, squares := n.sums[at:][:n.channels], n.squares[at:][:n.channels]
		clear(sums)
		clear(squares)
		kernel.ChannelMoments(n.blockOf(x, image, block), sums, squares)
	})
	size := n.channels / n.Groups
	count := float64(n.pixels * size)
	for image := range n.images {
		for group := range n.Groups {
			var sum, squares float64
			for block := range n.blocks {
				at := (image*n.blocks+block)*n.channels + group*size
				for c := range size {
					sum += n.sums[at+c]
					squares += n.squares[at+c]
				}
			}
			mean := sum / count
			rstd := 1 / math.Sqrt(max(squares/count-mean*mean, 0)+n.Epsilon)
			n.mean[image*n.Groups+group], n.rstd[image*n.Groups+group] = mean, rstd
			for c := group * size; c < (group+1)*size; c++ {
				at := image*n.channels + c
				n.factor[at] = 1
				added := 0.0
				if len(modulation) > 0 {
					m := modulation[0][2*image*n.channels:]
					n.factor[at] += float64(m[c])
					added = float64(m[n.channels+c])
				}
				n.gain[at] = float64(gamma[c]) * n.factor[at]
				scale := n.gain[at] * rstd
				n.scale[at] = float32(scale)
				n.shift[at] = float32(float64(beta[c])*n.factor[at] + added - mean*scale)
			}
		}
	}
	n.apply(y, x)
}

// apply writes scale x + shift, or its SiLU.
func (n *groupNorm) apply(y, x []float32) {
	n.eachBlock(func(image, block int) {
		scale, shift := n.scale[image*n.channels:][:n.channels], n.shift[image*n.channels:][:n.channels]
		if n.SiLU {
			kernel.AffineSiLU(n.blockOf(y, image, block), n.blockOf(x, image, block), scale, shift)
		} else {
			kernel.Affine(n.blockOf(y, image, block), n.blockOf(x, image, block), scale, shift)
		}
	})
}

// normalisedSum is the sum of dv (x - mean) rstd over an image's pixels: the gradient of its gain.
func (n *groupNorm) normalisedSum(image, channel int) float64 {
	at, group := image*n.channels+channel, image*n.Groups+channel/(n.channels/n.Groups)
	return (n.squares[at] - n.mean[group]*n.sums[at]) * n.rstd[group]
}

// modulation writes the gradients of s and t.
func (n *groupNorm) modulation(d, gamma, beta []float32) {
	for i := range n.images {
		for c := range n.channels {
			sum := n.sums[i*n.channels+c]
			d[2*i*n.channels+c] = float32(float64(gamma[c])*n.normalisedSum(i, c) + float64(beta[c])*sum)
			d[(2*i+1)*n.channels+c] = float32(sum)
		}
	}
}

// backward writes dx = a dv + b x + d, plus the gradients in partial. For a group of m values,
//
//	a = gain rstd,   b = -rstd^2 B/m,   d = -rstd A/m - b mean,
//
// with A = sum gain dv and B = sum gain dv (x - mean) rstd.
func (n *groupNorm) backward(dx, x, dy []float32, partial [][]float32) {
	size := n.channels / n.Groups
	count := float64(n.pixels * size)
	kernel.Parallel(n.images, func(s *kernel.Scratch, image int) {
		at, length := image*n.channels, n.pixels*n.channels
		scale, shift, gain := n.scale[at:][:n.channels], n.shift[at:][:n.channels], n.gain[at:][:n.channels]
		sums, products := n.sums[at:][:n.channels], n.squares[at:][:n.channels]
		xs, dxs, dys := x[image*length:][:length], dx[image*length:][:length], dy[image*length:][:length]
		clear(sums)
		clear(products)
		dvs := dys
		if n.SiLU {
			dvs = dxs
			kernel.AffineSiLUBackward(dxs, xs, dys, scale, shift, sums, products)
		} else {
			kernel.AffineBackward(xs, dys, sums, products)
		}
		a, b, d := s.Floats(n.channels), s.Floats(n.channels), s.Floats(n.channels)
		for group := range n.Groups {
			mean, rstd := n.mean[image*n.Groups+group], n.rstd[image*n.Groups+group]
			var sumA, sumB float64
			for c := group * size; c < (group+1)*size; c++ {
				sumA += gain[c] * sums[c]
				sumB += gain[c] * (products[c] - mean*sums[c]) * rstd
			}
			slope := -rstd * rstd * sumB / count
			for c := group * size; c < (group+1)*size; c++ {
				a[c], b[c] = float32(gain[c]*rstd), float32(slope)
				d[c] = float32(-rstd*sumA/count - slope*mean)
			}
		}
		kernel.AffineCombine(dxs, dvs, xs, a, b, d)
		for _, p := range partial {
			kernel.AddTo(dxs, p[image*length:][:length])
		}
	})
}
