package experiments

import (
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/walk"
)

// Schedule is a walk's table schedule: the noise levels sigma_k, k = 0..K-1, in units of images in [-1, 1].
type Schedule struct {
	Kind     string
	Steps    int       // K
	Max, Min float64   // sigma_0 and sigma_{K-1}
	Levels   []float64 // of "list"
}

var schedules = strict.Menu[Schedule, func(Schedule) []float64]{
	"pretrained": {
		Doc:   "DDPM's own levels, 157.407 to 0.01, or evenly spaced ones of them",
		Keys:  func(s *Schedule) []strict.Field { return []strict.Field{s.steps()} },
		Build: func(s Schedule) []float64 { return walk.Pretrained(s.Steps) },
	},
	"linear": {
		Doc:   "evenly spaced levels",
		Keys:  (*Schedule).ends,
		Build: func(s Schedule) []float64 { return walk.Linear(s.Max, s.Min, s.Steps) },
	},
	"sigmoid": {
		Doc:   "levels that fall along a sigmoid, at first fast and then slowly (the paper's own)",
		Keys:  (*Schedule).ends,
		Build: func(s Schedule) []float64 { return walk.Sigmoid(s.Max, s.Min, s.Steps) },
	},
	"geometric": {
		Doc:   "levels of constant ratio (NCSN, VE SDE)",
		Keys:  (*Schedule).ends,
		Build: func(s Schedule) []float64 { return walk.Geometric(s.Max, s.Min, s.Steps) },
	},
	"karras": {
		Doc:   "levels whose seventh roots are evenly spaced (EDM)",
		Keys:  (*Schedule).ends,
		Build: func(s Schedule) []float64 { return walk.Karras(s.Max, s.Min, s.Steps) },
	},
	"cosine": {
		Doc:   "levels of the cosine schedule (Nichol & Dhariwal 2021)",
		Keys:  (*Schedule).ends,
		Build: func(s Schedule) []float64 { return walk.Cosine(s.Max, s.Min, s.Steps) },
	},
	"list": {
		Doc: "any levels",
		Keys: func(s *Schedule) []strict.Field {
			return []strict.Field{strict.Required("levels", &s.Levels, strict.Each(strict.Positive)).
				Doc("the levels sigma_k, from the first step to the last")}
		},
		Build: func(s Schedule) []float64 { return slices.Clone(s.Levels) },
	},
}

// Fields are the keys of schedule.
func (s *Schedule) Fields() []strict.Field { return schedules.Fields(&s.Kind, s) }

func (s *Schedule) steps() strict.Field {
	return strict.Required("steps", &s.Steps, strict.AtLeast(2)).Doc("number of levels K")
}

func (s *Schedule) ends() []strict.Field {
	return []strict.Field{
		s.steps(),
		strict.Required("max", &s.Max, strict.Positive).Doc("first level"),
		strict.Required("min", &s.Min, strict.Positive).Doc("last level"),
	}
}

// Check complains if Max is not above Min.
func (s *Schedule) Check(complain func(key, message string)) { checkEnds(s.Max, s.Min, complain) }
