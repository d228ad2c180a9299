package experiments

import (
	"tweedie/experiments/strict"
	"tweedie/sample/metric"
)

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
var figures = strict.Menu[Figure, struct{}]{
	"schedules": {Keys: func(f *Figure) []strict.Field { // sigma_k against k
		return []strict.Field{f.walks(), strict.Optional("log_y", &f.LogY, false)}
	}},
	"samples": {Keys: func(f *Figure) []strict.Field {
		return []strict.Field{f.walks(), f.count(9), strict.Optional("schedules", &f.Schedules, false)}
	}},
	"posterior": {Keys: func(f *Figure) []strict.Field { // measurement, samples, mean, standard deviation, truth
		return []strict.Field{f.walks(), strict.Optional("images", &f.Images, 1, strict.AtLeast(1))}
	}},
	"heat-map": {Keys: func(f *Figure) []strict.Field { // a map of each score
		return append(f.grid(), f.metrics())
	}},
	"cells": {Keys: func(f *Figure) []strict.Field { // a grid of samples
		return append(f.grid(), f.count(4))
	}},
	"curves": {Keys: func(f *Figure) []strict.Field {
		return []strict.Field{
			strict.Required("x", &f.X), strict.Optional("series", &f.Series, "").OmitEmpty(), f.walk(), f.metrics(),
			strict.Optional("log_x", &f.LogX, false), strict.Optional("log_y", &f.LogY, false),
		}
	}},
	"film": {Keys: func(f *Figure) []strict.Field { // each walk's states
		return []strict.Field{f.walks()}
	}},
}

// Fields are the keys of [[figure]].
func (f *Figure) Fields() []strict.Field {
	return append(figures.Fields(&f.Kind, f),
		strict.Optional("name", &f.Name, f.Kind, strict.FileName),
		strict.Optional("title", &f.Title, ""),
		strict.Optional("caption", &f.Caption, ""))
}

func (f *Figure) walks() strict.Field { return strict.Optional("walks", &f.Walks, []string{}) }

func (f *Figure) walk() strict.Field { return strict.Optional("walk", &f.Walk, "").OmitEmpty() }

func (f *Figure) count(fallback int) strict.Field {
	return strict.Optional("count", &f.Count, fallback, strict.AtLeast(1))
}

func (f *Figure) metrics() strict.Field {
	return strict.Optional("metrics", &f.Metrics, []string{}, strict.EachOrNone(strict.OneOf(metric.Keys()...)))
}

func (f *Figure) grid() []strict.Field {
	return []strict.Field{strict.Required("x", &f.X), strict.Required("y", &f.Y), f.walk()}
}
