// Package unet is the default network: the U-Net of DDPM (Ho et al. 2020), with attention of one head and a sinusoidal
// embedding of the noise level. Parameters have the names and shapes of the same network in PyTorch.
//
// The package does not know what the network's output means.
package unet

import (
	"fmt"
	"slices"

	"tweedie/nets/block"
	"tweedie/nets/layer"
)

// A Config is everything that defines the network.
type Config struct {
	Channels    int   `json:"channels"` // of images
	Height      int   `json:"height"`   // of images, in pixels
	Width       int   `json:"width"`
	Base        int   `json:"base"`        // channels at a multiplier of 1; a multiple of 4
	Multipliers []int `json:"multipliers"` // of base, one for each level; each level halves the resolution
	Blocks      int   `json:"blocks"`      // residual blocks at each level
	Attention   []int `json:"attention"`   // heights at which residual blocks are followed by attention
}

// Name is the network's name in checkpoints and experiments.
const Name = "unet"

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
	if c.Base%4 != 0 {
		return fmt.Errorf("base is %d, want a multiple of 4", c.Base)
	}
	return c.size().CheckLayers(c.network)
}

// Build adds the network to a graph and returns its output, (N, H, W, Channels), for images x of that shape and noise
// conditioning c (N). Images whose sides are not multiples of 2^(levels-1) are extended by reflection, and the output
// is cropped.
func (c Config) Build(g *layer.Graph, x, noise *layer.Node) *layer.Node {
	if err := c.Validate(); err != nil {
		return g.Fail(err)
	}
	return c.network(g, x, noise)
}

// A builder adds the network's parts to a graph.
type builder struct {
	block.Builder
	Config
}

// The names of layers within a block.
var (
	residual = block.Residual{Norm1: ".norm1", Conv1: ".conv1", Embed: ".embed",
		Norm2: ".norm2", Conv2: ".conv2", Skip: ".skip"}
	attention = block.Attention{Norm: ".norm", QKV: ".qkv", Out: ".proj", Axes: 2}
)

func (c Config) network(g *layer.Graph, x, noise *layer.Node) *layer.Node {
	b := builder{block.Builder{Graph: g, Groups: block.UpTo32, Epsilon: 1e-5}, c}
	height, width := x.Height(), x.Width()
	d := c.size().Divisor()
	h, w := (height+d-1)/d*d, (width+d-1)/d*d
	padded := h != height || w != width
	if padded {
		x = g.ReflectPad(x, h, w)
	}
	b.Embed("embed.0", "embed.2", b.Sinusoids(noise, c.Base, 0, false), 4*c.Base)
	y := b.up(b.down(x))
	if padded {
		y = g.Crop(y, height, width)
	}
	return y
}

// down is the way down to the coarsest level, and the middle. It also returns the results that go up by skip
// connections.
func (b builder) down(x *layer.Node) (h *layer.Node, skips block.Skips) {
	h = b.Conv("conv_in", x, b.Base, layer.Conv{})
	skips.Push(h)
	part := 0
	for i, m := range b.Multipliers {
		for range b.Blocks {
			h = b.block(fmt.Sprintf("down.%d", part), h, b.Base*m)
			skips.Push(h)
			part++
		}
		if i < len(b.Multipliers)-1 {
			h = b.Conv(fmt.Sprintf("down.%d.0", part), h, h.Channels(), layer.Conv{Stride: 2})
			skips.Push(h)
			part++
		}
	}
	h = b.Residual("mid.0", h, h.Channels(), residual, nil)
	h = b.Attend("mid.1", h, attention)
	return b.Residual("mid.2", h, h.Channels(), residual, nil), skips
}

// up is the way up to the full resolution, and the output.
func (b builder) up(h *layer.Node, skips block.Skips) *layer.Node {
	part := 0
	for i, m := range slices.Backward(b.Multipliers) {
		for j := range b.Blocks + 1 {
			name := fmt.Sprintf("up.%d", part)
			h = b.block(name, b.Concat(h, skips.Pop()), b.Base*m)
			if i > 0 && j == b.Blocks {
				last := 1
				if b.attends(h) {
					last = 2
				}
				h = b.Conv(fmt.Sprintf("%s.%d", name, last), b.Upsample(h), h.Channels(), layer.Conv{})
			}
			part++
		}
	}
	return b.ZeroConv("conv_out", b.Norm("norm_out", h, layer.Norm{SiLU: true}), b.Channels, layer.Conv{})
}

// block is a residual block, followed by attention if its resolution is among those of the configuration.
func (b builder) block(name string, x *layer.Node, out int) *layer.Node {
	h := b.Residual(name+".0", x, out, residual, nil)
	if b.attends(h) {
		h = b.Attend(name+".1", h, attention)
	}
	return h
}

func (b builder) attends(x *layer.Node) bool { return slices.Contains(b.Config.Attention, x.Height()) }
