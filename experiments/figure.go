package experiments

import "tweedie/sample/metric"

// Figure is a table [[figure]]: a picture of walks or of their scores. A walk is named by its table [[walk]], for all that a sweep makes
// of it, or by its name in the sweep. An axis is named by its key in [sweep]; "walk" stands for the tables [[walk]].
type Figure struct {
	Kind    string
	Name    string // of its files; default Kind
	Title   string
	Caption string

	Walks     []string // names; default none, which stands for all, of "posterior" those with a measurement
	Count     int      // of "samples": of each walk, default 9; of "cells": in each cell, default 4
	Schedules bool     // of "samples": whether the schedules are drawn at the left, as in the paper's figure 1
	Images    int      // of "posterior": rows, of one measured image each; default 1

	X, Y    string   // axes of "heat-map" and "cells"; of "curves", X is "calls", of the network, or an axis with numbers
	Series  string   // of "curves": the axis with a curve for each value; default "", one curve
	Metrics []string // keys of metric.All; default none, which stands for all there are
	Walk    string   // whose scores or samples are drawn, where there are several tables [[walk]]; default ""

	LogX, LogY bool // whether the axes are logarithmic
}

// Figures are drawn elsewhere: these kinds build nothing here.
var figures = menu[Figure, struct{}]{
	"schedules": {keys: func(f *Figure) []field { // sigma_k against k
		return []field{f.walks(), optional("log_y", &f.LogY, false)}
	}},
	"samples": {keys: func(f *Figure) []field {
		return []field{f.walks(), f.count(9), optional("schedules", &f.Schedules, false)}
	}},
	"posterior": {keys: func(f *Figure) []field { // measurement, samples, mean, standard deviation, truth
		return []field{f.walks(), optional("images", &f.Images, 1, atLeast(1))}
	}},
	"heat-map": {keys: func(f *Figure) []field { // a map of each score
		return append(f.grid(), f.metrics())
	}},
	"cells": {keys: func(f *Figure) []field { // a grid of samples
		return append(f.grid(), f.count(4))
	}},
	"curves": {keys: func(f *Figure) []field {
		return []field{
			required("x", &f.X), unlessEmpty(optional("series", &f.Series, "")), f.walk(), f.metrics(),
			optional("log_x", &f.LogX, false), optional("log_y", &f.LogY, false),
		}
	}},
	"film": {keys: func(f *Figure) []field { // each walk's states
		return []field{f.walks()}
	}},
}

func (f *Figure) fields() []field {
	return append(figures.fields(&f.Kind, f),
		optional("name", &f.Name, f.Kind, fileName),
		optional("title", &f.Title, ""),
		optional("caption", &f.Caption, ""))
}

func (f *Figure) walks() field { return optional("walks", &f.Walks, []string{}) }

func (f *Figure) walk() field { return unlessEmpty(optional("walk", &f.Walk, "")) }

func (f *Figure) count(fallback int) field { return optional("count", &f.Count, fallback, atLeast(1)) }

func (f *Figure) metrics() field {
	return optional("metrics", &f.Metrics, []string{}, eachOrNone(oneOf(metric.Keys()...)))
}

func (f *Figure) grid() []field {
	return []field{required("x", &f.X), required("y", &f.Y), f.walk()}
}
