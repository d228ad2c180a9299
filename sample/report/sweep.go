package report

import (
	"fmt"
	"html/template"
	"image/color"
	"math"
	"slices"
	"strings"

	"tweedie/sample/figure/shade"
	"tweedie/sample/result"
)

// A sweep has tables of the walks over the axes X and Y, one for each combination of the other axes' values. Their
// cells have the colors of a score.
type sweep struct {
	X, Y    result.Axis
	Tables  []table
	Legends []legend // one for each score
}

type table struct {
	Title string
	Lines []line // from the last value of Y to the first, so that Y grows upwards as in a plot
}

type line struct {
	Label string
	Cells []*cell // one for each value of X; nil: no such walk
}

// A cell is the link to a walk.
type cell struct {
	*row
	Shades []*patch // one for each score; nil: the walk does not have it
}

// A patch is a score as text and colors. The page's script reads it.
type patch struct {
	Text string       `json:"text"`
	Back template.CSS `json:"back"`
	Ink  template.CSS `json:"ink"` // of the text
}

// A legend says what the colors of a score mean.
type legend struct {
	Name        string
	Dark, Light string       // what the ends of the scale are, such as "worst 3" and "0.5 best"
	Colors      template.CSS // from dark to light; "" if there is nothing to compare
	Logarithmic bool
}

// First returns the patch of the first score, or nil.
func (c *cell) First() *patch {
	if len(c.Shades) == 0 {
		return nil
	}
	return c.Shades[0]
}

// arrange puts the walks in tables by the first two axes with more than one value.
func (s *section) arrange() {
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
	scales := s.scales()
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
		lines[at].Cells[r.At[x]] = &cell{r, patches(r.Values, scales)}
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
		t.Lines = append(t.Lines, line{label, make([]*cell, len(s.Sweep.X.Labels))})
	}
	return t
}

// scales returns the scale of each score, over all walks, and makes the legends.
func (s *section) scales() (scales []shade.Scale) {
	for i, c := range s.Scored {
		var values []float64
		for _, r := range s.Rows {
			values = append(values, r.Values[i].Number)
		}
		scale := shade.New(values, c.Best)
		scales = append(scales, scale)
		s.Sweep.Legends = append(s.Sweep.Legends, newLegend(c.Name, scale))
	}
	return scales
}

func newLegend(name string, scale shade.Scale) legend {
	l := legend{Name: name}
	switch {
	case scale.Empty():
		l.Dark = "no values"
		return l
	case scale.Even():
		l.Dark = "all are " + short(scale.Low)
		return l
	}
	dark, light, darkIs, lightIs := scale.Ends()
	l.Dark, l.Light = darkIs+" "+short(dark), short(light)+" "+lightIs
	l.Logarithmic = scale.Logarithmic()
	const stops = 10
	var colors []string
	for i := range stops + 1 {
		colors = append(colors, hex(scale.Ramp(float64(i)/stops)))
	}
	l.Colors = template.CSS("linear-gradient(to right, " + strings.Join(colors, ", ") + ")")
	return l
}

// patches gives the scores of a walk their colors.
func patches(values []value, scales []shade.Scale) []*patch {
	all := make([]*patch, len(values))
	for i, v := range values {
		if math.IsNaN(v.Number) {
			continue
		}
		back := scales[i].Color(v.Number)
		all[i] = &patch{v.Text, template.CSS(hex(back)), template.CSS(hex(shade.Readable(back)))}
	}
	return all
}

// hex writes a color as CSS does.
func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
