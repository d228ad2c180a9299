package experiments

import "tweedie/sample/walk"

// Step is a walk's step: the step sizes tau_k.
type Step struct {
	Kind    string
	Epsilon float64 // of "proportional": tau_k = Epsilon sigma_k^2
}

// A list of step sizes is built for the levels sigma.
var steps = menu[Step, func(s Step, sigma []float64) []float64]{
	"proportional": {
		keys:  func(s *Step) []field { return []field{required("epsilon", &s.Epsilon, positive)} },
		build: func(s Step, sigma []float64) []float64 { return walk.Proportional(sigma, s.Epsilon) },
	},
	"ncsn":       {later: true},
	"difference": {later: true},
	"ddim":       {later: true},
	"constant":   {later: true},
	"list":       {later: true},
}

func (s *Step) fields() []field { return steps.fields(&s.Kind, s) }
