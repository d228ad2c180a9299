package experiments

import (
	"fmt"
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/metric"
)

// checkFigure refuses a figure, number i, of walks, axes or scores that there are not.
func (e *Experiment) checkFigure(i int, f Figure, complain func(key, message string)) {
	if slices.ContainsFunc(e.Figures[:i], func(other Figure) bool { return other.Name == f.Name }) {
		complain("name", fmt.Sprintf("%q is the name of an earlier figure too; names must differ", f.Name))
	}
	if slices.ContainsFunc(e.Combinations(), func(c Combination) bool { return c.Name == f.Name }) {
		complain("name", fmt.Sprintf("%q is the name of a walk too; files are named by both, so they must differ", f.Name))
	}
	switch f.Kind {
	case "schedules", "samples", "film":
		e.checkWalks(f, complain)
	case "posterior":
		if e.checkWalks(f, complain) {
			e.checkMeasured(f, complain)
		}
	case "heat-map", "cells":
		e.checkGrid(f, complain)
	case "curves":
		e.checkCurves(f, complain)
	}
	if f.Kind == "heat-map" || f.Kind == "curves" {
		e.checkMetrics(f, complain)
	}
}

// checkWalks reports whether there are the walks that the figure names.
func (e *Experiment) checkWalks(f Figure, complain func(key, message string)) bool {
	if len(e.Walks) == 0 {
		complain("kind", fmt.Sprintf("%q needs a [[walk]]", f.Kind))
		return false
	}
	var names []string
	for _, c := range e.Combinations() {
		names = append(names, c.Name)
	}
	bases := e.axis(byWalk).Labels
	for _, w := range f.Walks {
		if slices.Contains(bases, w) || slices.Contains(names, w) {
			continue
		}
		valid := bases // of names that a sweep makes there may be thousands
		if _, ok := strict.Nearest(w, bases); !ok {
			if near, ok := strict.Nearest(w, names); ok {
				valid = []string{near}
			}
		}
		complain("walks", fmt.Sprintf("%q is unknown; %s", w, strict.Hint(w, valid)))
		return false
	}
	return true
}

// checkMeasured refuses walks of a posterior that have none.
func (e *Experiment) checkMeasured(f Figure, complain func(key, message string)) {
	drawn := e.Drawn(f)
	if len(drawn) == 0 {
		complain("kind", fmt.Sprintf("%q needs a walk with a measurement", f.Kind))
	}
	for _, c := range drawn {
		if c.Measurement == nil {
			complain("walks", fmt.Sprintf("%q has no measurement, and so no posterior", c.Base))
			return
		}
	}
}

// checkGrid refuses a grid whose cells are no walk, or several.
func (e *Experiment) checkGrid(f Figure, complain func(key, message string)) {
	axes := e.axesAndWalks()
	for _, given := range []struct{ key, axis string }{{"x", f.X}, {"y", f.Y}} {
		if !e.checkAxis(given.key, given.axis, axes, complain) {
			return
		}
	}
	if f.X == f.Y {
		complain("y", fmt.Sprintf("%q is x too; must be another axis", f.Y))
		return
	}
	e.checkRest(f, 0, complain, f.X, f.Y)
}

// checkCurves refuses curves of which a point is several walks.
func (e *Experiment) checkCurves(f Figure, complain func(key, message string)) {
	axes := e.axesAndWalks()
	if f.Series != "" && !e.checkAxis("series", f.Series, axes, complain) {
		return
	}
	free := 1 // with calls, one axis may vary along the curve
	if f.X != "calls" {
		free = 0
		valid := []string{"calls"}
		for _, a := range e.Axes() {
			if a.Key == f.X && a.Numbers == nil {
				complain("x", fmt.Sprintf("%q has values that are not numbers; %q takes such an axis as series", f.X, f.Kind))
				return
			}
			if a.Numbers != nil {
				valid = append(valid, a.Key)
			}
		}
		if wrong := strict.OneOf(valid...).Wrong(f.X); wrong != "" {
			complain("x", fmt.Sprintf("%q %s", f.X, wrong))
			return
		}
		if f.X == f.Series {
			complain("series", fmt.Sprintf("%q is x too; must be another axis", f.Series))
			return
		}
	}
	e.checkRest(f, free, complain, f.X, f.Series)
}

// axesAndWalks returns what may stand where an axis does.
func (e *Experiment) axesAndWalks() []string {
	var keys []string
	for _, a := range e.Axes() {
		keys = append(keys, a.Key)
	}
	return append(keys, byWalk)
}

func (e *Experiment) checkAxis(key, axis string, axes []string, complain func(key, message string)) bool {
	if slices.Contains(axes, axis) {
		return true
	}
	if len(e.Axes()) == 0 {
		complain(key, fmt.Sprintf("%q must be a key of [sweep], of which there are none, or %q", axis, byWalk))
		return false
	}
	complain(key, fmt.Sprintf("%q is no key of [sweep]; %s", axis, strict.Hint(axis, axes)))
	return false
}

// checkRest refuses to draw walks that differ in more than what is drawn, and one axis of free ones at most.
func (e *Experiment) checkRest(f Figure, free int, complain func(key, message string), drawn ...string) {
	for _, a := range e.Axes() {
		if len(a.Labels) < 2 || slices.Contains(drawn, a.Key) {
			continue
		}
		if free--; free < 0 {
			complain("kind", fmt.Sprintf("%q leaves %q open, of which [sweep] has %d values; give it one, or draw it", f.Kind, a.Key, len(a.Labels)))
			return
		}
	}
	bases := e.axis(byWalk).Labels
	switch chosen := slices.Contains(drawn, byWalk); {
	case len(bases) == 0:
		complain("kind", fmt.Sprintf("%q needs a [[walk]]", f.Kind))
	case chosen && f.Walk != "":
		complain("walk", fmt.Sprintf("%q must not be given beside an axis %q", f.Walk, byWalk))
	case f.Walk != "" && !slices.Contains(bases, f.Walk):
		complain("walk", fmt.Sprintf("%q is unknown; %s", f.Walk, strict.Hint(f.Walk, bases)))
	case !chosen && f.Walk == "" && len(bases) > 1:
		complain("walk", "is missing and must be one of "+strict.Quoted(bases))
	}
}

// checkMetrics refuses scores that no walk of the figure has.
func (e *Experiment) checkMetrics(f Figure, complain func(key, message string)) {
	if e.Metrics == nil {
		complain("kind", fmt.Sprintf("%q draws scores, which there are only with [metrics]", f.Kind))
		return
	}
	measured := slices.ContainsFunc(e.Combinations(), func(c Combination) bool {
		return c.Measurement != nil && (f.Walk == "" || f.Walk == c.Base)
	})
	for _, m := range f.Metrics {
		if known, _ := metric.Find(m); known.Posterior && !measured {
			complain("metrics", fmt.Sprintf("%q is of walks with a measurement, of which there are none", m))
			return
		}
	}
}
