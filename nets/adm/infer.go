package adm

import (
	"errors"
	"fmt"
	"strings"
)

// Assume holds settings that cannot be inferred from the shapes of a file's tensors. Zeros stand for those of the
// authors' networks for 256 x 256 pixels.
type Assume struct {
	Height, Width int  // of images, in pixels; 256
	Heads         int  // of attention
	HeadChannels  int  // of each head; 64 if Heads is 0 too
	NewOrder      bool // of the channels of qkv
}

// Infer returns the network whose tensors have these names and shapes, and describes in words what it inferred and
// what it assumed. Tensors that the network does not have are no error here; they are an error when the weights
// are loaded.
func Infer(shapes map[string][]int, a Assume) (c Config, description string, err error) {
	if a.Height == 0 {
		a.Height = 256
	}
	if a.Width == 0 {
		a.Width = a.Height
	}
	if a.Heads == 0 && a.HeadChannels == 0 {
		a.HeadChannels = 64
	}
	missing := func(name string) error {
		return fmt.Errorf("not an ADM: it has no %s of the right number of dimensions", name)
	}
	embed, first, last := shapes["time_embed.0.weight"], shapes["input_blocks.0.0.weight"], shapes["out.2.weight"]
	switch {
	case len(embed) != 2:
		return c, "", missing("time_embed.0.weight")
	case len(first) != 4:
		return c, "", missing("input_blocks.0.0.weight")
	case len(last) != 4:
		return c, "", missing("out.2.weight")
	}
	c = Config{Channels: first[1], Height: a.Height, Width: a.Width, Base: embed[1], Attention: []int{},
		Heads: a.Heads, HeadChannels: a.HeadChannels, NewOrder: a.NewOrder, LearnedVariance: last[0] == 2*first[1]}
	// On the way up, the last block of every level but the last one doubles the resolution.
	outputs, levels := 0, 1
	for has(shapes, fmt.Sprintf("output_blocks.%d.0.in_layers.0.weight", outputs)) {
		for part := 1; part <= 2; part++ {
			name := fmt.Sprintf("output_blocks.%d.%d", outputs, part)
			if has(shapes, name+".in_layers.0.weight") {
				c.BlocksResample = true
				levels++
			} else if has(shapes, name+".conv.weight") {
				levels++
			}
		}
		outputs++
	}
	if c.Blocks = outputs/levels - 1; c.Blocks < 1 || c.Base < 1 || levels*(c.Blocks+1) != outputs {
		return c, "", fmt.Errorf("not an ADM: it has %d output blocks at %d levels", outputs, levels)
	}
	for level := range levels {
		name := fmt.Sprintf("input_blocks.%d", level*(c.Blocks+1)+1)
		out, added := shapes[name+".0.out_layers.3.weight"], shapes[name+".0.emb_layers.1.weight"]
		if len(out) != 4 || len(added) != 2 {
			return c, "", missing(name + ".0")
		}
		c.Multipliers = append(c.Multipliers, float64(out[0])/float64(c.Base))
		c.ScaleShift = added[0] == 2*out[0]
		if has(shapes, name+".1.qkv.weight") {
			c.Attention = append(c.Attention, c.Height>>level)
		}
	}
	if has(shapes, "label_emb.weight") {
		return c, "", errors.New("an ADM with classes (label_emb.weight): only networks without classes are supported")
	}
	if err := c.Validate(); err != nil {
		return c, "", fmt.Errorf(
			"size, heads, head_channels or new_order, which shapes do not determine, is wrong: %w", err)
	}
	return c, c.describe(), nil
}

func has(shapes map[string][]int, name string) bool { return shapes[name] != nil }

// describe describes what Infer found.
func (c Config) describe() string {
	choose := func(is bool, yes, no string) string {
		if is {
			return yes
		}
		return no
	}
	heads := fmt.Sprintf("%d heads", c.Heads)
	if c.HeadChannels > 0 {
		heads = fmt.Sprintf("heads of %d channels", c.HeadChannels)
	}
	return strings.Join([]string{
		fmt.Sprintf("ADM with %d channels, multipliers %v, %d blocks a level, attention at %v",
			c.Base, c.Multipliers, c.Blocks, c.Attention),
		choose(c.ScaleShift, "scale and shift by the embedding", "the embedding added"),
		choose(c.BlocksResample, "resampling blocks", "resampling convolutions"),
		choose(c.LearnedVariance, "a learned variance", "no learned variance") +
			fmt.Sprintf("; assumed are images of %d x %d", c.Height, c.Width),
		heads,
		choose(c.NewOrder, "the new order of attention's channels", "the old order of attention's channels"),
	}, ", ")
}
