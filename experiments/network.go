package experiments

import (
	"fmt"

	"tweedie/nets"
	"tweedie/nets/adm"
	"tweedie/nets/model"
	"tweedie/nets/ncsnpp"
	"tweedie/nets/unet"
	"tweedie/train/objective"
)

// Architecture returns the network that the experiment trains.
func (e *Experiment) Architecture() model.Architecture {
	side := e.Data.Size + e.Data.Crop // one of them is zero
	n := e.Net
	switch n.Kind {
	case adm.Name:
		c := adm.Config{Channels: e.Data.Channels, Height: side, Width: side, Base: n.Base, Blocks: n.Blocks, Attention: n.Attention,
			Heads: n.Heads, HeadChannels: n.HeadChannels, NewOrder: n.NewOrder, ScaleShift: n.ScaleShift, BlocksResample: n.BlocksResample}
		if c.Heads == 0 && c.HeadChannels == 0 {
			c.HeadChannels = 64
		}
		for _, m := range n.Multipliers {
			c.Multipliers = append(c.Multipliers, float64(m))
		}
		return c
	case ncsnpp.Name:
		return ncsnpp.Config{Channels: e.Data.Channels, Height: side, Width: side, Base: n.Base, Multipliers: n.Multipliers, Blocks: n.Blocks,
			Attention: n.Attention, Centered: true, FIR: [4]float64{1, 3, 3, 1}, Scale: n.FourierScale}
	}
	return unet.Config{
		Channels: e.Data.Channels, Height: side, Width: side, Base: n.Base, Multipliers: n.Multipliers, Blocks: n.Blocks, Attention: n.Attention,
	}
}

// checkNetwork refuses a network that cannot be built, or not be trained as the experiment has it.
func (e *Experiment) checkNetwork(complain func(key, message string)) {
	if e.Net.Kind != unet.Name { // which is padded to fit, and checked with its keys
		if err := e.Architecture().(interface{ Validate() error }).Validate(); err != nil {
			complain("net", err.Error())
		}
	}
	if own := e.Train.Parameterization == string(nets.PredictVEScore); own != (e.Net.Kind == ncsnpp.Name) {
		complain("train.parameterization", fmt.Sprintf("%q with a network of kind %q: %q and %q go together, since NCSN++ takes sigma and divides by it",
			e.Train.Parameterization, e.Net.Kind, nets.PredictVEScore, ncsnpp.Name))
	}
}

// Objective returns the row of the training table that the experiment trains by.
func (t Train) Objective() objective.Objective {
	return objective.Objective{Noise: t.NoiseLevels(), Weight: t.LossWeight(), Parameterization: t.NetParameterization()}
}
