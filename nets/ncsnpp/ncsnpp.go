// Package ncsnpp is NCSN++ (Song et al. 2021, score_sde), in its continuous form: BigGAN's residual blocks,
// resampling with a FIR filter, input and output pyramids, and a Fourier embedding of ln sigma. Parameters have the
// names and shapes of the authors' files. The output is the score itself: the network divides by sigma.
//
// The package knows nothing of files or training.
package ncsnpp

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tweedie/nets/block"
	"tweedie/nets/layer"
)

// A Config is everything that defines the network.
type Config struct {
	Channels    int        `json:"channels"`      // of images
	Height      int        `json:"height"`        // of images, in pixels; a multiple of 2^(levels-1)
	Width       int        `json:"width"`         // likewise
	Base        int        `json:"nf"`            // channels at a multiplier of 1, a multiple of 4
	Multipliers []int      `json:"multipliers"`   // of base, one for each level; each level halves the resolution
	Blocks      int        `json:"blocks"`        // residual blocks at each level
	Attention   []int      `json:"attention"`     // heights at which residual blocks are followed by attention
	Centered    bool       `json:"centered"`      // images are in [-1, 1]; otherwise in [0, 1], and 2u - 1 is taken
	FIR         [4]float64 `json:"fir"`           // the symmetric filter, of any positive sum; usually 1, 3, 3, 1
	Scale       float64    `json:"fourier_scale"` // standard deviation of the initial frequencies; usually 16
}

// Name is the network's name in checkpoints and experiments.
const Name = "ncsnpp"

// Kind returns Name.
func (c Config) Kind() string { return Name }

// Shape returns the shape of one image.
func (c Config) Shape() (channels, height, width int) { return c.Channels, c.Height, c.Width }

func (c Config) size() block.Size[int] {
	return block.Size[int]{Channels: c.Channels, Height: c.Height, Width: c.Width,
		Base: c.Base, Multipliers: c.Multipliers, Blocks: c.Blocks}
}

// Validate returns an error that names the first setting with which the network cannot be built.
func (c Config) Validate() error {
	if err := c.size().Check(); err != nil {
		return err
	}
	switch sum := c.FIR[0] + c.FIR[1]; {
	case c.Base%4 != 0:
		return fmt.Errorf("base is %d, want a multiple of 4", c.Base)
	case c.FIR[0] != c.FIR[3] || c.FIR[1] != c.FIR[2] || !(sum > 0) || math.IsInf(sum, 1):
		return fmt.Errorf("fir is %v, want four symmetric values of positive sum, such as [1 3 3 1]", c.FIR)
	case !(c.Scale > 0) || math.IsInf(c.Scale, 1):
		return fmt.Errorf("fourier_scale is %v, want a positive number", c.Scale)
	}
	if err := c.size().CheckDivisible(); err != nil {
		return err
	}
	return c.size().CheckLayers(c.network)
}

// Build adds the network to a graph and returns its output, (N, H, W, Channels), for noisy images x of that shape and
// their sigma (N), in the images' own units.
func (c Config) Build(g *layer.Graph, x, sigma *layer.Node) *layer.Node {
	if err := c.Validate(); err != nil {
		return g.Fail(err)
	}
	return c.network(g, x, sigma)
}

// A builder adds the network's modules to a graph and numbers them.
type builder struct {
	block.Builder
	Config
	filter layer.FIR
	module int // number of the next module
}

// next returns the name of the next module.
func (b *builder) next() string {
	b.module++
	return fmt.Sprintf("all_modules.%d", b.module-1)
}

func (c Config) network(g *layer.Graph, x, sigma *layer.Node) *layer.Node {
	sum := 2 * (c.FIR[0] + c.FIR[1])
	b := &builder{
		Builder: block.Builder{Graph: g, Groups: block.UpTo32, Epsilon: 1e-6, ZeroBiases: true},
		Config:  c,
		filter:  layer.FIR{Outer: float32(c.FIR[0] / sum), Inner: float32(c.FIR[1] / sum)},
	}
	frequencies := func(v []float32, rng *rand.Rand) {
		for i := range v {
			v[i] = float32(c.Scale * rng.NormFloat64())
		}
	}
	e := b.Fourier(sigma, b.Parameter(b.next()+".W", frequencies, c.Base))
	b.Embed(b.next(), b.next(), e, 4*c.Base)
	if !c.Centered {
		x = b.Affine(x, 2, -1)
	}
	return b.DivideImages(b.up(b.down(x)), sigma)
}

