package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// tradeOff tests whether the best initial temperature differs between the smallest and the largest step size.
//
// A temperature can be excluded from being the best of a step size if the Frechet distance of another is significantly
// less, by a one-sided test in pairs at level/2, divided by the number of others. The claim holds if no temperature
// remains for both step sizes: if the same were best for both, this would happen with a probability of at most the
// level. It fails if the same single temperature remains for both.
func tradeOff(e *result.Experiment) report.Finding {
	steps, temperatures := 0, 1
	if e.Axes[1].Key == "step.epsilon" {
		steps, temperatures = 1, 0
	}
	labels := e.Axes[temperatures].Labels
	c := &comparison{real: floor(e, e.Walks[0].Samples), tests: testsOf(len(e.Axes[steps].Labels), 0)}
	name := func(w result.Walk) string {
		return fmt.Sprintf("ε %s, T₀ %s", e.Axes[steps].Labels[w.At[steps]], labels[w.At[temperatures]])
	}
	var parts []string
	var remain [][]int
	var verdicts []string
	for i, step := range e.Axes[steps].Labels {
		row := make([]result.Walk, len(labels)) // by temperature
		for _, w := range e.Walks {
			if w.At[steps] == i {
				row[w.At[temperatures]] = w
			}
		}
		best, left := bestOf(row)
		remain = append(remain, left)
		verdicts = append(verdicts, c.against(name(row[best]), row[best], usable))
		var names []string
		for _, t := range left {
			names = append(names, labels[t])
		}
		parts = append(parts, fmt.Sprintf("ε = %s: best is T₀ = %s, not excluded are %s",
			step, labels[best], strings.Join(names, ", ")))
	}
	first, last := remain[0], remain[len(remain)-1]
	shared := slices.ContainsFunc(first, func(t int) bool { return slices.Contains(last, t) })
	different := report.Undecided
	switch {
	case !shared:
		different = report.Agrees
	case len(first) == 1 && len(last) == 1:
		different = report.Disagrees
	}
	return report.Finding{
		Claim: "Step size and temperature trade off: which initial temperature is best depends on the step size.",
		Text: paragraphs(counted(e.Walks[0])+" "+strings.Join(parts, "; ")+".",
			table(e.Walks, name, c.real), c.reasons(),
			"The claim is taken to hold if no temperature remains for both the smallest and the largest ε. A "+
				"temperature is excluded if another has a significantly smaller Frechet distance; if the same were "+
				"best for both, none would remain with a probability of at most 5%. The best samples of each ε "+
				"must be images, as in the other comparisons."),
		Verdict: all(append(verdicts, different)...), Experiment: e.Name,
	}
}

// bestOf returns the temperature of least Frechet distance, and all that cannot be excluded from being the best.
func bestOf(row []result.Walk) (best int, remain []int) {
	distance := func(i int) result.Score { return score(row[i].Scores, criteria[0].key) }
	least := math.Inf(1)
	for i := range row {
		if v := distance(i).Value; v < least {
			best, least = i, v
		}
	}
	for i := range row {
		excluded := false
		for j := range row {
			if i != j {
				low, _ := result.Paired(distance(i), distance(j)).Interval(level / 2 / float64(len(row)-1))
				excluded = excluded || low > 0
			}
		}
		if !excluded {
			remain = append(remain, i)
		}
	}
	return best, remain
}
