package experiments

import (
	"tweedie/nets"
	"tweedie/train/objective"
)

// Train is the table [train]: paper section 2 and the optimizer, Adam.
type Train struct {
	Parameterization string  // "denoiser", "score", "epsilon", "ve-score" (of an NCSN++) or "edm" (the default)
	DataStd          float64 // standard deviation of the images' values in [-1, 1]; default 0.5
	Noise            Noise
	Weight           Weight

	Batch      int        // images in a batch
	Accumulate int        // batches whose gradients make one step; default 1
	Steps      int        // updates of the parameters
	Rate       float64    // Adam's learning rate, at its highest; default 3e-4
	Betas      [2]float64 // Adam's decay rates of the moments; default 0.9, 0.999
	Warmup     int        // steps over which the rate rises linearly from 0; default 0
	Decay      string     // "cosine": to 0 at the last step; default "none"
	Clip       float64    // greatest norm of the whole gradient; 0, the default, is no limit
	EMA        float64    // decay of the averaged weights in a step, in [0, 1); default 0.999

	// Steps between two checkpoints, pictures of samples, and measurements on the
	// held-out images. 0 is never. Defaults 500, 500 and 250.
	CheckpointEvery, PreviewEvery, ValidateEvery int
	Keep                                         int // newest checkpoints kept; default 3
}

var parameterizations = []string{
	string(nets.PredictDenoiser), string(nets.PredictScore), string(nets.PredictEpsilon), string(nets.PredictVEScore), string(nets.PredictEDM),
}

func (t *Train) fields() []field {
	return []field{
		optional("parameterization", &t.Parameterization, string(nets.PredictEDM), oneOf(parameterizations...)),
		optional("data_std", &t.DataStd, 0.5, positive),
		table("noise", &t.Noise),
		table("weight", &t.Weight),
		required("batch", &t.Batch, atLeast(1)),
		optional("accumulate", &t.Accumulate, 1, atLeast(1)),
		required("steps", &t.Steps, atLeast(1)),
		optional("rate", &t.Rate, 3e-4, positive),
		optional("betas", &t.Betas, [2]float64{0.9, 0.999}, betas),
		optional("warmup", &t.Warmup, 0, atLeast(0)),
		optional("decay", &t.Decay, "none", oneOf("none", "cosine")),
		optional("clip", &t.Clip, 0, atLeast(0.)),
		optional("ema", &t.EMA, 0.999, fraction),
		optional("checkpoint_every", &t.CheckpointEvery, 500, atLeast(0)),
		optional("preview_every", &t.PreviewEvery, 500, atLeast(0)),
		optional("validate_every", &t.ValidateEvery, 250, atLeast(0)),
		optional("keep", &t.Keep, 3, atLeast(1)),
	}
}

// NoiseLevels returns the distribution of sigma. It panics if the noise has a kind
// that Parse refuses.
func (t Train) NoiseLevels() objective.NoiseLevels { return noises.mustFind(t.Noise.Kind)(t.Noise) }

// LossWeight returns w(sigma). It panics if the weight has a kind that Parse refuses.
func (t Train) LossWeight() objective.Weight {
	return weights.mustFind(t.Weight.Kind)(t.Weight, t.DataStd)
}

// NetParameterization returns how the network becomes a denoiser.
func (t Train) NetParameterization() nets.Parameterization {
	return nets.Parameterization{Kind: nets.Kind(t.Parameterization), DataStd: t.DataStd}
}
