package experiments

import (
	"slices"

	"tweedie/experiments/sweep"
)

// byWalk is the axis of the tables [[walk]].
const byWalk = "walk"

// Drawn returns the walks of a figure that names walks, in its order or, where it names none, in that of the file.
func (e *Experiment) Drawn(f Figure) []Combination {
	var drawn []Combination
	all := e.Combinations()
	for _, name := range f.Walks {
		for _, c := range all {
			if c.Base == name || c.Name == name {
				drawn = append(drawn, c)
			}
		}
	}
	if len(f.Walks) > 0 {
		return drawn
	}
	if f.Kind == "posterior" {
		all = slices.DeleteFunc(all, func(c Combination) bool { return c.Measurement == nil })
	}
	return all
}

// Grid returns the axes of a "heat-map" or "cells", and the walks, cells[j][i] of value i of x and j of y.
func (e *Experiment) Grid(f Figure) (x, y sweep.Axis, cells [][]Combination) {
	x, y = e.axis(f.X), e.axis(f.Y)
	cells = make([][]Combination, len(y.Labels))
	for j := range cells {
		cells[j] = make([]Combination, len(x.Labels))
	}
	for _, c := range e.ofWalk(f.Walk) {
		cells[e.value(c, y)][e.value(c, x)] = c
	}
	return x, y, cells
}

// A Curve is the walks that "curves" connects, in the order of the sweep.
type Curve struct {
	Label  string
	Points []Combination
	X      []float64 // of each point; nil where x is "calls", which is known of a walk that is built
}

// Curves returns the curves of a figure, one for each value of its series.
func (e *Experiment) Curves(f Figure) []Curve {
	series, x := e.axis(f.Series), e.axis(f.X)
	curves := make([]Curve, max(1, len(series.Labels)))
	for i, label := range series.Labels {
		curves[i].Label = label
	}
	for _, c := range e.ofWalk(f.Walk) {
		curve := &curves[e.value(c, series)]
		curve.Points = append(curve.Points, c)
		if x.Key != "" {
			curve.X = append(curve.X, x.Numbers[e.value(c, x)])
		}
	}
	return curves
}

func (e *Experiment) ofWalk(base string) []Combination {
	return slices.DeleteFunc(e.Combinations(), func(c Combination) bool { return base != "" && c.Base != base })
}

// axis returns the axis of a key, that of the walks, or one without a key if there is none.
func (e *Experiment) axis(key string) sweep.Axis {
	if key == byWalk {
		a := sweep.Axis{Key: byWalk}
		for _, w := range e.Walks {
			a.Labels = append(a.Labels, w.Name)
		}
		return a
	}
	for _, a := range e.Axes() {
		if a.Key == key {
			return a
		}
	}
	return sweep.Axis{}
}

// value returns the number of the value that a walk has on an axis; on one without a key it is 0.
func (e *Experiment) value(c Combination, a sweep.Axis) int {
	switch a.Key {
	case "":
		return 0
	case byWalk:
		return slices.Index(a.Labels, c.Base)
	}
	return c.At[slices.IndexFunc(e.Axes(), func(other sweep.Axis) bool { return other.Key == a.Key })]
}
