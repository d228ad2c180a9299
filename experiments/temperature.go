package experiments

import (
	"slices"

	"tweedie/sample/walk"
)

// Temperature is a walk's temperature: T_k, which scales the noise of each step; 1 is
// that of Langevin dynamics.
type Temperature struct {
	Kind     string
	From, To float64 // of "linear": at the first and the last step; To is 1 by default
	Value    float64 // of "constant"
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
			return slices.Repeat([]float64{t.Value}, len(sigma))
		},
	},
	"half":      {later: true},
	"ancestral": {later: true},
	"ddpm":      {later: true},
	"list":      {later: true},
}

func (t *Temperature) fields() []field { return temperatures.fields(&t.Kind, t) }
