package block

import (
	"fmt"

	"tweedie/nets/layer"
)

// The limits of a configuration, which may come from a file of unknown origin. They keep the number of layers and all
// products of sizes far from overflow, and are far above networks that exist.
const (
	MaxLevels     = 16
	MaxBlocks     = 64      // at each level
	MaxSide       = 1 << 16 // of images, in pixels
	MaxChannels   = 1 << 16 // of images, and at a multiplier of 1
	MaxMultiplier = 1 << 10
)

// Size holds the settings that every U-Net has.
type Size[M int | float64] struct {
	Channels, Height, Width int // of images
	Base                    int // channels at a multiplier of 1
	Multipliers             []M // of Base, one for each level; each level halves the resolution
	Blocks                  int // residual blocks at each level
}

// Check returns an error that names the first setting which is out of range.
func (s Size[M]) Check() error {
	if s.Channels < 1 || s.Channels > MaxChannels || min(s.Height, s.Width) < 1 || max(s.Height, s.Width) > MaxSide {
		return fmt.Errorf("images of %d channels, %d x %d pixels: want 1 to %d channels and 1 to %d pixels",
			s.Channels, s.Height, s.Width, MaxChannels, MaxSide)
	}
	if s.Base < 1 || s.Base > MaxChannels {
		return fmt.Errorf("base is %d, want 1 to %d", s.Base, MaxChannels)
	}
	if len(s.Multipliers) < 1 || len(s.Multipliers) > MaxLevels {
		return fmt.Errorf("there are %d multipliers, want 1 to %d", len(s.Multipliers), MaxLevels)
	}
	for _, m := range s.Multipliers {
		if !(m > 0 && m <= MaxMultiplier) {
			return fmt.Errorf("multipliers are %v, want positive numbers up to %d", s.Multipliers, MaxMultiplier)
		}
	}
	if s.Blocks < 1 || s.Blocks > MaxBlocks {
		return fmt.Errorf("blocks is %d, want 1 to %d", s.Blocks, MaxBlocks)
	}
	return nil
}

// Divisor is 2^(levels-1), the factor by which the deepest level is smaller than the images.
func (s Size[M]) Divisor() int { return 1 << (len(s.Multipliers) - 1) }

// CheckDivisible returns an error if the sides of images are not multiples of Divisor.
func (s Size[M]) CheckDivisible() error {
	if d := s.Divisor(); s.Height%d != 0 || s.Width%d != 0 {
		return fmt.Errorf("images of %d x %d pixels cannot be halved for each of %d levels: want multiples of %d",
			s.Height, s.Width, len(s.Multipliers), d)
	}
	return nil
}

// CheckLayers builds a network for one image, without memory for parameters or results, and returns the first error: a
// layer whose input does not fit. Call it after the other checks, which bound the number of layers.
func (s Size[M]) CheckLayers(build func(g *layer.Graph, x, c *layer.Node) *layer.Node) error {
	g := layer.NewGraph(layer.NewParameters(), false)
	build(g, g.Input("x", 1, s.Height, s.Width, s.Channels), g.Input("c", 1))
	if err := g.Err(); err != nil {
		return fmt.Errorf("base %d with multipliers %v: %w", s.Base, s.Multipliers, err)
	}
	return nil
}
