package registry

import (
	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/ncsnpp"
)

var ncsnppNetwork = Network{
	Name:     ncsnpp.Name,
	Doc:      "NCSN++ (Song et al. 2021), which takes sigma and predicts the score",
	New:      func() Settings { return &NCSNPP{} },
	Decode:   decode[ncsnpp.Config],
	Formats:  []Format{{"NCSN++", "all_modules.0.W", readNCSNPP}},
	Untold:   func() Untold { return &untoldNCSNPP{} },
	Predicts: nets.PredictVEScore,
	Why:      "NCSN++ takes sigma and divides by it",
}

// NCSNPP is the table [net] of an NCSN++. See ncsnpp.Config.
type NCSNPP struct {
	Levels
	FourierScale float64
}

// Fields are the keys of [net].
func (n *NCSNPP) Fields() []strict.Field {
	return append(n.Levels.Fields(), strict.Optional("fourier_scale", &n.FourierScale, 16, strict.Positive).
		Doc("standard deviation of the random frequencies that encode ln(sigma)"))
}

// Architecture returns the network for square images in [-1, 1].
func (n *NCSNPP) Architecture(channels, side int) Architecture {
	return ncsnpp.Config{Channels: channels, Height: side, Width: side,
		Base: n.Base, Multipliers: n.Multipliers, Blocks: n.Blocks, Attention: n.Attention,
		Centered: true, FIR: [4]float64{1, 3, 3, 1}, Scale: n.FourierScale}
}

type untoldNCSNPP struct {
	Centered bool `json:"centered,omitempty"`
}

func (n *untoldNCSNPP) Fields() []strict.Field {
	return []strict.Field{strict.Optional("centered", &n.Centered, false).
		Doc("whether an NCSN++ takes images in [-1, 1] instead of [0, 1]")}
}

// readNCSNPP reads a network of score_sde. It gives the score of images in [0, 1], or in [-1, 1] if they are centered.
func readNCSNPP(f *File) (*Imported, error) {
	var given untoldNCSNPP
	if err := f.assumed(&given); err != nil {
		return nil, err
	}
	delete(f.Tensors, "sigmas") // a table of noise levels, which the network does not read
	c, description, err := ncsnpp.Infer(checkpoint.Shapes(f.Tensors),
		ncsnpp.Assume{Height: f.Size, Centered: given.Centered})
	if err == nil {
		err = f.configure(&c)
	}
	n := &Imported{Architecture: c, Output: nets.Parameterization{Kind: nets.PredictVEScore}, High: 1,
		Tensors: f.Tensors, Description: description}
	if c.Centered {
		n.Low = -1
	}
	return n, err
}
