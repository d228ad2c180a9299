package experiments

import (
	"fmt"

	"tweedie/nets/unet"
)

// Net is the table [net]: the network F.
type Net struct {
	Kind        string
	Base        int   // channels c_l = Base Multipliers[l] at level l
	Multipliers []int // one for each level; resolution halves from level to level
	Blocks      int   // residual blocks at each level; default 2
	Attention   []int // resolutions, in pixels, with attention after each block; default none

	Heads          int     // of "adm", if HeadChannels is 0
	HeadChannels   int     // of "adm": of each head; 64 where Heads is 0 too
	NewOrder       bool    // of "adm", as are the next two: see adm.Config
	ScaleShift     bool    // default true
	BlocksResample bool    // default true
	FourierScale   float64 // of "ncsnpp": of the frequencies of the noise level; default 16
}

// Networks are built from a Net elsewhere: these kinds build nothing here.
var networks = menu[Net, struct{}]{
	"unet": {keys: (*Net).levels},
	"adm": {keys: func(n *Net) []field {
		return append(n.levels(),
			optional("heads", &n.Heads, 0, atLeast(0)),
			optional("head_channels", &n.HeadChannels, 0, atLeast(0)),
			optional("new_order", &n.NewOrder, false),
			optional("scale_shift", &n.ScaleShift, true),
			optional("resblock_updown", &n.BlocksResample, true))
	}},
	"ncsnpp": {keys: func(n *Net) []field {
		return append(n.levels(), optional("fourier_scale", &n.FourierScale, 16, positive))
	}},
}

func (n *Net) levels() []field {
	return []field{
		required("base", &n.Base, atLeast(2), even),
		required("multipliers", &n.Multipliers, each(atLeast(1))),
		optional("blocks", &n.Blocks, 2, atLeast(1)),
		optional("attention", &n.Attention, []int{}, eachOrNone(atLeast(1))),
	}
}

func (n *Net) fields() []field { return networks.fields(&n.Kind, n) }

// check refuses channels that group norm's min(32, c/4) groups do not divide. On the
// way up, a block sees its input and a skip concatenated.
func (n *Net) check(complain func(key, message string)) {
	if n.Kind != unet.Name {
		return // their own Validate knows
	}
	c := n.Base
	widths, skips := []int{c}, []int{c}
	for l, m := range n.Multipliers {
		c = n.Base * m
		for range n.Blocks {
			skips = append(skips, c)
		}
		if l < len(n.Multipliers)-1 {
			skips = append(skips, c)
		}
		widths = append(widths, c)
	}
	for i := range skips {
		l := len(n.Multipliers) - 1 - i/(n.Blocks+1)
		widths = append(widths, c+skips[len(skips)-1-i])
		c = n.Base * n.Multipliers[l]
	}
	for _, c := range widths {
		if groups := min(32, c/4); groups == 0 || c%groups != 0 {
			complain("base", fmt.Sprintf("%d with multipliers %s gives a layer of %d channels, which group norm cannot divide; must be a multiple of 4, of 32 for large networks",
				n.Base, listed(n.Multipliers), c))
			return
		}
	}
}

// resolutions returns the side of square images of the given size at each level,
// after they are padded to divide.
func (n Net) resolutions(size int) []int {
	deepest := 1 << (len(n.Multipliers) - 1)
	side := (size + deepest - 1) / deepest * deepest
	sides := make([]int, len(n.Multipliers))
	for l := range sides {
		sides[l] = side >> l
	}
	return sides
}
