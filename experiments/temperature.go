package experiments

import (
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/walk"
)

// Temperature is a walk's table temperature: T_k, which scales the noise of each step. T = 1 is Langevin dynamics.
type Temperature struct {
	Kind     string
	From, To float64
	Value    float64
	Variance string
	Zeta     float64
	Values   []float64
}

// Temperatures are built for the noise levels sigma of all steps.
var temperatures = strict.Menu[Temperature, func(t Temperature, sigma []float64) []float64]{
	"linear": {
		Doc: "T_k changes linearly over the walk (the paper's own)",
		Keys: func(t *Temperature) []strict.Field {
			return []strict.Field{
				strict.Required("from", &t.From, strict.AtLeast(0.)).Doc("T at the first step"),
				strict.Optional("to", &t.To, 1, strict.AtLeast(0.)).Doc("T at the last step"),
			}
		},
		Build: func(t Temperature, sigma []float64) []float64 {
			return walk.LinearTemperature(t.From, t.To, len(sigma))
		},
	},
	"constant": {
		Doc: "T_k is the same in all steps",
		Keys: func(t *Temperature) []strict.Field {
			return []strict.Field{strict.Required("value", &t.Value, strict.AtLeast(0.)).Doc("T; 0 adds no noise")}
		},
		Build: func(t Temperature, sigma []float64) []float64 { return walk.Constant(t.Value, len(sigma)) },
	},
	"half": {
		Doc:   "T_k = 1/2 (VE SDE)",
		Build: func(_ Temperature, sigma []float64) []float64 { return walk.Constant(0.5, len(sigma)) },
	},
	"ancestral": {
		Doc:   "T_k = sigma_{k+1}^2/(2 sigma_k^2) (ancestral sampling of VE models)",
		Build: func(_ Temperature, sigma []float64) []float64 { return walk.Ancestral(sigma) },
	},
	"ddpm": {
		Doc: "T_k = alpha_k/2, where alpha_k = (sigma_{k+1}^2 + 1)/(sigma_k^2 + 1) (DDPM)",
		Keys: func(t *Temperature) []strict.Field {
			return []strict.Field{strict.Optional("variance", &t.Variance, "beta", strict.OneOf("beta", "betatilde")).
				Doc(`DDPM's variance of a step; with "betatilde" the temperature is that of "ancestral"`)}
		},
		Build: func(t Temperature, sigma []float64) []float64 {
			if t.Variance == "betatilde" {
				return walk.Ancestral(sigma)
			}
			return walk.Beta(sigma)
		},
	},
	"renoise": {
		Doc: "T_k = zeta sigma_{k+1}^2/(2 tau_k), with the tau_k of the step of the same kind and zeta (DiffPIR)",
		Keys: func(t *Temperature) []strict.Field {
			return []strict.Field{strict.Required("zeta", &t.Zeta, strict.AtLeast(0.), strict.AtMost(1.)).
				Doc("share of the noise's variance that is drawn anew")}
		},
		Build: func(t Temperature, sigma []float64) []float64 { return walk.RenoiseTemperature(sigma, t.Zeta) },
	},
	"list": {
		Doc: "any temperatures",
		Keys: func(t *Temperature) []strict.Field {
			return []strict.Field{strict.Required("values", &t.Values, strict.Each(strict.AtLeast(0.))).
				Doc("the T_k, one for each step")}
		},
		Build: func(t Temperature, _ []float64) []float64 { return slices.Clone(t.Values) },
	},
}

// Fields are the keys of temperature.
func (t *Temperature) Fields() []strict.Field { return temperatures.Fields(&t.Kind, t) }
