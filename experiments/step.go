package experiments

import (
	"slices"

	"tweedie/sample/walk"
)

// Step is a walk's step: the step sizes tau_k.
type Step struct {
	Kind       string
	Epsilon    float64   // of "proportional" and "ncsn"
	Inner      int       // of "ncsn": L, steps at each level of the schedule; default 1
	RelativeTo string    // of "ncsn": "min", the default, or "max", of the levels
	Value      float64   // of "constant"
	Values     []float64 // of "list": the tau_k themselves, one for each level
}

// A list of step sizes is built for the levels sigma of all steps.
var steps = menu[Step, func(s Step, sigma []float64) []float64]{
	"proportional": { // tau_k = epsilon sigma_k^2
		keys:  func(s *Step) []field { return []field{required("epsilon", &s.Epsilon, positive)} },
		build: func(s Step, sigma []float64) []float64 { return walk.Proportional(sigma, s.Epsilon) },
	},
	"ncsn": { // tau_k = epsilon sigma_k^2/(2 sigma_min^2), or sigma_max^2
		keys: func(s *Step) []field {
			return []field{
				required("epsilon", &s.Epsilon, positive),
				optional("inner", &s.Inner, 1, atLeast(1)),
				optional("relative_to", &s.RelativeTo, "min", oneOf("min", "max")),
			}
		},
		build: func(s Step, sigma []float64) []float64 {
			if s.RelativeTo == "max" {
				return walk.NCSN(sigma, s.Epsilon, slices.Max(sigma))
			}
			return walk.NCSN(sigma, s.Epsilon, slices.Min(sigma))
		},
	},
	"difference": { // tau_k = sigma_k^2 - sigma_{k+1}^2, sigma_K = 0: VE SDE, DDPM, VP SDE
		build: func(_ Step, sigma []float64) []float64 { return walk.Difference(sigma) },
	},
	"ddim": { // tau_k = sigma_k (sigma_k - sigma_{k+1}), sigma_K = 0
		build: func(_ Step, sigma []float64) []float64 { return walk.DDIM(sigma) },
	},
	"constant": {
		keys:  func(s *Step) []field { return []field{required("value", &s.Value, positive)} },
		build: func(s Step, sigma []float64) []float64 { return walk.Constant(s.Value, len(sigma)) },
	},
	"list": {
		keys:  func(s *Step) []field { return []field{required("values", &s.Values, each(atLeast(0.)))} },
		build: func(s Step, _ []float64) []float64 { return slices.Clone(s.Values) },
	},
}

func (s *Step) fields() []field { return steps.fields(&s.Kind, s) }
