package report

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tweedie/sample/result"
)

// A view is the data of the page's template.
type view struct {
	Page
	Sections []*section
}

// A section shows one experiment.
type section struct {
	*result.Experiment
	Figures  []picture
	Varied   []string // settings that differ between the walks; each has a column
	Scored   []column // scores; each has a column
	Rows     []row    // one for each walk
	Sweep    *sweep   // nil without a sweep
	Findings []Finding
}

// A picture is a figure in the best of its file formats.
type picture struct {
	Title, Caption string
	Sources        []template.URL // one, or more if the figure is several films
}

// A column of the table of walks is a score.
type column struct{ Key, Name, Best, Floor string }

// A row of the table of walks is a walk.
type row struct {
	result.Walk
	ID       string
	Settings []string // in the order of Varied
	Values   []value  // in the order of Scored
	Source   template.URL
	Course   []frame // states from the start to the end of the walk
}

// Posterior reports whether the walk's picture is a sheet of posteriors, and not a grid of samples.
func (r row) Posterior() bool {
	return slices.ContainsFunc(r.Walk.Settings, func(s result.Setting) bool { return s.Key == "measurement.kind" })
}

// A value is a score as a number and as text.
type value struct {
	Number float64 // NaN if the walk has no such score
	Text   string
}

// A frame is one state of a walk, for the slider.
type frame struct {
	K      int          `json:"k"`
	Sigma  float64      `json:"sigma"`
	Source template.URL `json:"source"`
}

// A sweep has tables of the walks over the axes X and Y, one for each combination of the other axes' values.
type sweep struct {
	X, Y   result.Axis
	Tables []table
}

type table struct {
	Title string
	Lines []line // from the last value of Y to the first, so that Y grows upwards as in a plot
}

type line struct {
	Label string
	Cells []*row // one for each value of X; nil: no such walk
}

func newSection(folder string, e *result.Experiment) (*section, error) {
	s := &section{Experiment: e}
	for _, f := range e.Figures {
		p := picture{Title: f.Title, Caption: f.Caption}
		files := slices.Clone(f.Files)
		slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(preference(a), preference(b)) })
		for i, file := range files {
			if i > 0 && preference(file) < film {
				continue // the same picture in another format
			}
			source, err := embed(folder, file)
			if err != nil {
				return nil, err
			}
			p.Sources = append(p.Sources, source)
		}
		s.Figures = append(s.Figures, p)
	}
	s.columns()
	for i, w := range e.Walks {
		r, err := s.row(folder, i, w)
		if err != nil {
			return nil, err
		}
		s.Rows = append(s.Rows, r)
	}
	s.sweep()
	return s, nil
}

// film is the preference of a film.
const film = 2

// preference orders the file formats of a figure, the best first.
func preference(file string) int {
	switch filepath.Ext(file) {
	case ".svg":
		return 0
	case ".png":
		return 1
	}
	return film
}

// embed returns a file as a data URI.
func embed(folder, file string) (template.URL, error) {
	content, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(file)))
	if err != nil {
		return "", err
	}
	kinds := map[string]string{".svg": "image/svg+xml", ".png": "image/png", ".gif": "image/gif"}
	return template.URL("data:" + kinds[filepath.Ext(file)] + ";base64," + base64.StdEncoding.EncodeToString(content)),
		nil
}

// settings returns the values of a walk's settings by their keys, without its name.
func settings(w result.Walk) map[string]string {
	values := map[string]string{}
	for _, s := range w.Settings {
		if s.Key != "name" {
			values[s.Key] = s.Value
		}
	}
	return values
}

// columns finds the settings that differ between walks, and all scores.
func (s *section) columns() {
	values := map[string]map[string]bool{}
	for _, w := range s.Walks {
		for key := range settings(w) {
			values[key] = map[string]bool{}
		}
	}
	for _, w := range s.Walks {
		own := settings(w)
		for key := range values {
			values[key][own[key]] = true
		}
		for _, score := range w.Scores {
			if !slices.ContainsFunc(s.Scored, func(c column) bool { return c.Key == score.Key }) {
				s.Scored = append(s.Scored, column{Key: score.Key, Name: score.Name, Best: score.Best,
					Floor: s.floor(score.Key)})
			}
		}
	}
	for key, different := range values {
		if len(different) > 1 {
			s.Varied = append(s.Varied, key)
		}
	}
	slices.Sort(s.Varied)
}

// floor writes the scores of real images, each with the number of images.
func (s *section) floor(key string) string {
	var all []string
	for _, f := range s.Floors {
		if f.Key == key {
			all = append(all, fmt.Sprintf("%s (%d)", short(f.Value), f.N))
		}
	}
	return strings.Join(all, ", ")
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

// row makes the row of walk i.
func (s *section) row(folder string, i int, w result.Walk) (r row, err error) {
	r = row{Walk: w, ID: fmt.Sprintf("%s-%d", s.Name, i)}
	values := settings(w)
	for _, key := range s.Varied {
		r.Settings = append(r.Settings, values[key])
	}
	for _, c := range s.Scored {
		v := value{Number: math.NaN()}
		for _, score := range w.Scores {
			if score.Key == c.Key {
				v = value{score.Value, short(score.Value)}
			}
		}
		r.Values = append(r.Values, v)
	}
	if r.Source, err = embed(folder, w.Picture); err != nil {
		return r, err
	}
	for _, state := range w.States {
		source, err := embed(folder, state.Picture)
		if err != nil {
			return r, err
		}
		r.Course = append(r.Course, frame{state.K, state.Sigma, source})
	}
	return r, nil
}

// sweep arranges the walks by the first two axes with more than one value.
func (s *section) sweep() {
	var long []int
	for i, a := range s.Axes {
		if len(a.Labels) > 1 {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return
	}
	x := long[0]
	y := -1 // no axis: the table has a single line
	s.Sweep = &sweep{X: s.Axes[x]}
	if len(long) > 1 {
		y, x = long[0], long[1]
		s.Sweep.X, s.Sweep.Y = s.Axes[x], s.Axes[y]
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		title := r.Base
		for a, at := range r.At {
			if a != x && a != y && len(s.Axes[a].Labels) > 1 {
				title += fmt.Sprintf(", %s = %s", s.Axes[a].Key, s.Axes[a].Labels[at])
			}
		}
		t := slices.IndexFunc(s.Sweep.Tables, func(t table) bool { return t.Title == title })
		if t < 0 {
			t = len(s.Sweep.Tables)
			s.Sweep.Tables = append(s.Sweep.Tables, s.table(title))
		}
		lines := s.Sweep.Tables[t].Lines
		at := 0
		if y >= 0 {
			at = len(lines) - 1 - r.At[y]
		}
		lines[at].Cells[r.At[x]] = r
	}
}

// table makes a table without walks.
func (s *section) table(title string) table {
	t := table{Title: title}
	labels := slices.Clone(s.Sweep.Y.Labels)
	slices.Reverse(labels)
	if labels == nil {
		labels = []string{""}
	}
	for _, label := range labels {
		t.Lines = append(t.Lines, line{label, make([]*row, len(s.Sweep.X.Labels))})
	}
	return t
}
