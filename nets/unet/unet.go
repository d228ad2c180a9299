// Package unet is the default network: the U-Net of DDPM (Ho et al. 2020) with one attention head and a sinusoidal embedding of
// the noise level. Parameters have the names and shapes of the same network in PyTorch. It knows nothing of what the
// network's output means.
package unet

import (
	"fmt"
	"slices"

	"tweedie/nets/layer"
)

// A Config is everything that defines the network.
type Config struct {
	Channels    int   `json:"channels"` // of images
	Height      int   `json:"height"`   // of images, in pixels
	Width       int   `json:"width"`
	Base        int   `json:"base"`        // channels at the first level; a multiple of 4
	Multipliers []int `json:"multipliers"` // of base, one per level; each level halves the resolution
	Blocks      int   `json:"blocks"`      // residual blocks per level
	Attention   []int `json:"attention"`   // heights at which residual blocks are followed by attention
}

// Name is the network's name in checkpoints and experiments.
const Name = "unet"

// Validate returns an error that names the first setting with which no network can be built.
func (c Config) Validate() error {
	switch {
	case c.Channels < 1 || c.Height < 1 || c.Width < 1:
		return fmt.Errorf("images of %d channels, %d x %d pixels", c.Channels, c.Height, c.Width)
	case c.Base < 4 || c.Base%4 != 0:
		return fmt.Errorf("base is %d, want a positive multiple of 4", c.Base)
	case len(c.Multipliers) == 0 || slices.Min(c.Multipliers) < 1:
		return fmt.Errorf("multipliers are %v, want at least one, all positive", c.Multipliers)
	case c.Blocks < 1:
		return fmt.Errorf("blocks is %d, want at least 1", c.Blocks)
	}
	for _, m := range c.Multipliers {
		if channels := c.Base * m; channels%groups(channels) != 0 {
			return fmt.Errorf("base %d times multiplier %d is %d channels, which %d groups do not divide", c.Base, m, channels, groups(channels))
		}
	}
	return nil
}

// Shape returns the shape of one image.
func (c Config) Shape() (channels, height, width int) { return c.Channels, c.Height, c.Width }

// Kind returns Name.
func (c Config) Kind() string { return Name }

// groups is the number of groups that normalise c channels.
func groups(c int) int { return min(32, c/4) }

// Build adds the network to a graph and returns its output, (N, H, W, Channels), for images x of that shape and noise
// conditioning c (N). Images whose sides do not divide by 2^(levels-1) are extended by reflection and the output cropped.
func (c Config) Build(g *layer.Graph, x, noise *layer.Node) *layer.Node {
	b := builder{Graph: g, Config: c}
	height, width := x.Height(), x.Shape()[2]
	divisor := 1 << (len(c.Multipliers) - 1)
	h, w := (height+divisor-1)/divisor*divisor, (width+divisor-1)/divisor*divisor
	padded := h != height || w != width
	if padded {
		x = g.ReflectPad(x, h, w)
	}
	y := b.network(x, noise)
	if padded {
		y = g.Crop(y, height, width)
	}
	return y
}

// A builder adds named pieces of the network to a graph.
type builder struct {
	*layer.Graph
	Config
}

func (b builder) network(x, noise *layer.Node) *layer.Node {
	e := b.embedding(noise)
	h := b.conv("conv_in", x, b.Base, layer.Conv{})
	skips := []*layer.Node{h}
	level := 0
	for i, m := range b.Multipliers {
		for range b.Blocks {
			h = b.block(fmt.Sprintf("down.%d", level), h, e, b.Base*m)
			skips = append(skips, h)
			level++
		}
		if i < len(b.Multipliers)-1 {
			h = b.conv(fmt.Sprintf("down.%d.0", level), h, h.Channels(), layer.Conv{Stride: 2})
			skips = append(skips, h)
			level++
		}
	}
	h = b.residual("mid.0", h, e, h.Channels())
	h = b.attention("mid.1", h)
	h = b.residual("mid.2", h, e, h.Channels())
	level = 0
	for i, m := range slices.Backward(b.Multipliers) {
		for j := range b.Blocks + 1 {
			name := fmt.Sprintf("up.%d", level)
			skip := skips[len(skips)-1]
			skips = skips[:len(skips)-1]
			h = b.block(name, b.Concat(h, skip), e, b.Base*m)
			if i > 0 && j == b.Blocks {
				last := 1
				if b.attends(h) {
					last = 2
				}
				h = b.conv(fmt.Sprintf("%s.%d", name, last), b.Upsample(h), h.Channels(), layer.Conv{})
			}
			level++
		}
	}
	return b.zeroConv("conv_out", b.norm("norm_out", h, true), b.Channels, layer.Conv{})
}

