// Package adm is the network of guided diffusion (Dhariwal and Nichol 2021), made for VP noise. Parameters have the
// names and shapes of the authors' files. The noise conditioning is the timestep divided by 1000.
//
// The package knows nothing of files, noise levels or training.
package adm

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tweedie/nets/block"
	"tweedie/nets/layer"
)

// A Config is everything that defines the network. The authors' own networks have zeros for the last four settings.
type Config struct {
	Channels        int       `json:"channels"`         // of images
	Height          int       `json:"height"`           // of images, in pixels; a multiple of 2^(levels-1)
	Width           int       `json:"width"`            // likewise
	Base            int       `json:"model_channels"`   // channels at a multiplier of 1; a level has a multiple of 32
	Multipliers     []float64 `json:"multipliers"`      // of base, one for each level; each level halves the resolution
	Blocks          int       `json:"blocks"`           // residual blocks at each level
	Attention       []int     `json:"attention"`        // heights at which residual blocks are followed by attention
	Heads           int       `json:"heads"`            // of attention, if HeadChannels is 0
	HeadChannels    int       `json:"head_channels"`    // of each head; 0: Heads decides
	NewOrder        bool      `json:"new_order"`        // of qkv: the queries of all heads, then keys, then values
	ScaleShift      bool      `json:"scale_shift"`      // see block.Residual
	BlocksResample  bool      `json:"resblock_updown"`  // residual blocks change the resolution; otherwise convolutions
	LearnedVariance bool      `json:"learned_variance"` // twice the output channels, half of which Build drops

	Epsilon        float64 `json:"norm_epsilon,omitempty"`    // added to variances; 0: 1e-5
	FrequencyShift float64 `json:"frequency_shift,omitempty"` // of the embedding; see layer.Graph.Sinusoids
	SinesFirst     bool    `json:"sines_first,omitempty"`     // in the embedding
	PadAfter       bool    `json:"pad_after,omitempty"`       // zeros around stride 2 are below and to the right
}

// Name is the network's name in checkpoints and experiments.
const Name = "adm"

// Kind returns Name.
func (c Config) Kind() string { return Name }

// Shape returns the shape of one image.
func (c Config) Shape() (channels, height, width int) { return c.Channels, c.Height, c.Width }

func (c Config) size() block.Size[float64] {
	return block.Size[float64]{Channels: c.Channels, Height: c.Height, Width: c.Width,
		Base: c.Base, Multipliers: c.Multipliers, Blocks: c.Blocks}
}

// Validate returns an error that names the first setting with which the network cannot be built.
func (c Config) Validate() error {
	if err := c.size().Check(); err != nil {
		return err
	}
	switch {
	case c.Base%2 != 0:
		return fmt.Errorf("base is %d, want an even number", c.Base)
	case c.HeadChannels < 0 || c.HeadChannels == 0 && c.Heads < 1:
		return fmt.Errorf("heads is %d and head_channels %d, want one of them positive", c.Heads, c.HeadChannels)
	case !(c.Epsilon >= 0) || math.IsInf(c.Epsilon, 1):
		return fmt.Errorf("norm_epsilon is %v, want a positive number, or 0 for 1e-5", c.Epsilon)
	case !(c.FrequencyShift >= 0 && c.FrequencyShift < float64(c.Base/2)):
		return fmt.Errorf("frequency_shift is %v, want 0 or more, below %d", c.FrequencyShift, c.Base/2)
	}
	if err := c.size().CheckDivisible(); err != nil {
		return err
	}
	return c.size().CheckLayers(c.network)
}

// Build adds the network to a graph and returns its output, (N, H, W, Channels), for images x of that shape and
// timesteps t over 1000 (N).
func (c Config) Build(g *layer.Graph, x, t *layer.Node) *layer.Node {
	y := c.BuildAll(g, x, t)
	if c.LearnedVariance {
		y = g.FirstChannels(y, c.Channels)
	}
	return y
}

// BuildAll is Build with all output channels. With a learned variance they are twice as many as the images have.
func (c Config) BuildAll(g *layer.Graph, x, t *layer.Node) *layer.Node {
	if err := c.Validate(); err != nil {
		return g.Fail(err)
	}
	return c.network(g, x, t)
}

// A builder adds the network's parts to a graph.
type builder struct {
	block.Builder
	Config
	names block.Residual
}

// channels is the width of a level. Like the authors' code, it rounds down.
func (c Config) channels(multiplier float64) int { return int(multiplier * float64(c.Base)) }

