package experiments

import (
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/walk"
)

// Step is a walk's table step: the step sizes tau_k.
type Step struct {
	Kind       string
	Epsilon    float64
	Inner      int // L, steps at each level of the schedule
	RelativeTo string
	Zeta       float64
	Value      float64
	Values     []float64
}

// Step sizes are built for the noise levels sigma of all steps.
var steps = strict.Menu[Step, func(s Step, sigma []float64) []float64]{
	"proportional": {
		Doc:   "tau_k = epsilon sigma_k^2 (the paper's own)",
		Keys:  func(s *Step) []strict.Field { return []strict.Field{s.epsilon()} },
		Build: func(s Step, sigma []float64) []float64 { return walk.Proportional(sigma, s.Epsilon) },
	},
	"ncsn": {
		Doc: "tau_k = epsilon sigma_k^2/(2 sigma_min^2), with several steps at each level (NCSN)",
		Keys: func(s *Step) []strict.Field {
			return []strict.Field{
				s.epsilon(),
				strict.Optional("inner", &s.Inner, 1, strict.AtLeast(1)).Doc("steps at each level of the schedule"),
				strict.Optional("relative_to", &s.RelativeTo, "min", strict.OneOf("min", "max")).
					Doc("level by whose square the step is divided: the lowest or the highest"),
			}
		},
		Build: func(s Step, sigma []float64) []float64 {
			if s.RelativeTo == "max" {
				return walk.NCSN(sigma, s.Epsilon, slices.Max(sigma))
			}
			return walk.NCSN(sigma, s.Epsilon, slices.Min(sigma))
		},
	},
	"difference": {
		Doc:   "tau_k = sigma_k^2 - sigma_{k+1}^2, where sigma_K = 0 (DDPM, VE SDE, VP SDE)",
		Build: func(_ Step, sigma []float64) []float64 { return walk.Difference(sigma) },
	},
	"ddim": {
		Doc:   "tau_k = sigma_k (sigma_k - sigma_{k+1}), where sigma_K = 0 (DDIM)",
		Build: func(_ Step, sigma []float64) []float64 { return walk.DDIM(sigma) },
	},
	"renoise": {
		Doc: "tau_k = sigma_k (sigma_k - sqrt(1 - zeta) sigma_{k+1}), where sigma_K = 0; with the temperature " +
			"of the same kind, to the denoised image and back to the next level (DiffPIR; DDIM at zeta = 0)",
		Keys: func(s *Step) []strict.Field {
			return []strict.Field{strict.Required("zeta", &s.Zeta, strict.AtLeast(0.), strict.AtMost(1.)).
				Doc("share of the noise's variance that is drawn anew")}
		},
		Build: func(s Step, sigma []float64) []float64 { return walk.Renoise(sigma, s.Zeta) },
	},
	"constant": {
		Doc: "tau_k is the same in all steps",
		Keys: func(s *Step) []strict.Field {
			return []strict.Field{strict.Required("value", &s.Value, strict.Positive).Doc("tau, in units of sigma^2")}
		},
		Build: func(s Step, sigma []float64) []float64 { return walk.Constant(s.Value, len(sigma)) },
	},
	"list": {
		Doc: "any step sizes",
		Keys: func(s *Step) []strict.Field {
			return []strict.Field{strict.Required("values", &s.Values, strict.Each(strict.AtLeast(0.))).
				Doc("the tau_k, one for each level of the schedule")}
		},
		Build: func(s Step, _ []float64) []float64 { return slices.Clone(s.Values) },
	},
}

// Fields are the keys of step.
func (s *Step) Fields() []strict.Field { return steps.Fields(&s.Kind, s) }

func (s *Step) epsilon() strict.Field {
	return strict.Required("epsilon", &s.Epsilon, strict.Positive).Doc("factor of the step sizes")
}
