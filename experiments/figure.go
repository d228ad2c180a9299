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
	"schedules": {Doc: "noise levels of walks", Keys: func(f *Figure) []strict.Field { // sigma_k against k
		return []strict.Field{f.walks(), strict.Optional("log_y", &f.LogY, false).Doc("whether the vertical axis is logarithmic")}
	}},
	"samples": {Doc: "samples of walks, side by side", Keys: func(f *Figure) []strict.Field {
		return []strict.Field{f.walks(), f.count(9), strict.Optional("schedules", &f.Schedules, false).Doc("whether the walks' schedules are drawn at the left")}
	}},
	"posterior": {Doc: "measurement, samples, their mean and standard deviation, and the truth", Keys: func(f *Figure) []strict.Field { // measurement, samples, mean, standard deviation, truth
		return []strict.Field{f.walks(), strict.Optional("images", &f.Images, 1, strict.AtLeast(1)).Doc("measured images of each walk, one in a row")}
	}},
	"heat-map": {Doc: "a map of each score over two axes", Keys: func(f *Figure) []strict.Field { // a map of each score
		return append(f.grid(), f.metrics())
	}},
	"cells": {Doc: "samples over two axes", Keys: func(f *Figure) []strict.Field { // a grid of samples
		return append(f.grid(), f.count(4))
	}},
	"curves": {Doc: "each score against an axis", Keys: func(f *Figure) []strict.Field {
		return []strict.Field{
			strict.Required("x", &f.X).Doc(`key of [sweep] along the horizontal axis, or "calls" of the network`),
			strict.Optional("series", &f.Series, "").OmitEmpty().DefaultDoc("none: one curve").Doc("key of [sweep] with a curve for each value"), f.walk(), f.metrics(),
			strict.Optional("log_x", &f.LogX, false).Doc("whether the horizontal axis is logarithmic"), strict.Optional("log_y", &f.LogY, false).Doc("whether the vertical axis is logarithmic"),
		}
	}},
	"film": {Doc: "the states of each walk, as a GIF file", Keys: func(f *Figure) []strict.Field { // each walk's states
		return []strict.Field{f.walks()}
	}},
}

// Fields are the keys of [[figure]].
func (f *Figure) Fields() []strict.Field {
	return append(figures.Fields(&f.Kind, f),
		strict.Optional("name", &f.Name, f.Kind, strict.FileName).DefaultDoc("the kind").Doc("name of its files"),
		strict.Optional("title", &f.Title, "").Doc("heading in the report"),
		strict.Optional("caption", &f.Caption, "").Doc("text below it in the report"))
}

func (f *Figure) walks() strict.Field {
	return strict.Optional("walks", &f.Walks, []string{}).DefaultDoc("all that fit").Doc("names of walks, or of tables [[walk]] for all that a sweep makes of them")
}

func (f *Figure) walk() strict.Field {
	return strict.Optional("walk", &f.Walk, "").OmitEmpty().DefaultDoc("the only one").Doc("name of the table [[walk]] that is drawn, if there are several")
}

func (f *Figure) count(fallback int) strict.Field {
	return strict.Optional("count", &f.Count, fallback, strict.AtLeast(1)).Doc("samples of each walk")
}

func (f *Figure) metrics() strict.Field {
	return strict.Optional("metrics", &f.Metrics, []string{}, strict.EachOrNone(strict.OneOf(metric.Keys()...))).DefaultDoc("all").Doc("scores that are drawn")
}

func (f *Figure) grid() []strict.Field {
	return []strict.Field{strict.Required("x", &f.X).Doc(`key of [sweep] along the horizontal axis, or "walk" for the tables [[walk]]`),
		strict.Required("y", &f.Y).Doc(`key of [sweep] along the vertical axis, or "walk" for the tables [[walk]]`), f.walk()}
}
