// Package ncsnpp is NCSN++, the network of VE SDEs (Song et al. 2021, score_sde, in its continuous form): BigGAN's residual blocks, resampling
// through a FIR filter, input and output pyramids, and a Fourier embedding of ln sigma. Parameters have the names and shapes of the
// authors' files. Its output is the score itself, divided by sigma within. It knows nothing of files or of training.
package ncsnpp

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tweedie/nets/layer"
)

// A Config is everything that defines the network.
type Config struct {
	Channels    int        `json:"channels"`      // of images
	Height      int        `json:"height"`        // of images, in pixels: divisible by 2^(levels-1), as is
	Width       int        `json:"width"`         //
	Base        int        `json:"nf"`            // channels at the first level, a multiple of 4
	Multipliers []int      `json:"multipliers"`   // of base, one per level; each level halves the resolution
	Blocks      int        `json:"blocks"`        // residual blocks per level
	Attention   []int      `json:"attention"`     // heights at which residual blocks are followed by attention
	Centered    bool       `json:"centered"`      // images are in [-1, 1]; otherwise in [0, 1], and become 2u - 1 within
	FIR         [4]float64 `json:"fir"`           // the filter, symmetric, of any sum; the authors' is 1, 3, 3, 1
	Scale       float64    `json:"fourier_scale"` // standard deviation of the embedding's frequencies where they are drawn; the authors' is 16
}

// Name is the network's name in checkpoints and experiments.
const Name = "ncsnpp"

// Kind returns Name.
func (c Config) Kind() string { return Name }

// Shape returns the shape of one image.
func (c Config) Shape() (channels, height, width int) { return c.Channels, c.Height, c.Width }

// Validate returns an error that names the first setting with which no network can be built.
func (c Config) Validate() error {
	switch {
	case c.Channels < 1 || c.Height < 1 || c.Width < 1:
		return fmt.Errorf("images of %d channels, %d x %d pixels", c.Channels, c.Height, c.Width)
	case c.Base < 4 || c.Base%4 != 0:
		return fmt.Errorf("nf is %d, want a positive multiple of 4", c.Base)
	case len(c.Multipliers) == 0 || len(c.Multipliers) > 16 || slices.Min(c.Multipliers) < 1:
		return fmt.Errorf("multipliers are %v, want 1 to 16, all positive", c.Multipliers)
	case c.Blocks < 1:
		return fmt.Errorf("blocks is %d, want at least 1", c.Blocks)
	case c.FIR[0] != c.FIR[3] || c.FIR[1] != c.FIR[2] || !(c.FIR[0]+c.FIR[1] > 0) || math.IsInf(c.FIR[0]+c.FIR[1], 1):
		return fmt.Errorf("fir is %v, want four symmetric taps of positive sum, such as [1 3 3 1]", c.FIR)
	case !(c.Scale > 0) || math.IsInf(c.Scale, 1):
		return fmt.Errorf("fourier_scale is %v, want a positive number", c.Scale)
	}
	if divisor := 1 << (len(c.Multipliers) - 1); c.Height%divisor != 0 || c.Width%divisor != 0 {
		return fmt.Errorf("images of %d x %d pixels do not divide by 2 at each of %d levels: sides must be multiples of %d", c.Height, c.Width, len(c.Multipliers), divisor)
	}
	for _, m := range c.Multipliers {
		if channels := c.Base * m; channels%groups(channels) != 0 {
			return fmt.Errorf("nf %d times multiplier %d is %d channels, which %d groups do not divide", c.Base, m, channels, groups(channels))
		}
	}
	return nil
}

// groups is the number of groups that normalise c channels.
func groups(c int) int { return min(32, c/4) }

// Build adds the network to a graph and returns its output, (N, H, W, Channels), for noisy images x of that shape and their sigma (N), in
// the images' own units.
func (c Config) Build(g *layer.Graph, x, sigma *layer.Node) *layer.Node {
	taps := c.FIR[0] + c.FIR[1] // half of their sum
	b := &builder{Graph: g, Config: c, filter: layer.FIR{Outer: float32(c.FIR[0] / (2 * taps)), Inner: float32(c.FIR[1] / (2 * taps))}}
	return b.network(x, sigma)
}

// A builder adds the network's modules to a graph, counting them as they come.
type builder struct {
	*layer.Graph
	Config
	filter layer.FIR
	module int
	e      *layer.Node // the embedding of sigma, after the SiLU that every block would apply
}

// next is the name of the next module.
func (b *builder) next() string {
	b.module++
	return fmt.Sprintf("all_modules.%d", b.module-1)
}

