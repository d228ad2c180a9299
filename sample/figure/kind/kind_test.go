package kind

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/figure"
	"tweedie/sample/result"
)

// swept returns the walks of a sweep of two axes over two tables: "free", and "given", which has a measurement. The
// score "precision" or "psnr" of walk i is i, its number of network calls 10 i.
func swept() *Results {
	e := &Outline{
		Tables: []string{"free", "given"},
		Axes: []Axis{
			{Key: "schedule.kind", Labels: []string{"sigmoid", "geometric"}},
			{Key: "step.epsilon", Labels: []string{"0.1", "0.2", "0.4"}, Numbers: []float64{0.1, 0.2, 0.4}},
		},
		Scored: true,
	}
	r := &Results{Outline: e}
	for n, table := range e.Tables {
		for a, schedule := range e.Axes[0].Labels {
			for b, epsilon := range e.Axes[1].Labels {
				i := len(e.Walks)
				e.Walks = append(e.Walks, Walk{table + "-" + schedule + "-" + epsilon, table, []int{a, b}, 2 * n})
				key := []string{"precision", "psnr"}[n]
				score := result.Score{Key: key, Name: "the score", Value: float64(i), Best: result.High}
				images := figure.Images{Pixels: make([]float32, 9*4), N: 9, Channels: 1, Height: 2, Width: 2}
				r.Done = append(r.Done, Done{Sigma: []float64{2, 1}, Calls: 10 * i, Samples: images,
					Scores: []result.Score{score}, States: []figure.Images{images, images}})
			}
		}
	}
	return r
}

