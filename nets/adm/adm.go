// Package adm is the network of guided diffusion (Dhariwal and Nichol 2021), made for VP noise. Parameters have the names and shapes of
// the authors' files. Its conditioning is the timestep over 1000. It knows nothing of files, of noise levels or of training.
package adm

import (
	"fmt"
	"math"
	"slices"

	"tweedie/nets/layer"
)

// A Config is everything that defines the network. The last four settings have zeros in the authors' own networks.
type Config struct {
	Channels        int       `json:"channels"`         // of images
	Height          int       `json:"height"`           // of images, in pixels: divisible by 2^(levels-1), as is
	Width           int       `json:"width"`            //
	Base            int       `json:"model_channels"`   // channels of a multiplier of 1; every level's are a multiple of 32
	Multipliers     []float64 `json:"multipliers"`      // of base, one per level; each level halves the resolution
	Blocks          int       `json:"blocks"`           // residual blocks per level
	Attention       []int     `json:"attention"`        // heights at which residual blocks are followed by attention
	Heads           int       `json:"heads"`            // of attention, if HeadChannels is 0
	HeadChannels    int       `json:"head_channels"`    // of each head; 0: as Heads makes it
	NewOrder        bool      `json:"new_order"`        // of the channels of qkv: queries of all heads, then keys, then values
	ScaleShift      bool      `json:"scale_shift"`      // the embedding scales and shifts what is normalised; otherwise it is added before
	BlocksResample  bool      `json:"resblock_updown"`  // residual blocks change the resolution; otherwise convolutions
	LearnedVariance bool      `json:"learned_variance"` // as many channels more, which Build leaves out

	Epsilon        float64 `json:"norm_epsilon,omitempty"`    // added to variances; 0: 1e-5
	FrequencyShift float64 `json:"frequency_shift,omitempty"` // of the embedding; see layer.Graph.Sinusoids
	SinesFirst     bool    `json:"sines_first,omitempty"`     // in the embedding
	PadAfter       bool    `json:"pad_after,omitempty"`       // convolutions of stride 2 see zeros below and to the right only
}

// Name is the network's name in checkpoints and experiments.
const Name = "adm"

// Kind returns Name.
func (c Config) Kind() string { return Name }

// Shape returns the shape of one image.
func (c Config) Shape() (channels, height, width int) { return c.Channels, c.Height, c.Width }

const groups = 32 // of every norm

// channels is the width of a level.
func (c Config) channels(multiplier float64) int { return int(multiplier * float64(c.Base)) }

// Validate returns an error that names the first setting with which no network can be built.
func (c Config) Validate() error {
	switch {
	case c.Channels < 1 || c.Height < 1 || c.Width < 1:
		return fmt.Errorf("images of %d channels, %d x %d pixels", c.Channels, c.Height, c.Width)
	case c.Base < 2 || c.Base%2 != 0:
		return fmt.Errorf("model_channels is %d, want a positive even number", c.Base)
	case len(c.Multipliers) == 0 || len(c.Multipliers) > 16:
		return fmt.Errorf("multipliers are %v, want 1 to 16", c.Multipliers)
	case c.Blocks < 1:
		return fmt.Errorf("blocks is %d, want at least 1", c.Blocks)
	case c.HeadChannels < 0 || c.HeadChannels == 0 && c.Heads < 1:
		return fmt.Errorf("heads is %d and head_channels %d, want one of them positive", c.Heads, c.HeadChannels)
	case !(c.Epsilon >= 0) || math.IsInf(c.Epsilon, 1):
		return fmt.Errorf("norm_epsilon is %v, want a positive number, or 0 for 1e-5", c.Epsilon)
	case !(c.FrequencyShift >= 0 && c.FrequencyShift < float64(c.Base/2)):
		return fmt.Errorf("frequency_shift is %v, want 0 or more, below %d", c.FrequencyShift, c.Base/2)
	}
	if divisor := 1 << (len(c.Multipliers) - 1); c.Height%divisor != 0 || c.Width%divisor != 0 {
		return fmt.Errorf("images of %d x %d pixels do not divide by 2 at each of %d levels: sides must be multiples of %d", c.Height, c.Width, len(c.Multipliers), divisor)
	}
	for i, m := range c.Multipliers {
		channels := c.channels(m)
		if channels < 1 || channels%groups != 0 {
			return fmt.Errorf("model_channels %d times multiplier %v is %d channels, want a positive multiple of %d", c.Base, m, channels, groups)
		}
		last := i == len(c.Multipliers)-1 // the middle attends
		if heads := c.heads(channels); (last || slices.Contains(c.Attention, c.Height>>i)) && (heads < 1 || channels%heads != 0 || c.HeadChannels > 0 && channels%c.HeadChannels != 0) {
			return fmt.Errorf("attention over %d channels does not divide into heads (%d) or head_channels (%d)", channels, c.Heads, c.HeadChannels)
		}
	}
	return nil
}