// down is the way down to the coarsest level, and the middle. It also returns the results that go up by skip
// connections.
func (b *builder) down(x *layer.Node) (h *layer.Node, skips block.Skips) {
	h = b.Conv(b.next(), x, b.Base, layer.Conv{})
	skips.Push(h)
	for level, m := range b.Multipliers {
		for range b.Blocks {
			h = b.block(h, b.Base*m, nil)
			if b.attends(h) {
				h = b.attention(h)
			}
			skips.Push(h)
		}
		if level < len(b.Multipliers)-1 {
			h = b.block(h, h.Channels(), b.halve)
			x = b.halve(x) // the input pyramid
			h = b.Linear(b.next()+".Conv_0", x, h.Channels(), block.Linear{Axes: 2, Residual: h})
			skips.Push(h)
		}
	}
	h = b.block(h, h.Channels(), nil)
	h = b.attention(h)
	return b.block(h, h.Channels(), nil), skips
}

// up is the way up to the full resolution. Every level adds its part of the output, y, to that of the level below.
func (b *builder) up(h *layer.Node, skips block.Skips) (y *layer.Node) {
	for level, m := range slices.Backward(b.Multipliers) {
		for range b.Blocks + 1 {
			h = b.block(b.Concat(h, skips.Pop()), b.Base*m, nil)
		}
		if b.attends(h) {
			h = b.attention(h)
		}
		o := layer.Conv{}
		if y != nil {
			o.Residual = b.double(y)
		}
		normed := b.Norm(b.next(), h, layer.Norm{SiLU: true})
		y = b.ZeroConv(b.next(), normed, b.Channels, o)
		if level > 0 {
			h = b.block(h, h.Channels(), b.double)
		}
	}
	return y
}

func (b *builder) attends(x *layer.Node) bool { return slices.Contains(b.Config.Attention, x.Height()) }

func (b *builder) halve(x *layer.Node) *layer.Node  { return b.FIRDown(x, b.filter) }
func (b *builder) double(x *layer.Node) *layer.Node { return b.FIRUp(x, b.filter) }

// halfRoot is sqrt(1/2). It keeps the variance of a sum of two terms like that of one.
var halfRoot = float32(math.Sqrt(0.5))

// residual holds the names of the layers within a residual block.
var residual = block.Residual{Norm1: ".GroupNorm_0", Conv1: ".Conv_0", Embed: ".Dense_0", Norm2: ".GroupNorm_1",
	Conv2: ".Conv_1", Skip: ".Conv_2", SkipResampled: true}

// block is a residual block, (x + h)/sqrt 2.
func (b *builder) block(x *layer.Node, out int, resample block.Resample) *layer.Node {
	return b.Affine(b.Residual(b.next(), x, out, residual, resample), halfRoot, 0)
}

// attention is self-attention of one head among the pixels of each image, (x + h)/sqrt 2.
func (b *builder) attention(x *layer.Node) *layer.Node {
	name := b.next()
	h := b.Norm(name+".GroupNorm_0", x, layer.Norm{})
	init := layer.Uniform(x.Channels())
	q := b.mix(name+".NIN_0", h, nil, init)
	k := b.mix(name+".NIN_1", h, nil, init)
	v := b.mix(name+".NIN_2", h, nil, init)
	h = b.Graph.Attention(b.Concat(b.Concat(q, k), v), layer.Heads{})
	return b.Affine(b.mix(name+".NIN_3", h, x, layer.Zeros), halfRoot, 0)
}

// mix is a linear map of channels whose matrix is (in, out), the transpose of PyTorch's.
func (b *builder) mix(name string, x, residual *layer.Node, init layer.Init) *layer.Node {
	c := x.Channels()
	w := b.Transpose(b.Parameter(name+".W", init, c, c))
	return b.Graph.Linear(x, w, b.Parameter(name+".b", layer.Zeros, c), residual)
}
