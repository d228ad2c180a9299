package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sample/figure/shade"
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
	Figures []figure
	Varied  []string // settings that differ between the walks; each has a column
	Scored  []column // scores; each has a column
	Rows    []row    // one for each walk
	Sweep   *sweep   // nil without a sweep
}

// A column of the table of walks is a score.
type column struct{ Key, Name, Best, Floor string }

// A row of the table of walks is a walk.
type row struct {
	result.Walk
	ID       string
	Settings []string // in the order of Varied
	Values   []value  // in the order of Scored
	Final    picture  // the samples
	Course   []frame  // states from the start to the end of the walk
}

// Posterior reports whether the walk's picture is a sheet of posteriors, and not a grid of samples.
func (r row) Posterior() bool {
	return slices.ContainsFunc(r.Walk.Settings, func(s result.Setting) bool { return s.Key == "measurement.kind" })
}

// A value is a score as a number and as text.
type value struct {
	Number   float64 // NaN if the walk has no such score
	Text     string  // "" if the walk has no such score
	Interval string  // of confidence, "[LOW, HIGH]", or "" if it is not known
}

func newValue(s result.Score) value {
	v := value{Number: s.Value, Text: short(s.Value)}
	if s.Low < s.High {
		v.Interval = fmt.Sprintf("[%s, %s]", short(s.Low), short(s.High))
	}
	return v
}

// Sorted returns the number by which rows are sorted, or "".
func (v value) Sorted() string {
	if math.IsNaN(v.Number) {
		return ""
	}
	return strconv.FormatFloat(v.Number, 'g', -1, 64)
}

// A frame is one state of a walk.
type frame struct {
	result.State
	Shown picture
}

// Caption says when the state is reached.
func (f frame) Caption() string {
	if f.K == 0 {
		return "start"
	}
	return fmt.Sprintf("step %d, σ = %s", f.K, strconv.FormatFloat(f.Sigma, 'g', 3, 64))
}

func newSection(folder string, e *result.Experiment) (*section, error) {
	s := &section{Experiment: e}
	if err := s.figures(folder); err != nil {
		return nil, err
	}
	s.columns()
	for i, w := range e.Walks {
		r, err := s.row(folder, i, w)
		if err != nil {
			return nil, err
		}
		s.Rows = append(s.Rows, r)
	}
	s.arrange()
	return s, nil
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

// short writes a number in three digits, or as a whole number if it has more.
func short(v float64) string {
	if size := math.Abs(v); size >= 100 && size < 1e6 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

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
			if score.Key == c.Key && shade.Finite(score.Value) {
				v = newValue(score)
			}
		}
		r.Values = append(r.Values, v)
	}
	if r.Final, err = embed(folder, w.Picture, r.ID+"-samples", cmp.Or(w.Alt, "Samples of walk "+w.Name)); err != nil {
		return r, err
	}
	for _, state := range w.States {
		f := frame{State: state}
		alt := cmp.Or(state.Alt, fmt.Sprintf("Samples of walk %s: %s", w.Name, f.Caption()))
		f.Shown, err = embed(folder, state.Picture, fmt.Sprintf("%s-state-%d", r.ID, state.K), alt)
		if err != nil {
			return r, err
		}
		r.Course = append(r.Course, f)
	}
	return r, nil
}
