package experiments

import (
	"slices"

	"tweedie/sample/walk"
)

// Temperature is a walk's temperature: T_k, which scales the noise of each step; 1 is
// that of Langevin dynamics.
type Temperature struct {
	Kind     string
	From, To float64   // of "linear": at the first and the last step; To is 1 by default
	Value    float64   // of "constant"
	Variance string    // of "ddpm": "beta", the default, or "betatilde"
	Values   []float64 // of "list": the T_k themselves, one for each step
}

// A list of temperatures is built for the levels sigma.
var temperatures = menu[Temperature, func(t Temperature, sigma []float64) []float64]{
	"linear": {
		keys: func(t *Temperature) []field {
			return []field{required("from", &t.From, atLeast(0.)), optional("to", &t.To, 1, atLeast(0.))}
		},
		build: func(t Temperature, sigma []float64) []float64 {
			return walk.LinearTemperature(t.From, t.To, len(sigma))
		},
	},
	"constant": {
		keys: func(t *Temperature) []field { return []field{required("value", &t.Value, atLeast(0.))} },
		build: func(t Temperature, sigma []float64) []float64 {
			return walk.Constant(t.Value, len(sigma))
		},
	},
	"half": { // 1/2: VE SDE
		build: func(_ Temperature, sigma []float64) []float64 { return walk.Constant(0.5, len(sigma)) },
	},
	"ancestral": { // sigma_{k+1}^2/(2 sigma_k^2): VE ancestral sampling
		build: func(_ Temperature, sigma []float64) []float64 { return walk.Ancestral(sigma) },
	},
	"ddpm": { // alpha_t/2; DDPM's betaTilde is VE ancestral sampling
		keys: func(t *Temperature) []field {
			return []field{optional("variance", &t.Variance, "beta", oneOf("beta", "betatilde"))}
		},
		build: func(t Temperature, sigma []float64) []float64 {
			if t.Variance == "betatilde" {
				return walk.Ancestral(sigma)
			}
			return walk.Beta(sigma)
		},
	},
	"list": {
		keys: func(t *Temperature) []field {
			return []field{required("values", &t.Values, each(atLeast(0.)))}
		},
		build: func(t Temperature, _ []float64) []float64 { return slices.Clone(t.Values) },
	},
}

func (t *Temperature) fields() []field { return temperatures.fields(&t.Kind, t) }
