package experiments

import (
	"tweedie/nets/model"
	"tweedie/nets/unet"
	"tweedie/train/template"
)

// Architecture returns the network that the experiment trains.
func (e *Experiment) Architecture() model.Architecture {
	side := e.Data.Size + e.Data.Crop // one of them is zero
	return unet.Config{
		Channels: e.Data.Channels, Height: side, Width: side,
		Base: e.Net.Base, Multipliers: e.Net.Multipliers, Blocks: e.Net.Blocks, Attention: e.Net.Attention,
	}
}

// Template returns the row of the training table that the experiment trains by.
func (t Train) Template() template.Template {
	return template.Template{Noise: t.NoiseLevels(), Weight: t.LossWeight(), Parameterization: t.NetParameterization()}
}
