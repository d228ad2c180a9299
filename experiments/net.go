package experiments

import (
	"fmt"
	"slices"
	"strings"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/adm"
	"tweedie/nets/model"
	"tweedie/nets/ncsnpp"
	"tweedie/nets/unet"
)

// Net is the table [net]: the network.
type Net struct {
	Kind        string
	Base        int
	Multipliers []int
	Blocks      int
	Attention   []int

	Heads          int // of "adm", as are the next four; see adm.Config
	HeadChannels   int
	NewOrder       bool
	ScaleShift     bool
	BlocksResample bool
	FourierScale   float64 // of "ncsnpp"
}

// Networks are built by Architecture: these kinds build nothing.
var networks = strict.Menu[Net, struct{}]{
	unet.Name: {
		Doc:  "U-Net with attention, which takes ln(sigma) and images of any size",
		Keys: (*Net).levels,
	},
	adm.Name: {
		Doc: "ADM (Dhariwal & Nichol 2021)",
		Keys: func(n *Net) []strict.Field {
			return append(n.levels(),
				strict.Optional("heads", &n.Heads, 0, strict.AtLeast(0)).DefaultDoc("by `head_channels`").
					Doc("heads of attention"),
				strict.Optional("head_channels", &n.HeadChannels, 0, strict.AtLeast(0)).DefaultDoc("64 without `heads`").
					Doc("channels of each head of attention"),
				strict.Optional("new_order", &n.NewOrder, false).Doc("whether the channels of attention are ordered as in newer versions: queries of all heads, keys, values"),
				strict.Optional("scale_shift", &n.ScaleShift, true).Doc("whether the noise level also scales a block's channels"),
				strict.Optional("resblock_updown", &n.BlocksResample, true).Doc("whether residual blocks change the resolution"))
		},
	},
	ncsnpp.Name: {
		Doc: "NCSN++ (Song et al. 2021), which takes sigma and predicts the score",
		Keys: func(n *Net) []strict.Field {
			return append(n.levels(), strict.Optional("fourier_scale", &n.FourierScale, 16, strict.Positive).
				Doc("standard deviation of the random frequencies that encode ln(sigma)"))
		},
	},
}

func (n *Net) levels() []strict.Field {
	return []strict.Field{
		strict.Required("base", &n.Base, strict.AtLeast(2), strict.Even).Doc("channels at full resolution, times the first multiplier"),
		strict.Required("multipliers", &n.Multipliers, strict.Each(strict.AtLeast(1))).
			Doc("channels of each level, in units of `base`; the resolution halves from level to level"),
		strict.Optional("blocks", &n.Blocks, 2, strict.AtLeast(1)).Doc("residual blocks at each level"),
		strict.Optional("attention", &n.Attention, []int{}, strict.EachOrNone(strict.AtLeast(1))).
			Doc("resolutions, in pixels on a side, at which attention follows each block"),
	}
}

// Fields are the keys of [net].
func (n *Net) Fields() []strict.Field { return networks.Fields(&n.Kind, n) }

// Check complains about numbers of channels c that group norm's min(32, c/4) groups do not divide. On the way up, a
// block's input is concatenated with that of a block on the way down.
func (n *Net) Check(complain func(key, message string)) {
	if n.Kind != unet.Name {
		return // checkNetwork asks the network's own Validate
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
			complain("base", fmt.Sprintf("%d with multipliers %s gives a layer of %d channels, which group norm cannot divide; "+
				"must be a multiple of 4, of 32 for large networks", n.Base, list(n.Multipliers), c))
			return
		}
	}
}

// resolutions returns the side of square images at each level, after they have been padded until it divides.
func (n Net) resolutions(size int) []int {
	deepest := 1 << (len(n.Multipliers) - 1)
	side := (size + deepest - 1) / deepest * deepest
	sides := make([]int, len(n.Multipliers))
	for l := range sides {
		sides[l] = side >> l
	}
	return sides
}

// Architecture returns the network that the experiment trains.
func (e *Experiment) Architecture() model.Architecture {
	side, n := e.Data.shape().Width, e.Net
	switch n.Kind {
	case adm.Name:
		c := adm.Config{
			Channels: e.Data.Channels, Height: side, Width: side, Base: n.Base, Blocks: n.Blocks, Attention: n.Attention,
			Heads: n.Heads, HeadChannels: n.HeadChannels, NewOrder: n.NewOrder,
			ScaleShift: n.ScaleShift, BlocksResample: n.BlocksResample,
		}
		if c.Heads == 0 && c.HeadChannels == 0 {
			c.HeadChannels = 64
		}
		for _, m := range n.Multipliers {
			c.Multipliers = append(c.Multipliers, float64(m))
		}
		return c
	case ncsnpp.Name:
		return ncsnpp.Config{
			Channels: e.Data.Channels, Height: side, Width: side, Base: n.Base, Multipliers: n.Multipliers, Blocks: n.Blocks,
			Attention: n.Attention, Centered: true, FIR: [4]float64{1, 3, 3, 1}, Scale: n.FourierScale,
		}
	}
	return unet.Config{
		Channels: e.Data.Channels, Height: side, Width: side, Base: n.Base, Multipliers: n.Multipliers, Blocks: n.Blocks,
		Attention: n.Attention,
	}
}

// checkNetwork complains about a network that cannot be built for the images, or be trained as [train] says.
func (e *Experiment) checkNetwork(complain func(key, message string)) {
	size := e.Data.shape().Width
	sides := e.Net.resolutions(size)
	for _, side := range e.Net.Attention {
		if !slices.Contains(sides, side) {
			complain("net.attention", fmt.Sprintf("%d never occurs; images of %d pixels have resolutions %s", side, size, list(sides)))
		}
	}
	if e.Net.Kind != unet.Name { // unet pads images of any size, and Check has seen its channels
		if err := e.Architecture().(interface{ Validate() error }).Validate(); err != nil {
			complain("net", err.Error())
		}
	}
	if own := e.Train.Parameterization == string(nets.PredictVEScore); own != (e.Net.Kind == ncsnpp.Name) {
		complain("train.parameterization", fmt.Sprintf("%q with a network of kind %q: "+
			"%q and %q go together, since NCSN++ takes sigma and divides by it", e.Train.Parameterization, e.Net.Kind, nets.PredictVEScore, ncsnpp.Name))
	}
}

// list writes numbers as TOML does.
func list(numbers []int) string { return strings.ReplaceAll(fmt.Sprint(numbers), " ", ", ") }