func (c Config) heads(channels int) int {
	if c.HeadChannels > 0 {
		return channels / c.HeadChannels
	}
	return c.Heads
}

// Build adds the network to a graph and returns its output, (N, H, W, Channels), for images x of that shape and timesteps t over 1000 (N).
func (c Config) Build(g *layer.Graph, x, t *layer.Node) *layer.Node {
	y := c.BuildAll(g, x, t)
	if c.LearnedVariance {
		y = g.FirstChannels(y, c.Channels)
	}
	return y
}

// BuildAll is Build with all channels: with a learned variance twice as many as the images have.
func (c Config) BuildAll(g *layer.Graph, x, t *layer.Node) *layer.Node {
	b := &builder{Graph: g, Config: c}
	return b.network(x, t)
}

// A builder adds named pieces of the network to a graph.
type builder struct {
	*layer.Graph
	Config
	e *layer.Node // the embedding of t, after the SiLU that every block would apply
}

func (b *builder) network(x, t *layer.Node) *layer.Node {
	b.embed(t)
	h := b.conv("input_blocks.0.0", x, b.channels(b.Multipliers[0]), layer.Conv{})
	skips := []*layer.Node{h}
	for i, m := range b.Multipliers {
		for range b.Blocks {
			h, _ = b.block(fmt.Sprintf("input_blocks.%d", len(skips)), h, b.channels(m))
			skips = append(skips, h)
		}
		if i < len(b.Multipliers)-1 {
			name := fmt.Sprintf("input_blocks.%d.0", len(skips))
			if b.BlocksResample {
				h = b.residual(name, h, h.Channels(), b.MeanPool)
			} else {
				h = b.down(name+".op", h)
			}
			skips = append(skips, h)
		}
	}
	h = b.residual("middle_block.0", h, h.Channels(), nil)
	h = b.attention("middle_block.1", h)
	h = b.residual("middle_block.2", h, h.Channels(), nil)
	at := 0
	for i, m := range slices.Backward(b.Multipliers) {
		for block := range b.Blocks + 1 {
			name := fmt.Sprintf("output_blocks.%d", at)
			skip := skips[len(skips)-1]
			skips = skips[:len(skips)-1]
			var parts int
			h, parts = b.block(name, b.Concat(h, skip), b.channels(m))
			if i > 0 && block == b.Blocks {
				name := fmt.Sprintf("%s.%d", name, parts)
				if b.BlocksResample {
					h = b.residual(name, h, h.Channels(), b.Upsample)
				} else {
					h = b.conv(name+".conv", b.Upsample(h), h.Channels(), layer.Conv{})
				}
			}
			at++
		}
	}
	out := b.Channels
	if b.LearnedVariance {
		out *= 2
	}
	return b.zeroConv("out.2", b.norm("out.0", h, layer.Norm{SiLU: true}), out, layer.Conv{})
}

func (b *builder) embed(t *layer.Node) {
	e := b.Sinusoids(t, b.Base, b.FrequencyShift, b.SinesFirst)
	e = b.SiLU(b.linear("time_embed.0", e, 4*b.Base))
	b.e = b.SiLU(b.linear("time_embed.2", e, 4*b.Base))
}

