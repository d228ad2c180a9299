package layer

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
)

// A Norm says how activations are normalised.
type Norm struct {
	Groups  int     // of channels
	Epsilon float64 // added to the variance
	SiLU    bool    // follow with SiLU

	// Modulation (N, 2 C) changes y, before SiLU, to y (1 + s) + t for each image, s its first C values and t the others; nil: not at all.
	Modulation *G.Node
}

// momentPixels is how many pixels make a partial sum of an image's moments; they are added in order.
const momentPixels = 256

// GroupNorm normalises each group of channels of each image of x (N, H, W, C) to mean 0 and variance 1, then scales by gamma (C)
// and adds beta (C) (Wu and He 2018), and modulates where that is asked for.
func (g *Graph) GroupNorm(x, gamma, beta *G.Node, o Norm) *G.Node {
	s := x.Shape()
	n := &groupNorm{Norm: o, images: s[0], pixels: s[1] * s[2], channels: s[3]}
	size := n.images * n.channels
	n.gain, n.factor = make([]float64, size), make([]float64, size)
	parameters := G.Nodes{x, gamma, beta}
	if o.Modulation != nil {
		parameters = append(parameters, o.Modulation)
	}
	n.mean, n.rstd = make([]float64, n.images*o.Groups), make([]float64, n.images*o.Groups)
	n.scale, n.shift = make([]float32, size), make([]float32, size)
	n.blocks = (n.pixels + momentPixels - 1) / momentPixels
	n.sums, n.squares = make([]float64, n.blocks*size), make([]float64, n.blocks*size)
	return g.apply(operation{
		name: "group norm", shape: s.Clone(),
		compute: func(y []float32, in [][]float32) { n.forward(y, in[0], in[1], in[2], in[3:]) },
		again:   func(y []float32, in [][]float32) { n.apply(y, in[0]) },
		absorbs: true,
		pull: func(in G.Nodes, y, dy, more *G.Node) G.Nodes {
			inputs := G.Nodes{in[0], dy}
			if more != nil {
				inputs = append(inputs, more)
			}
			dx := g.apply(operation{
				name: "group norm input", shape: s.Clone(), after: 1,
				compute: func(dx []float32, in [][]float32) { n.backward(dx, in[0], in[1], in[2:]) },
			}, append(inputs, y)...)
			parameter := func(name string, value func(image, channel int) float64) *G.Node {
				return g.apply(operation{
					name: name, shape: tensor.Shape{n.channels}, after: 1,
					compute: func(d []float32, _ [][]float32) {
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
			gradients := G.Nodes{
				dx,
				parameter("group norm gamma", func(i, c int) float64 { return n.slope(i, c) * n.factor[i*n.channels+c] }),
				parameter("group norm beta", func(i, c int) float64 { return n.sums[i*n.channels+c] * n.factor[i*n.channels+c] }),
			}
			if o.Modulation != nil {
				gradients = append(gradients, g.apply(operation{
					name: "group norm modulation", shape: o.Modulation.Shape().Clone(), after: 1,
					compute: func(d []float32, in [][]float32) { n.modulation(d, in[0], in[1]) },
				}, in[1], in[2], dx))
			}
			return gradients
		},
	}, parameters...)
}

// groupNorm is the memory of one normalisation: per image and group the moments, per image and channel the affine map
// y = scale x + shift that it amounts to.
type groupNorm struct {
	Norm
	images, pixels, channels int
	blocks                   int // of pixels in an image
	mean, rstd               []float64
	scale, shift             []float32
	gain, factor             []float64 // per image and channel: gamma (1 + s), and 1 + s
	// Per image, block and channel. In the backward pass, per image and channel: sums of dv and of dv x, v before SiLU.
	sums, squares []float64
}

// blockOf returns the values of a block of pixels, and where they start.
func (n *groupNorm) blockOf(x []float32, image, block int) []float32 {
	first := block * momentPixels
	last := min(first+momentPixels, n.pixels)
	return x[(image*n.pixels+first)*n.channels : (image*n.pixels+last)*n.channels]
}

func (n *groupNorm) eachBlock(f func(image, block int)) {
	kernel.Parallel(n.images*n.blocks, func(_ *kernel.Scratch, i int) { f(i/n.blocks, i%n.blocks) })
}

func (n *groupNorm) forward(y, x, gamma, beta []float32, modulation [][]float32) {
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

// slope is the sum of dv (x - mean) rstd over an image's pixels: the gradient of its gain.
func (n *groupNorm) slope(image, channel int) float64 {
	at, group := image*n.channels+channel, image*n.Groups+channel/(n.channels/n.Groups)
	return (n.squares[at] - n.mean[group]*n.sums[at]) * n.rstd[group]
}

// modulation writes the gradients of s and t.
func (n *groupNorm) modulation(d, gamma, beta []float32) {
	for i := range n.images {
		for c := range n.channels {
			sum := n.sums[i*n.channels+c]
			d[2*i*n.channels+c] = float32(float64(gamma[c])*n.slope(i, c) + float64(beta[c])*sum)
			d[(2*i+1)*n.channels+c] = float32(sum)
		}
	}
}

// backward writes dx = a dv + b x + d, plus what more holds, with, per group of m values, A = sum gain dv and B = sum gain dv (x - mean) rstd,
//
//	a = gain rstd,   b = -rstd^2 B/m,   d = -rstd A/m - b mean.
func (n *groupNorm) backward(dx, x, dy []float32, more [][]float32) {
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
		for _, m := range more {
			kernel.AddTo(dxs, m[image*length:][:length])
		}
	})
}
