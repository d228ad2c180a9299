package experiments

import (
	"tweedie/nets"
	"tweedie/train/objective"
)

// Noise is train.noise: the distribution of sigma, the first column of paper section
// 2's table. Sigma is in units of images in [-1, 1].
type Noise struct {
	Kind      string
	Min, Max  float64 // sigma, of "uniform", "log-uniform" and "geometric"
	Levels    int     // of "geometric"
	Mean, Std float64 // of ln(sigma), of "log-normal"; default -1.2 and 1.2, EDM's
}

var noises = menu[Noise, func(Noise) objective.NoiseLevels]{
	"uniform": {
		keys:  (*Noise).ends,
		build: func(n Noise) objective.NoiseLevels { return objective.Uniform{Min: n.Min, Max: n.Max} },
	},
	"log-uniform": {
		keys:  (*Noise).ends,
		build: func(n Noise) objective.NoiseLevels { return objective.LogUniform{Min: n.Min, Max: n.Max} },
	},
	"geometric": {
		keys: func(n *Noise) []field { return append(n.ends(), required("levels", &n.Levels, atLeast(2))) },
		build: func(n Noise) objective.NoiseLevels {
			return objective.Geometric{Min: n.Min, Max: n.Max, Levels: n.Levels}
		},
	},
	"ddpm": { // the levels of linear betas, T = 1000: sigma from 0.01 to 157.407
		build: func(Noise) objective.NoiseLevels {
			return objective.DDPM{Sigma: nets.LinearBetas(1e-4, 0.02, 1000).Sigmas()}
		},
	},
	"log-normal": {
		keys: func(n *Noise) []field {
			return []field{optional("mean", &n.Mean, -1.2), optional("std", &n.Std, 1.2, positive)}
		},
		build: func(n Noise) objective.NoiseLevels { return objective.LogNormal{Mean: n.Mean, Std: n.Std} },
	},
}

func (n *Noise) fields() []field { return noises.fields(&n.Kind, n) }

func (n *Noise) ends() []field {
	return []field{required("min", &n.Min, positive), required("max", &n.Max, positive)}
}

func (n *Noise) check(complain func(key, message string)) {
	if n.Min > 0 && n.Min >= n.Max {
		complain("max", greater(n.Max, n.Min))
	}
}

// Weight is train.weight: w(sigma), the second column of paper section 2's table.
type Weight struct {
	Kind     string
	Exponent float64 // of "power": w = sigma^Exponent
}

// A weight is built with data_std, which EDM's depends on.
var weights = menu[Weight, func(w Weight, dataStd float64) objective.Weight]{
	"edm": {
		build: func(_ Weight, dataStd float64) objective.Weight { return objective.EDM{DataStd: dataStd} },
	},
	"power": {
		keys:  func(w *Weight) []field { return []field{required("exponent", &w.Exponent)} },
		build: func(w Weight, _ float64) objective.Weight { return objective.Power{Exponent: w.Exponent} },
	},
}

func (w *Weight) fields() []field { return weights.fields(&w.Kind, w) }