// embedding is the noise level's, after the SiLU that every block would apply.
func (b builder) embedding(noise *layer.Node) *layer.Node {
	e := b.Sinusoids(noise, b.Base, 0, false)
	e = b.SiLU(b.linear("embed.0", e, 4*b.Base))
	return b.SiLU(b.linear("embed.2", e, 4*b.Base))
}

// block is a residual block, with attention where the resolution asks for it.
func (b builder) block(name string, x, e *layer.Node, out int) *layer.Node {
	h := b.residual(name+".0", x, e, out)
	if b.attends(h) {
		h = b.attention(name+".1", h)
	}
	return h
}

func (b builder) attends(x *layer.Node) bool { return slices.Contains(b.Config.Attention, x.Height()) }

func (b builder) residual(name string, x, e *layer.Node, out int) *layer.Node {
	shift := b.linear(name+".embed", e, out)
	h := b.conv(name+".conv1", b.norm(name+".norm1", x, true), out, layer.Conv{PerImage: shift})
	skip := x
	if x.Channels() != out {
		skip = b.pointwise(name+".skip", x, out, nil, layer.Uniform(x.Channels()))
	}
	return b.zeroConv(name+".conv2", b.norm(name+".norm2", h, true), out, layer.Conv{Residual: skip})
}

func (b builder) attention(name string, x *layer.Node) *layer.Node {
	c := x.Channels()
	qkv := b.pointwise(name+".qkv", b.norm(name+".norm", x, false), 3*c, nil, layer.Uniform(c))
	return b.pointwise(name+".proj", b.Graph.Attention(qkv, layer.Heads{}), c, x, layer.Zeros)
}

func (b builder) norm(name string, x *layer.Node, silu bool) *layer.Node {
	c := x.Channels()
	return b.GroupNorm(x, b.Parameter(name+".weight", layer.Ones, c), b.Parameter(name+".bias", layer.Zeros, c),
		layer.Norm{Groups: groups(c), Epsilon: 1e-5, SiLU: silu})
}

func (b builder) conv(name string, x *layer.Node, out int, o layer.Conv) *layer.Node {
	init := layer.Uniform(9 * x.Channels())
	return b.Conv3x3(x, b.Parameter(name+".weight", init, out, x.Channels(), 3, 3), b.Parameter(name+".bias", init, out), o)
}

// zeroConv starts at zero: a block of them starts as the identity.
func (b builder) zeroConv(name string, x *layer.Node, out int, o layer.Conv) *layer.Node {
	return b.Conv3x3(x, b.Parameter(name+".weight", layer.Zeros, out, x.Channels(), 3, 3), b.Parameter(name+".bias", layer.Zeros, out), o)
}

func (b builder) linear(name string, x *layer.Node, out int) *layer.Node {
	init := layer.Uniform(x.Channels())
	return b.Linear(x, b.Parameter(name+".weight", init, out, x.Channels()), b.Parameter(name+".bias", init, out), nil)
}

// pointwise is a 1x1 convolution.
func (b builder) pointwise(name string, x *layer.Node, out int, residual *layer.Node, init layer.Init) *layer.Node {
	return b.Linear(x, b.Parameter(name+".weight", init, out, x.Channels(), 1, 1), b.Parameter(name+".bias", init, out), residual)
}
