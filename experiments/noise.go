package experiments

import (
	"fmt"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/train/objective"
)

// Noise is the table train.noise: the distribution of sigma, the first column of the training table in paper section 2.
type Noise struct {
	Kind      string
	Min, Max  float64
	Levels    int
	Mean, Std float64 // of ln(sigma)
}

var noises = strict.Menu[Noise, func(Noise) objective.NoiseLevels]{
	"uniform": {
		Doc:   "sigma is uniform",
		Keys:  (*Noise).ends,
		Build: func(n Noise) objective.NoiseLevels { return objective.Uniform{Min: n.Min, Max: n.Max} },
	},
	"log-uniform": {
		Doc:   "ln(sigma) is uniform",
		Keys:  (*Noise).ends,
		Build: func(n Noise) objective.NoiseLevels { return objective.LogUniform{Min: n.Min, Max: n.Max} },
	},
	"geometric": {
		Doc: "sigma is one of a geometric sequence of levels, each as likely as the others (NCSN)",
		Keys: func(n *Noise) []strict.Field {
			return append(n.ends(), strict.Required("levels", &n.Levels, strict.AtLeast(2)).
				Doc("length of the sequence"))
		},
		Build: func(n Noise) objective.NoiseLevels {
			return objective.Geometric{Min: n.Min, Max: n.Max, Levels: n.Levels}
		},
	},
	"ddpm": {
		Doc: "sigma is one of DDPM's 1000 levels, from 0.01 to 157.407, each as likely as the others",
		Build: func(Noise) objective.NoiseLevels {
			return objective.DDPM{Sigma: nets.LinearBetas(1e-4, 0.02, 1000).Sigmas()}
		},
	},
	"log-normal": {
		Doc: "ln(sigma) is normal (EDM)",
		Keys: func(n *Noise) []strict.Field {
			return []strict.Field{
				strict.Optional("mean", &n.Mean, -1.2).Doc("mean of ln(sigma)"),
				strict.Optional("std", &n.Std, 1.2, strict.Positive).Doc("standard deviation of ln(sigma)"),
			}
		},
		Build: func(n Noise) objective.NoiseLevels { return objective.LogNormal{Mean: n.Mean, Std: n.Std} },
	},
}

// Fields are the keys of train.noise.
func (n *Noise) Fields() []strict.Field { return noises.Fields(&n.Kind, n) }

func (n *Noise) ends() []strict.Field {
	return []strict.Field{
		strict.Required("min", &n.Min, strict.Positive).Doc("lowest sigma"),
		strict.Required("max", &n.Max, strict.Positive).Doc("highest sigma"),
	}
}

// Check complains if Max is not above Min.
func (n *Noise) Check(complain func(key, message string)) { checkEnds(n.Max, n.Min, complain) }

// checkEnds complains about noise levels from max to min whose max is not above min. Kinds without them leave both 0.
func checkEnds(max, min float64, complain func(key, message string)) {
	if min > 0 && min >= max {
		complain("max", fmt.Sprintf("%v must be greater than min, which is %v", max, min))
	}
}

// Weight is the table train.weight: w(sigma), the second column of the training table in paper section 2.
type Weight struct {
	Kind     string
	Exponent float64
}

// A weight is built with data_std, on which EDM's depends.
var weights = strict.Menu[Weight, func(w Weight, dataStd float64) objective.Weight]{
	"edm": {
		Doc:   "w = (sigma^2 + sd^2)/(sigma sd)^2, where sd is `train.data_std`",
		Build: func(_ Weight, dataStd float64) objective.Weight { return objective.EDM{DataStd: dataStd} },
	},
	"power": {
		Doc: "w = sigma^exponent",
		Keys: func(w *Weight) []strict.Field {
			return []strict.Field{strict.Required("exponent", &w.Exponent).
				Doc("-2 weighs the error of the noise evenly, -4 that of the score, 0 that of the image")}
		},
		Build: func(w Weight, _ float64) objective.Weight { return objective.Power{Exponent: w.Exponent} },
	},
}

// Fields are the keys of train.weight.
func (w *Weight) Fields() []strict.Field { return weights.Fields(&w.Kind, w) }