func (c Config) network(g *layer.Graph, x, t *layer.Node) *layer.Node {
	b := &builder{
		Builder: block.Builder{Graph: g, Groups: func(int) int { return 32 }, Epsilon: cmp.Or(c.Epsilon, 1e-5)},
		Config:  c,
		names: block.Residual{Norm1: ".in_layers.0", Conv1: ".in_layers.2", Embed: ".emb_layers.1",
			Norm2: ".out_layers.0", Conv2: ".out_layers.3", Skip: ".skip_connection", ScaleShift: c.ScaleShift},
	}
	b.Embed("time_embed.0", "time_embed.2", b.Sinusoids(t, c.Base, c.FrequencyShift, c.SinesFirst), 4*c.Base)
	return b.up(b.down(x))
}

// down is the way down to the coarsest level, and the middle. It also returns the results that go up by skip
// connections.
func (b *builder) down(x *layer.Node) (h *layer.Node, skips block.Skips) {
	h = b.Conv("input_blocks.0.0", x, b.channels(b.Multipliers[0]), layer.Conv{})
	skips.Push(h)
	for i, m := range b.Multipliers {
		for range b.Blocks {
			h, _ = b.block(fmt.Sprintf("input_blocks.%d", len(skips)), h, b.channels(m))
			skips.Push(h)
		}
		if i < len(b.Multipliers)-1 {
			name := fmt.Sprintf("input_blocks.%d.0", len(skips))
			if b.BlocksResample {
				h = b.residual(name, h, h.Channels(), b.MeanPool)
			} else {
				h = b.halve(name+".op", h)
			}
			skips.Push(h)
		}
	}
	h = b.residual("middle_block.0", h, h.Channels(), nil)
	h = b.attention("middle_block.1", h)
	return b.residual("middle_block.2", h, h.Channels(), nil), skips
}

// up is the way up to the full resolution, and the output.
func (b *builder) up(h *layer.Node, skips block.Skips) *layer.Node {
	number := 0
	for i, m := range slices.Backward(b.Multipliers) {
		for j := range b.Blocks + 1 {
			name := fmt.Sprintf("output_blocks.%d", number)
			var parts int
			h, parts = b.block(name, b.Concat(h, skips.Pop()), b.channels(m))
			if i > 0 && j == b.Blocks {
				name := fmt.Sprintf("%s.%d", name, parts)
				if b.BlocksResample {
					h = b.residual(name, h, h.Channels(), b.Upsample)
				} else {
					h = b.Conv(name+".conv", b.Upsample(h), h.Channels(), layer.Conv{})
				}
			}
			number++
		}
	}
	out := b.Channels
	if b.LearnedVariance {
		out *= 2
	}
	return b.ZeroConv("out.2", b.Norm("out.0", h, layer.Norm{SiLU: true}), out, layer.Conv{})
}

// block is a residual block, followed by attention if its resolution is among those of the configuration. It also
// returns the number of these parts.
func (b *builder) block(name string, x *layer.Node, out int) (h *layer.Node, parts int) {
	h = b.residual(name+".0", x, out, nil)
	if slices.Contains(b.Config.Attention, h.Height()) {
		return b.attention(name+".1", h), 2
	}
	return h, 1
}

func (b *builder) residual(name string, x *layer.Node, out int, resample block.Resample) *layer.Node {
	return b.Residual(name, x, out, b.names, resample)
}

// halve halves the resolution by a convolution of stride 2.
func (b *builder) halve(name string, x *layer.Node) *layer.Node {
	if !b.PadAfter {
		return b.Conv(name, x, x.Channels(), layer.Conv{Stride: 2})
	}
	// The operator pads with one zero on every side, so it starts above and to the left of the image. With one more
	// zero there, its second step starts at the image's first pixel. The first step is cut off.
	height, width := x.Height(), x.Width()
	h := b.Conv(name, b.Window(x, -1, -1, height+2, width+2), x.Channels(), layer.Conv{Stride: 2})
	return b.Window(h, 1, 1, height/2, width/2)
}

func (b *builder) attention(name string, x *layer.Node) *layer.Node {
	c, heads := x.Channels(), b.Heads
	if b.HeadChannels > 0 {
		heads = c / b.HeadChannels
	}
	if heads < 1 || c%heads != 0 || b.HeadChannels > 0 && c%b.HeadChannels != 0 {
		return b.Fail(fmt.Errorf("attention %s over %d channels does not divide into heads (%d) or head_channels (%d)",
			name, c, b.Heads, b.HeadChannels))
	}
	return b.Attend(name, x, block.Attention{Norm: ".norm", QKV: ".qkv", Out: ".proj_out", Axes: 1,
		Heads: layer.Heads{Number: heads, ByHead: !b.NewOrder}})
}