func (b *builder) network(x, sigma *layer.Node) *layer.Node {
	b.embed(sigma)
	if !b.Centered {
		x = b.Affine(x, 2, -1)
	}
	pyramid := x
	h := b.conv(b.next(), x, b.Base, layer.Uniform(9*b.Channels), layer.Conv{})
	skips := []*layer.Node{h}
	for level, m := range b.Multipliers {
		for range b.Blocks {
			h = b.block(h, b.Base*m, keep)
			if b.attends(h) {
				h = b.attention(h)
			}
			skips = append(skips, h)
		}
		if level < len(b.Multipliers)-1 {
			h = b.block(h, h.Channels(), down)
			pyramid = b.FIRDown(pyramid, b.filter)
			h = b.pointwise(b.next()+".Conv_0", pyramid, h.Channels(), h)
			skips = append(skips, h)
		}
	}
	h = b.block(h, h.Channels(), keep)
	h = b.attention(h)
	h = b.block(h, h.Channels(), keep)
	var y *layer.Node
	for level, m := range slices.Backward(b.Multipliers) {
		for range b.Blocks + 1 {
			skip := skips[len(skips)-1]
			skips = skips[:len(skips)-1]
			h = b.block(b.Concat(h, skip), b.Base*m, keep)
		}
		if b.attends(h) {
			h = b.attention(h)
		}
		o := layer.Conv{}
		if y != nil {
			o.Residual = b.FIRUp(y, b.filter)
		}
		shown := b.norm(b.next(), h, true)
		y = b.conv(b.next(), shown, b.Channels, layer.Zeros, o)
		if level > 0 {
			h = b.block(h, h.Channels(), up)
		}
	}
	return b.DivideImages(y, sigma)
}

func (b *builder) attends(x *layer.Node) bool { return slices.Contains(b.Config.Attention, x.Height()) }

func (b *builder) embed(sigma *layer.Node) {
	frequencies := func(v []float32, rng *rand.Rand) {
		for i := range v {
			v[i] = float32(b.Scale * rng.NormFloat64())
		}
	}
	b.e = b.Fourier(sigma, b.Parameter(b.next()+".W", frequencies, b.Base))
	for range 2 {
		b.e = b.linear(b.next(), b.e, 4*b.Base)
		if b.module == 2 {
			b.e = b.SiLU(b.e)
		}
	}
	b.e = b.SiLU(b.e)
}

// What a block does to the resolution.
type resolution int

const (
	keep resolution = iota
	down
	up
)

// halfRoot scales sums of a residual.
var halfRoot = float32(math.Sqrt(0.5))

// block is a residual block: (x + h)/sqrt 2.
func (b *builder) block(x *layer.Node, out int, to resolution) *layer.Node {
	name := b.next()
	h := b.norm(name+".GroupNorm_0", x, true)
	switch to {
	case down:
		h, x = b.FIRDown(h, b.filter), b.FIRDown(x, b.filter)
	case up:
		h, x = b.FIRUp(h, b.filter), b.FIRUp(x, b.filter)
	}
	in := x.Channels()
	h = b.conv(name+".Conv_0", h, out, layer.Uniform(9*in), layer.Conv{PerImage: b.linear(name+".Dense_0", b.e, out)})
	if in != out || to != keep {
		x = b.pointwise(name+".Conv_2", x, out, nil)
	}
	h = b.norm(name+".GroupNorm_1", h, true)
	return b.Affine(b.conv(name+".Conv_1", h, out, layer.Zeros, layer.Conv{Residual: x}), halfRoot, 0)
}

// attention is that of one head among pixels: (x + h)/sqrt 2.
func (b *builder) attention(x *layer.Node) *layer.Node {
	name := b.next()
	h := b.norm(name+".GroupNorm_0", x, false)
	c := x.Channels()
	q, k, v := b.mix(name+".NIN_0", h, nil, layer.Uniform(c)), b.mix(name+".NIN_1", h, nil, layer.Uniform(c)), b.mix(name+".NIN_2", h, nil, layer.Uniform(c))
	h = b.Graph.Attention(b.Concat(b.Concat(q, k), v), layer.Heads{})
	return b.Affine(b.mix(name+".NIN_3", h, x, layer.Zeros), halfRoot, 0)
}

// mix is a linear map of channels, whose matrix is (in, out).
func (b *builder) mix(name string, x, residual *layer.Node, init layer.Init) *layer.Node {
	c := x.Channels()
	return b.Linear(x, b.Transpose(b.Parameter(name+".W", init, c, c)), b.Parameter(name+".b", layer.Zeros, c), residual)
}

func (b *builder) norm(name string, x *layer.Node, silu bool) *layer.Node {
	c := x.Channels()
	return b.GroupNorm(x, b.Parameter(name+".weight", layer.Ones, c), b.Parameter(name+".bias", layer.Zeros, c),
		layer.Norm{Groups: groups(c), Epsilon: 1e-6, SiLU: silu})
}

func (b *builder) conv(name string, x *layer.Node, out int, init layer.Init, o layer.Conv) *layer.Node {
	return b.Conv3x3(x, b.Parameter(name+".weight", init, out, x.Channels(), 3, 3), b.Parameter(name+".bias", layer.Zeros, out), o)
}

func (b *builder) linear(name string, x *layer.Node, out int) *layer.Node {
	return b.Linear(x, b.Parameter(name+".weight", layer.Uniform(x.Channels()), out, x.Channels()), b.Parameter(name+".bias", layer.Zeros, out), nil)
}

// pointwise is a 1x1 convolution.
func (b *builder) pointwise(name string, x *layer.Node, out int, residual *layer.Node) *layer.Node {
	return b.Linear(x, b.Parameter(name+".weight", layer.Uniform(x.Channels()), out, x.Channels(), 1, 1), b.Parameter(name+".bias", layer.Zeros, out), residual)
}
