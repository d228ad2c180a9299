// Package kind holds the kinds of figures that an experiment can ask for in its tables [[figure]]: "heat-map",
// "samples" and so on.
//
// A kind is a type that implements Figure, and an entry of kinds: the type has the keys of its table, checks them
// against the experiment before any walk is run, and draws the figure from the results. To add a kind, write such a
// type in a file of its own and add its entry. Experiments, their key reference and the sampler take everything from
// there.
//
// The package knows walks as names, axes, numbers and images. It must not know how a walk is built or run, nor what
// else an experiment's file holds.
package kind

import (
	"fmt"
	"maps"
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/figure"
	"tweedie/sample/metric"
	"tweedie/sample/result"
)

// kinds lists the kinds of figures by name.
var kinds = map[string]Kind{
	"schedules": {"noise levels of walks", func() Figure { return new(schedules) }},
	"samples":   {"samples of walks, side by side", func() Figure { return new(samples) }},
	"posterior": {"measurement, samples, mean, standard deviation and truth", func() Figure { return new(posterior) }},
	"heat-map":  {"a map of each score over two axes", func() Figure { return new(heatMap) }},
	"cells":     {"a table of samples over two axes", func() Figure { return new(cells) }},
	"curves":    {"a plot of each score", func() Figure { return new(curves) }},
	"film":      {"how samples come about; one GIF file for each walk", func() Figure { return new(film) }},
}

// A Kind is an entry of the list.
type Kind struct {
	Doc string        // its meaning, for the reference of keys
	New func() Figure // returns an empty figure
}

// A Figure is a table [[figure]] of one kind.
type Figure interface {
	// Fields returns the keys of the kind, without those that all kinds have.
	Fields() []strict.Field

	// Check complains about keys that do not fit the experiment. It is called when each key by itself is right. A
	// complaint about the key "kind" is read after the name of the kind.
	Check(o *Outline, complain func(key, message string))

	// Draw draws the figure, in one part or several.
	Draw(r *Results) ([]Part, error)
}

// A Part of a figure is a picture or a film. It has its own files.
type Part struct {
	Suffix  string          // follows the figure's name in the names of files; "" if there is one part
	Alt     string          // what is seen, in words: the alternative text of a page
	Picture figure.Picture  // nil if the part is a film
	Film    []figure.Images // one batch for each frame
}

// onePart is a figure that is a single picture, with its alternative text.
func onePart(p figure.Picture, alt string) []Part { return []Part{{Picture: p, Alt: alt}} }

// Files returns the names of the part's files for a figure of the given name.
func (p Part) Files(name string) []string {
	if p.Picture == nil {
		return []string{name + p.Suffix + ".gif"}
	}
	return []string{name + p.Suffix + ".png", name + p.Suffix + ".svg"}
}

// Write stores the part in its files, and returns their names.
func (p Part) Write(name string) ([]string, error) {
	if p.Picture == nil {
		return p.Files(name), figure.WriteFilm(p.Files(name)[0], p.Film)
	}
	return figure.Write(name+p.Suffix, p.Picture)
}

// Check returns an error if the part cannot be drawn.
func (p Part) Check() (err error) {
	if p.Picture == nil {
		_, err = figure.Film(p.Film)
	} else {
		_, err = figure.SVG(p.Picture)
	}
	return err
}

// All returns all kinds by their names.
func All() map[string]Kind { return maps.Clone(kinds) }

// An Outline is what is known of an experiment's walks before any of them is run.
type Outline struct {
	Tables []string // names of the tables [[walk]]
	Axes   []Axis   // what [sweep] varies
	Walks  []Walk   // all that tables and sweep make, in order, the last axis fastest
	Scored bool     // whether there is a table [metrics]
	Motif  string   // what the images show, such as "letters and digits"; "": not known
}

// An Axis is a setting that a sweep varies.
type Axis struct {
	Key     string    // such as "step.epsilon"
	Labels  []string  // one for each value
	Numbers []float64 // the values if all of them are numbers, otherwise nil
}

// A Walk is one of an experiment's walks.
type Walk struct {
	Name      string
	Table     string // name of its table [[walk]]
	At        []int  // for each axis, the number of the value that the walk has
	Posterior int    // samples drawn for each measured image; 0 without a measurement
}

// Results is an outline with the results of its walks.
type Results struct {
	*Outline
	Done   []Done            // one for each of Walks, in the same order
	Floors []result.Score    // scores of real images
	Note   func(text string) // is told what is allowed but seldom meant; nil: nobody is told
}

func (r *Results) note(format string, arguments ...any) {
	if r.Note != nil {
		r.Note(fmt.Sprintf(format, arguments...))
	}
}

// Done is the result of one walk.
type Done struct {
	Sigma      []float64          // noise levels
	Calls      int                // network calls for each sample
	Samples    figure.Images      // at least one
	Posteriors []metric.Posterior // one for each measured image; none without a measurement
	Scores     []result.Score
	States     []figure.Images // the first samples at some of the steps, from the start to the end
}

// score returns the walk's score of a metric, and whether there is one.
func (d Done) score(key string) (result.Score, bool) {
	i := slices.IndexFunc(d.Scores, func(s result.Score) bool { return s.Key == key })
	if i < 0 {
		return result.Score{}, false
	}
	return d.Scores[i], true
}
