package trainer

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"tweedie/experiments"
)

// TestExtension trains on after the last step. The rate must not jump, must reach the plan of the longer run, and an
// extension that is interrupted goes on bit for bit.
func TestExtension(t *testing.T) {
	first, longer := tiny(t), with(t, steps(60))
	mustRun(t, first, Options{Folder: "a"})
	if err := os.CopyFS("b", os.DirFS("a")); err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	whole := mustRun(t, longer, Options{Folder: "a", Resume: true, Observer: w})
	before := plannedRate(first.Train, first.Train.Steps-1)
	for i, rate := range w.rates {
		if jump := math.Abs(rate - before); jump > 0.25*longer.Train.Rate {
			t.Errorf("step %d: the rate jumps from %g to %g", 20+i, before, rate)
		}
		if i >= 4 && rate != plannedRate(longer.Train, 20+i) {
			t.Errorf("step %d: the rate is %g, want that of a run of 60 steps", 20+i, rate)
		}
		before = rate
	}
	if !strings.Contains(w.summary.String(), "the number of steps was changed at step 20: within 4 steps") {
		t.Errorf("the summary is\n%s", w.summary)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Run(ctx, longer, Options{Folder: "b", Resume: true, Observer: &witness{after: func(p Progress) {
		if p.Step == 22 {
			cancel()
		}
	}}}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	resumed := mustRun(t, longer, Options{Folder: "b", Resume: true})
	if !bytes.Equal(bytesOf(t, resumed.Checkpoint), bytesOf(t, whole.Checkpoint)) {
		t.Error("an interrupted extension gives other bits")
	}
}

// TestExtensionOfPlans has the rates without training: no step of the rate is larger than the new plan asks for.
func TestExtensionOfPlans(t *testing.T) {
	plan := func(steps int, decay string) experiments.Train {
		return experiments.Train{Rate: 1, Warmup: 10, Steps: steps, Decay: decay}
	}
	for _, c := range []struct {
		name       string
		saved, now experiments.Train
		step       int
	}{
		{"after the end", plan(1000, "cosine"), plan(2000, "cosine"), 1000},
		{"a little more", plan(1000, "cosine"), plan(1100, "cosine"), 1000},
		{"in the middle", plan(1000, "cosine"), plan(3000, "cosine"), 500},
		{"fewer steps", plan(3000, "cosine"), plan(1000, "cosine"), 500},
		{"in the warmup", plan(1000, "cosine"), plan(3000, "cosine"), 5},
		{"no decay", plan(1000, "none"), plan(3000, "none"), 1000},
	} {
		x := extend(c.saved, c.now, nil, c.step)
		again := extend(c.now, plan(4000, c.now.Decay), x, c.step+3) // a second change, while the first goes on
		once := func(step int) float64 {
			if step < c.step {
				return plannedRate(c.saved, step)
			}
			return x.rate(c.now, step)
		}
		twice := func(step int) float64 {
			if step < c.step+3 {
				return once(step)
			}
			return again.rate(plan(4000, c.now.Decay), step)
		}
		for name, rates := range map[string]func(step int) float64{"": once, ", twice": twice} {
			for step := c.step; step < c.now.Steps; step++ {
				if jump := math.Abs(rates(step) - rates(step-1)); jump > 0.1+1e-12 { // as in the warmup
					t.Errorf("%s%s: at step %d the rate goes from %g to %g", c.name, name, step, rates(step-1), rates(step))
				}
			}
		}
		if last := c.now.Steps - 1; x.rate(c.now, last) != plannedRate(c.now, last) {
			t.Errorf("%s: the last rate is %g, want %g", c.name, x.rate(c.now, last), plannedRate(c.now, last))
		}
	}
	lower := plan(2000, "cosine")
	lower.Rate = 0.1
	if x := extend(plan(1000, "cosine"), lower, nil, 500); x != nil {
		t.Errorf("a rate that was changed by hand does not hold at once but after %+v", *x)
	}
	if x := extend(plan(1000, "none"), plan(3000, "none"), nil, 1000); x != nil {
		t.Errorf("a rate that does not decay is extended by %+v", *x)
	}
}
