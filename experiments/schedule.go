package experiments

import (
	"slices"

	"tweedie/sample/walk"
)

// Schedule is a walk's schedule: the noise levels sigma_k, k = 0..K-1, in units of
// images in [-1, 1].
type Schedule struct {
	Kind     string
	Steps    int       // K
	Max, Min float64   // sigma_0 and sigma_{K-1}; "pretrained" has its own
	Levels   []float64 // of "list": the sigmas themselves, from the first step on
}

var schedules = menu[Schedule, func(Schedule) []float64]{
	"pretrained": {
		keys:  func(s *Schedule) []field { return []field{required("steps", &s.Steps, atLeast(2))} },
		build: func(s Schedule) []float64 { return walk.Pretrained(s.Steps) },
	},
	"linear": {
		keys:  (*Schedule).ends,
		build: func(s Schedule) []float64 { return walk.Linear(s.Max, s.Min, s.Steps) },
	},
	"sigmoid": {
		keys:  (*Schedule).ends,
		build: func(s Schedule) []float64 { return walk.Sigmoid(s.Max, s.Min, s.Steps) },
	},
	"geometric": {
		keys:  (*Schedule).ends,
		build: func(s Schedule) []float64 { return walk.Geometric(s.Max, s.Min, s.Steps) },
	},
	"karras": {
		keys:  (*Schedule).ends,
		build: func(s Schedule) []float64 { return walk.Karras(s.Max, s.Min, s.Steps) },
	},
	"cosine": {
		keys:  (*Schedule).ends,
		build: func(s Schedule) []float64 { return walk.Cosine(s.Max, s.Min, s.Steps) },
	},
	"list": {
		keys:  func(s *Schedule) []field { return []field{required("levels", &s.Levels, each(positive))} },
		build: func(s Schedule) []float64 { return slices.Clone(s.Levels) },
	},
}

func (s *Schedule) fields() []field { return schedules.fields(&s.Kind, s) }

func (s *Schedule) ends() []field {
	return []field{
		required("steps", &s.Steps, atLeast(2)),
		required("max", &s.Max, positive),
		required("min", &s.Min, positive),
	}
}

func (s *Schedule) check(complain func(key, message string)) {
	if s.Min > 0 && s.Min >= s.Max {
		complain("max", greater(s.Max, s.Min))
	}
}