// written draws a figure and returns the text of its SVG.
func written(t *testing.T, f Figure, r *Results) string {
	t.Helper()
	parts, err := f.Draw(r)
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	text, err := figure.SVG(parts[0].Picture)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNamedWalks(t *testing.T) {
	e := swept().Outline
	for _, c := range []struct {
		names []string
		want  []int
	}{
		{nil, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
		{[]string{"given"}, []int{6, 7, 8, 9, 10, 11}},
		{[]string{"given-geometric-0.2", "free-sigmoid-0.1"}, []int{10, 0}},
	} {
		n := walkNames{c.names}
		if got := n.walks(e); !slices.Equal(got, c.want) {
			t.Errorf("%q are walks %v, want %v", c.names, got, c.want)
		}
	}
	if got := (&posterior{}).walks(e); !slices.Equal(got, []int{6, 7, 8, 9, 10, 11}) {
		t.Errorf("walks with a measurement are %v", got)
	}
}

func TestGridHasEachWalkInItsCell(t *testing.T) {
	e := swept().Outline
	g := grid{X: "step.epsilon", Y: "schedule.kind", tableName: tableName{"given"}}
	x, y, cells := g.arrange(e)
	for j := range y.Labels {
		for i := range x.Labels {
			if got, want := e.Walks[cells[j][i]].Name, "given-"+y.Labels[j]+"-"+x.Labels[i]; got != want {
				t.Errorf("cell %s, %s has walk %s", x.Labels[i], y.Labels[j], got)
			}
		}
	}
	// The tables may be an axis.
	e.Axes, e.Walks = e.Axes[1:], slices.DeleteFunc(e.Walks, func(w Walk) bool { return w.At[0] == 1 })
	for i := range e.Walks {
		e.Walks[i].At = e.Walks[i].At[1:]
	}
	g = grid{X: "walk", Y: "step.epsilon"}
	if _, _, cells = g.arrange(e); e.Walks[cells[2][1]].Name != "given-sigmoid-0.4" {
		t.Errorf("with tables as an axis the cells are %v", cells)
	}
}

// TestMapOfScores reads the numbers of a heat map in the order in which they are drawn. It shows the scores of its own
// walks alone.
func TestMapOfScores(t *testing.T) {
	g := grid{X: "step.epsilon", Y: "schedule.kind", tableName: tableName{"free"}}
	text := written(t, &heatMap{grid: g}, swept())
	at := 0
	for _, value := range []string{"0", "1.00", "2.00", "3.00", "4.00", "5.00"} {
		i := strings.Index(text[at:], ">"+value+"<")
		if i < 0 {
			t.Fatalf("value %s is missing or out of order", value)
		}
		at += i
	}
	if strings.Contains(text, ">–<") {
		t.Error("there are maps of scores that these walks do not have")
	}
}

func TestCurvesOfScores(t *testing.T) {
	r := swept()
	r.Floors = []result.Score{{Key: "precision", Value: 3, N: 7}, {Key: "recall", Value: 1, N: 8}}
	text := written(t, &curves{X: "step.epsilon", Series: "schedule.kind", tableName: tableName{"free"}}, r)
	for _, part := range []string{"the score", ">sigmoid<", ">geometric<", "step size ε", "7 real images"} {
		if !strings.Contains(text, part) {
			t.Errorf("the plot has no %q", part)
		}
	}
	if strings.Contains(text, "8 real images") {
		t.Error("the plot has the floor of another score")
	}
	// A point with a score of 0, such as the first walk's, has no place on a logarithmic axis.
	written(t, &curves{X: byCalls, Series: "schedule.kind", tableName: tableName{"free"}, LogY: true}, r)
}

func TestFilms(t *testing.T) {
	r := swept()
	films, err := (&film{walkNames{[]string{"given"}}}).Draw(r)
	if err != nil || len(films) != 6 {
		t.Fatalf("%d films, %v", len(films), err)
	}
	files, err := films[5].Write(filepath.Join(t.TempDir(), "film"))
	if err != nil || len(files) != 1 || filepath.Base(files[0]) != "film-given-geometric-0.4.gif" {
		t.Errorf("files are %q, %v", files, err)
	}
	if _, err := os.Stat(files[0]); err != nil {
		t.Error(err)
	}
}

// TestPosteriorsOfDifferentNumbers must be found wrong before the walks are run.
func TestPosteriorsOfDifferentNumbers(t *testing.T) {
	r := swept()
	r.Walks[8].Posterior = 3
	var said string
	(&posterior{}).Check(r.Outline, func(key, message string) { said = fmt.Sprint(key, ": ", message) })
	want := "walks: walk given-sigmoid-0.4 has 3 samples of a posterior, and others of the figure 2: they must agree"
	if said != want {
		t.Errorf("%s\nwant %s", said, want)
	}
}

// TestScoresThatNoWalkHas must be found wrong before the walks are run.
func TestScoresThatNoWalkHas(t *testing.T) {
	e := swept().Outline
	for _, c := range []struct{ table, metric, want string }{
		{"free", "precision", ""},
		{"given", "psnr", ""},
		{"", "psnr", ""},
		{"free", "psnr-mean", `"psnr-mean" is a score of walks with a measurement, and the figure has none`},
		{"given", "recall", `"recall" is a score of walks without a measurement, and the figure has none`},
	} {
		var said string
		m := metrics{[]string{c.metric}}
		m.check(e, (&tableName{c.table}).walks(e), func(_, message string) { said = message })
		if said != c.want {
			t.Errorf("%s of %q: %q, want %q", c.metric, c.table, said, c.want)
		}
	}
}

// TestAlternativeTexts checks that each kind says what is seen: which walks, how many samples, of what, which scores.
func TestAlternativeTexts(t *testing.T) {
	g := grid{X: "step.epsilon", Y: "schedule.kind", tableName: tableName{"free"}}
	one := walkNames{[]string{"free-sigmoid-0.2"}}
	all := []string{"letters and digits"}
	for name, c := range map[string]struct {
		Figure
		parts []string
	}{
		"schedules": {&schedules{walkNames: one},
			[]string{"noise level", "walk free-sigmoid-0.2", "from 2 to 1 in 2 steps"}},
		"samples": {&samples{walkNames: one, Count: 9}, append(all, "9 samples", "walk free-sigmoid-0.2")},
		"many":    {&samples{Count: 1}, append(all, "1 sample each", "free-sigmoid-0.1, ", "7 others")},
		"cells": {&cells{grid: g, Count: 4}, append(all, "4 in each", "step size ε (0.1 to 0.4)",
			"schedule.kind (sigmoid and geometric)")},
		"heat-map": {&heatMap{grid: g}, []string{"the score: best 5 at step size ε 0.4, schedule.kind geometric; " +
			"worst 0 at step size ε 0.1, schedule.kind sigmoid"}},
		"curves": {&curves{X: byCalls, Series: "schedule.kind", tableName: tableName{"free"}},
			[]string{"the score against network calls", "schedule.kind (sigmoid and geometric)"}},
		"film": {&film{one}, append(all, "Film", "walk free-sigmoid-0.2", "2 frames")},
	} {
		r := swept()
		r.Motif = "letters and digits"
		parts, err := c.Draw(r)
		if err != nil || len(parts) != 1 {
			t.Fatalf("%s: %d parts, %v", name, len(parts), err)
		}
		for _, part := range c.parts {
			if !strings.Contains(parts[0].Alt, part) {
				t.Errorf("%s: %q does not say %q", name, parts[0].Alt, part)
			}
		}
	}
}
