package experiments

import (
	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/train/objective"
)

// Train is the table [train]: the training objective (paper section 2) and the optimizer, Adam.
type Train struct {
	Parameterization string
	DataStd          float64
	Noise            Noise
	Weight           Weight

	Batch      int
	Accumulate int
	Steps      int
	Rate       float64
	Betas      [2]float64
	Warmup     int
	Decay      string
	Clip       float64
	EMA        float64

	CheckpointEvery, PreviewEvery, ValidateEvery int
	Keep                                         int
}

var parameterizations = []string{
	string(nets.PredictDenoiser), string(nets.PredictScore), string(nets.PredictEpsilon),
	string(nets.PredictVEScore), string(nets.PredictEDM),
}

// Fields are the keys of [train].
func (t *Train) Fields() []strict.Field {
	return []strict.Field{
		strict.Optional("parameterization", &t.Parameterization, string(nets.PredictEDM),
			strict.OneOf(parameterizations...)).
			Doc(`what the network predicts: the image, the score, the noise, the score as NCSN++ does ` +
				`("ve-score" and a network of kind "ncsnpp" go together), or EDM's mixture of image and noise`),
		strict.Optional("data_std", &t.DataStd, 0.5, strict.Positive).
			Doc("standard deviation of the images' values in [-1, 1], which scales the network's input and output"),
		strict.Group("noise", &t.Noise).Doc("distribution of the noise level sigma, in units of images in [-1, 1]"),
		strict.Group("weight", &t.Weight).Doc("weight w(sigma) of the squared error at noise level sigma"),
		strict.Required("batch", &t.Batch, strict.AtLeast(1)).Doc("images in a batch"),
		strict.Optional("accumulate", &t.Accumulate, 1, strict.AtLeast(1)).
			Doc("batches whose mean gradient makes one step"),
		strict.Required("steps", &t.Steps, strict.AtLeast(1)).Doc("updates of the network's parameters"),
		strict.Optional("rate", &t.Rate, 3e-4, strict.Positive).Doc("Adam's learning rate at its highest"),
		strict.Optional("betas", &t.Betas, [2]float64{0.9, 0.999}, strict.Both(strict.Fraction)).
			Doc("Adam's decay rates of the first and second moment"),
		strict.Optional("warmup", &t.Warmup, 0, strict.AtLeast(0)).
			Doc("steps over which the learning rate rises linearly from 0"),
		strict.Optional("decay", &t.Decay, "none", strict.OneOf("none", "cosine")).
			Doc(`how the learning rate falls after the warmup; "cosine" reaches 0 at the last step`),
		strict.Optional("clip", &t.Clip, 0, strict.AtLeast(0.)).
			Doc("greatest norm of the whole gradient; 0 sets no limit"),
		strict.Optional("ema", &t.EMA, 0.999, strict.Fraction).
			Doc("decay per step of the moving average of the weights, which averages over about 1/(1 - ema) steps"),
		strict.Optional("checkpoint_every", &t.CheckpointEvery, 500, strict.AtLeast(0)).
			Doc("steps between two checkpoints; 0 writes one at the end only"),
		strict.Optional("preview_every", &t.PreviewEvery, 500, strict.AtLeast(0)).
			Doc("steps between two pictures of samples; 0 draws none"),
		strict.Optional("validate_every", &t.ValidateEvery, 250, strict.AtLeast(0)).
			Doc("steps between two measurements of the error on the held-out images; 0 measures none"),
		strict.Optional("keep", &t.Keep, 3, strict.AtLeast(1)).Doc("number of newest checkpoints that are kept"),
	}
}

// NoiseLevels returns the distribution of sigma. It panics if Parse would refuse the noise's kind.
func (t Train) NoiseLevels() objective.NoiseLevels { return noises.MustFind(t.Noise.Kind)(t.Noise) }

// LossWeight returns w(sigma). It panics if Parse would refuse the weight's kind.
func (t Train) LossWeight() objective.Weight {
	return weights.MustFind(t.Weight.Kind)(t.Weight, t.DataStd)
}

// NetParameterization returns how the network becomes a denoiser.
func (t Train) NetParameterization() nets.Parameterization {
	return nets.Parameterization{Kind: nets.Kind(t.Parameterization), DataStd: t.DataStd}
}

// Objective returns the row of the paper's training table that the experiment trains by.
func (t Train) Objective() objective.Objective {
	return objective.Objective{
		Noise: t.NoiseLevels(), Weight: t.LossWeight(), Parameterization: t.NetParameterization(),
	}
}
