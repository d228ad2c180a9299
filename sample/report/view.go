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

// A view is a page as its template sees it.
type view struct {
	Page
	Sections []*section
}

// A section is an experiment.
type section struct {
	*result.Experiment
	Figures  []picture
	Varied   []string // settings that differ between the walks, and so have a column
	Scored   []column // scores
	Rows     []row    // of the walks
	Sweep    *sweep   // nil without
	Findings []Finding
}

// A picture is a figure in its best format.
type picture struct {
	Title, Caption string
	Sources        []template.URL // one, or several films
}

// A column is a score.
type column struct{ Key, Name, Best, Floor string }

// A row is a walk.
type row struct {
	result.Walk
	ID       string
	Settings []string // of the columns Varied
	Values   []value  // of the columns Scored
	Source   template.URL
	Course   []frame
}

type value struct {
	Number float64 // NaN: there is none
	Text   string
}

// A frame is a state.
type frame struct {
	K      int          `json:"k"`
	Sigma  float64      `json:"sigma"`
	Source template.URL `json:"source"`
}

// A sweep is a table of the walks over two axes, for each combination of the others.
type sweep struct {
	X, Y   result.Axis
	Tables []table
}

type table struct {
	Title string
	Lines []line // from the last value of Y to the first, as in a plot
}

type line struct {
	Label string
	Cells []*row // nil: there is none
}

func newSection(folder string, e *result.Experiment) (*section, error) {
	s := &section{Experiment: e}
	for _, f := range e.Figures {
		p := picture{Title: f.Title, Caption: f.Caption}
		files := slices.Clone(f.Files)
		slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(preference(a), preference(b)) })
		for i, file := range files {
			if i > 0 && preference(file) < film {
				continue // the same in another format
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

const film = 2

// preference orders the formats of a figure, the best first.
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
	return template.URL("data:" + kinds[filepath.Ext(file)] + ";base64," + base64.StdEncoding.EncodeToString(content)), nil
}

// settings are the lines of a walk's table as keys and values.
func settings(w result.Walk) map[string]string {
	of := map[string]string{}
	for line := range strings.Lines(w.TOML) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " = "); ok && key != "name" {
			of[key] = value
		}
	}
	return of
}

// columns finds the settings that differ, and the scores that there are.
func (s *section) columns() {
	values := map[string]map[string]bool{}
	for _, w := range s.Walks {
		for key := range settings(w) {
			values[key] = map[string]bool{}
		}
	}
	for _, w := range s.Walks {
		of := settings(w)
		for key := range values {
			values[key][of[key]] = true
		}
		for _, score := range w.Scores {
			if !slices.ContainsFunc(s.Scored, func(c column) bool { return c.Key == score.Key }) {
				s.Scored = append(s.Scored, column{Key: score.Key, Name: score.Name, Best: score.Best, Floor: s.floor(score.Key)})
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

// floor says what real images score.
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

func (s *section) row(folder string, i int, w result.Walk) (r row, err error) {
	r = row{Walk: w, ID: fmt.Sprintf("%s-%d", s.Name, i)}
	of := settings(w)
	for _, key := range s.Varied {
		r.Settings = append(r.Settings, of[key])
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

// sweep arranges the walks by the first two axes of more than one value.
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
	y := -1 // none: a single line
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
