package trainer

import (
	"fmt"
	"math"

	"tweedie/experiments"
)

// plannedRate is the learning rate of a step, counted from 0: a linear rise, then the decay.
func plannedRate(t experiments.Train, step int) float64 {
	if step < t.Warmup {
		return t.Rate * float64(step+1) / float64(t.Warmup)
	}
	if t.Decay == "cosine" {
		done := float64(step-t.Warmup) / float64(t.Steps-t.Warmup)
		return t.Rate * (1 + math.Cos(math.Pi*done)) / 2
	}
	return t.Rate
}

// An extension joins the learning rates of two plans, because the number of steps was changed when the run was resumed.
// It is stored in checkpoints, so that an extended run can be resumed too.
type extension struct {
	From int     `json:"from"` // the first step after the change
	Rate float64 `json:"rate"` // of the step before
	Over int     `json:"over"` // steps in which the rate goes from Rate to that of the new plan
}

// extend returns the extension of a run that was saved after step steps of one plan and goes on with another. It is nil
// if the rate does not jump anyway, or if its settings were changed too: these hold at once. before is the extension
// that the run had already, or nil.
func extend(saved, now experiments.Train, before *extension, step int) *extension {
	if saved.Rate != now.Rate || saved.Warmup != now.Warmup || saved.Decay != now.Decay {
		return nil
	}
	if step == 0 || saved.Steps == now.Steps {
		return before
	}
	last := before.rate(saved, step-1)
	if last == plannedRate(now, step-1) {
		return nil
	}
	return &extension{From: step, Rate: last, Over: max(1, (now.Steps-step)/10)}
}

// rate is the learning rate of a step, counted from 0. The extension may be nil.
func (x *extension) rate(t experiments.Train, step int) float64 {
	planned := plannedRate(t, step)
	if x == nil || step < x.From || step >= x.From+x.Over {
		return planned
	}
	return x.Rate + (planned-x.Rate)*float64(step-x.From+1)/float64(x.Over)
}

// describe says what the extension does to the learning rate.
func (x *extension) describe(t experiments.Train) string {
	return fmt.Sprintf("the number of steps was changed at step %d: within %d steps, the learning rate goes from %.3g "+
		"to that of a run planned for %d steps, %.3g", x.From, x.Over, x.Rate, t.Steps, x.rate(t, x.From+x.Over-1))
}