// block is a residual block, with attention where the resolution asks for it, and returns of how many parts it is.
func (b *builder) block(name string, x *layer.Node, out int) (y *layer.Node, parts int) {
	h := b.residual(name+".0", x, out, nil)
	if slices.Contains(b.Config.Attention, h.Height()) {
		return b.attention(name+".1", h), 2
	}
	return h, 1
}

// residual is a residual block, which resamples within if it is given how.
func (b *builder) residual(name string, x *layer.Node, out int, resample func(*layer.Node) *layer.Node) *layer.Node {
	h := b.norm(name+".in_layers.0", x, layer.Norm{SiLU: true})
	if resample != nil {
		h, x = resample(h), resample(x)
	}
	into := layer.Conv{}
	second := layer.Norm{SiLU: true}
	if b.ScaleShift {
		second.Modulation = b.linear(name+".emb_layers.1", b.e, 2*out)
	} else {
		into.PerImage = b.linear(name+".emb_layers.1", b.e, out)
	}
	h = b.norm(name+".out_layers.0", b.conv(name+".in_layers.2", h, out, into), second)
	if in := x.Channels(); in != out {
		init := layer.Uniform(in)
		x = b.Linear(x, b.Parameter(name+".skip_connection.weight", init, out, in, 1, 1), b.Parameter(name+".skip_connection.bias", init, out), nil)
	}
	return b.zeroConv(name+".out_layers.3", h, out, layer.Conv{Residual: x})
}

// down halves the resolution by a convolution of stride 2.
func (b *builder) down(name string, x *layer.Node) *layer.Node {
	if !b.PadAfter {
		return b.conv(name, x, x.Channels(), layer.Conv{Stride: 2})
	}
	// The convolution has a zero around its image, and starts there. After one zero more its second step starts at the image itself.
	s := x.Shape()
	return b.Window(b.conv(name, b.Window(x, -1, -1, s[1]+2, s[2]+2), x.Channels(), layer.Conv{Stride: 2}), 1, 1, s[1]/2, s[2]/2)
}

func (b *builder) attention(name string, x *layer.Node) *layer.Node {
	c := x.Channels()
	init := layer.Uniform(c)
	h := b.norm(name+".norm", x, layer.Norm{})
	qkv := b.Linear(h, b.Parameter(name+".qkv.weight", init, 3*c, c, 1), b.Parameter(name+".qkv.bias", init, 3*c), nil)
	h = b.Graph.Attention(qkv, layer.Heads{Number: b.heads(c), ByHead: !b.NewOrder})
	return b.Linear(h, b.Parameter(name+".proj_out.weight", layer.Zeros, c, c, 1), b.Parameter(name+".proj_out.bias", layer.Zeros, c), x)
}

func (b *builder) norm(name string, x *layer.Node, o layer.Norm) *layer.Node {
	c := x.Channels()
	o.Groups, o.Epsilon = groups, b.Epsilon
	if o.Epsilon == 0 {
		o.Epsilon = 1e-5
	}
	return b.GroupNorm(x, b.Parameter(name+".weight", layer.Ones, c), b.Parameter(name+".bias", layer.Zeros, c), o)
}

func (b *builder) conv(name string, x *layer.Node, out int, o layer.Conv) *layer.Node {
	init := layer.Uniform(9 * x.Channels())
	return b.Conv3x3(x, b.Parameter(name+".weight", init, out, x.Channels(), 3, 3), b.Parameter(name+".bias", init, out), o)
}

// zeroConv starts at zero: a block of them starts as the identity.
func (b *builder) zeroConv(name string, x *layer.Node, out int, o layer.Conv) *layer.Node {
	return b.Conv3x3(x, b.Parameter(name+".weight", layer.Zeros, out, x.Channels(), 3, 3), b.Parameter(name+".bias", layer.Zeros, out), o)
}

func (b *builder) linear(name string, x *layer.Node, out int) *layer.Node {
	init := layer.Uniform(x.Channels())
	return b.Linear(x, b.Parameter(name+".weight", init, out, x.Channels()), b.Parameter(name+".bias", init, out), nil)
}
