package experiments

import (
	"fmt"
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/figure/kind"
)

// Figure is a table [[figure]]: a picture of walks or of their scores.
type Figure struct {
	Kind    string
	Name    string // of its files; default Kind
	Title   string
	Caption string

	Settings kind.Figure // the keys of the kind; it checks and draws the figure
}

// figures are the kinds of package kind.
var figures = figureMenu()

func figureMenu() strict.Menu[Figure, struct{}] {
	menu := strict.Menu[Figure, struct{}]{}
	for name, k := range kind.All() {
		menu[name] = strict.Kind[Figure, struct{}]{Doc: k.Doc, Keys: func(f *Figure) []strict.Field {
			if f.Settings == nil {
				f.Settings = k.New()
			}
			return f.Settings.Fields()
		}}
	}
	return menu
}

// Fields implements strict.Table.
func (f *Figure) Fields() []strict.Field {
	return append(figures.Fields(&f.Kind, f),
		strict.Optional("name", &f.Name, f.Kind, strict.FileName).Doc("name of the files").DefaultDoc("the `kind`"),
		strict.Optional("title", &f.Title, "").Doc("heading in the report"),
		strict.Optional("caption", &f.Caption, "").Doc("text under the figure in the report"))
}

// checkFigure refuses a figure, number i, that does not fit the experiment.
func (e *Experiment) checkFigure(i int, f Figure, complain func(key, message string)) {
	if slices.ContainsFunc(e.Figures[:i], func(other Figure) bool { return other.Name == f.Name }) {
		complain("name", fmt.Sprintf("%q is the name of an earlier figure too; names must differ", f.Name))
	}
	outline := e.Outline()
	if slices.ContainsFunc(outline.Walks, func(w kind.Walk) bool { return w.Name == f.Name }) {
		complain("name", fmt.Sprintf("%q is the name of a walk too; files are named by both, so they must differ",
			f.Name))
	}
	f.Settings.Check(outline, func(key, message string) {
		if key == "kind" {
			message = fmt.Sprintf("%q %s", f.Kind, message)
		}
		complain(key, message)
	})
}

// Outline returns what figures know of the walks before they are run.
func (e *Experiment) Outline() *kind.Outline {
	outline := &kind.Outline{Scored: e.Metrics != nil, Motif: e.Data.motif()}
	for _, w := range e.Walks {
		outline.Tables = append(outline.Tables, w.Name)
	}
	for _, a := range e.Axes() {
		outline.Axes = append(outline.Axes, kind.Axis{Key: a.Key, Labels: a.Labels, Numbers: a.Numbers})
	}
	for _, c := range e.Combinations() {
		w := kind.Walk{Name: c.Name, Table: c.Base, At: c.At}
		if c.Measurement != nil {
			w.Posterior = min(c.Measurement.Posterior, c.Samples)
		}
		outline.Walks = append(outline.Walks, w)
	}
	return outline
}
