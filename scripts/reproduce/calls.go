package main

import (
	"fmt"
	"math"
	"strings"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

const (
	fewCalls = 100
	suffice  = 2 // schedules for which few calls must do
)

// fewCallsSuffice compares fewCalls network calls by each schedule with the walk of all that comes nearest to real
// images, whatever its schedule and its number of calls.
func fewCallsSuffice(e *result.Experiment) report.Finding {
	best, least := e.Walks[0], math.Inf(1)
	var few []result.Walk
	name := func(w result.Walk) string { return fmt.Sprintf("%s, %d", e.Axes[0].Labels[w.At[0]], w.Calls) }
	for _, w := range e.Walks {
		if v := score(w.Scores, criteria[0].key).Value; v < least {
			best, least = w, v
		}
		if w.Calls == fewCalls {
			few = append(few, w)
		}
	}
	c := &comparison{real: floor(e, best.Samples), tests: testsOf(2, 1)}
	usableBest := c.against(name(best), best, usable)
	counts := map[string]int{}
	var parts []string
	for _, w := range few {
		v := all(usableBest, c.against(name(w), w, usable), c.compared(name(w), w, best, true))
		counts[v]++
		parts = append(parts, e.Axes[0].Labels[w.At[0]]+": "+v)
	}
	verdict := report.Undecided
	switch {
	case counts[report.Agrees] >= suffice:
		verdict = report.Agrees
	case counts[report.Agrees]+counts[report.Undecided] < suffice:
		verdict = report.Disagrees
	}
	return report.Finding{
		Claim: fmt.Sprintf("With the schedule free, few network calls do: %d steps of a good schedule are comparable "+
			"with several times as many.", fewCalls),
		Text: paragraphs(
			counted(best)+fmt.Sprintf(" Each walk of %d steps is compared with the walk of least Frechet distance, "+
				"%s. The claim is taken to hold if they do for at least %d of %d schedules. ",
				fewCalls, name(best), suffice, len(few))+strings.Join(parts, "; ")+".",
			table(e.Walks, name, c.real), c.reasons()),
		Verdict: verdict, Experiment: e.Name,
	}
}
