package study

import (
	"fmt"
	"math"
	"slices"

	"tweedie/experiments"
	"tweedie/sample/figure"
	"tweedie/sample/result"
)

// A gallery is what the figures of an experiment are drawn from.
type gallery struct {
	experiment *experiments.Experiment // says which walks a figure shows
	walks      []exhibit               // one for each of its combinations
	floors     []result.Score          // scores of real images
}

func newGallery(s study, jobs []job, drawings []*drawing, scores [][]result.Score, floors []result.Score) gallery {
	g := gallery{experiment: s.Experiment, floors: floors}
	for i, j := range jobs {
		g.walks = append(g.walks, exhibitOf(j, drawings[i], scores[i]))
	}
	return g
}

// drawers draw the kinds of figures, except films, which are not pictures.
var drawers = map[string]func(g gallery, f experiments.Figure) (figure.Picture, error){
	"schedules": gallery.schedules,
	"samples":   gallery.samples,
	"posterior": gallery.posterior,
	"heat-map":  gallery.heatMaps,
	"cells":     gallery.cells,
	"curves":    gallery.curves,
}

const filmKind = "film"

// draw draws a figure that is not a film.
func (g gallery) draw(f experiments.Figure) (figure.Picture, error) {
	draw, ok := drawers[f.Kind]
	if !ok {
		return nil, fmt.Errorf("figures of kind %q cannot be drawn", f.Kind)
	}
	return draw(g, f)
}

// walk returns the exhibit of a walk.
func (g gallery) walk(c experiments.Combination) exhibit {
	return g.walks[slices.IndexFunc(g.walks, func(e exhibit) bool { return e.name == c.Name })]
}

// shown returns the walks that a figure names.
func (g gallery) shown(f experiments.Figure) []exhibit {
	var shown []exhibit
	for _, c := range g.experiment.Drawn(f) {
		shown = append(shown, g.walk(c))
	}
	return shown
}

// schedules plots the noise level against the step.
func (g gallery) schedules(f experiments.Figure) (figure.Picture, error) {
	c := figure.Curves{XLabel: "share of the steps, k/K", YLabel: "noise level σ", LogY: f.LogY}
	for _, w := range g.shown(f) {
		s := figure.Series{Name: w.name, Y: w.sigma}
		for k := range s.Y {
			s.X = append(s.X, float64(k)/float64(len(s.Y)))
		}
		c.Series = append(c.Series, s)
	}
	return c, nil
}

// samples shows the first samples of walks side by side, right of the plot of their schedules if that is asked for.
func (g gallery) samples(f experiments.Figure) (figure.Picture, error) {
	var all figure.SideBySide
	if f.Schedules {
		plot, err := g.schedules(f)
		if err != nil {
			return nil, err
		}
		all.Parts = append(all.Parts, plot)
	}
	for n, w := range g.shown(f) {
		part := figure.Samples{Images: w.first(f.Count), Label: w.name}
		if f.Schedules {
			part.Color = figure.Color(n)
		}
		all.Parts = append(all.Parts, part)
	}
	return all, nil
}

// first returns at most n samples.
func (e exhibit) first(n int) figure.Images {
	images := e.samples
	images.N = min(n, images.N)
	images.Pixels = images.Pixels[:images.N*images.Channels*images.Height*images.Width]
	return images
}

// posterior shows, for some images of each walk, the measurement, the samples, their mean and standard deviation, and
// the truth, each with its PSNR on it.
func (g gallery) posterior(f experiments.Figure) (figure.Picture, error) {
	var p figure.Panels
	for _, w := range g.shown(f) {
		each := len(w.posteriors[0].Samples) / len(w.posteriors[0].Truth)
		if p.Columns == nil {
			p.Columns = []string{"measurement"}
			for k := range each {
				p.Columns = append(p.Columns, fmt.Sprintf("sample %d", k+1))
			}
			p.Columns = append(p.Columns, "mean", "std. deviation", "ground truth")
		}
		if len(p.Columns) != each+4 {
			return nil, fmt.Errorf("walk %s has %d samples of a posterior, and others of the figure %d: they must agree",
				w.name, each, len(p.Columns)-4)
		}
		for _, q := range w.posteriors[:min(f.Images, len(w.posteriors))] {
			p.Rows = append(p.Rows, panelRow(q, w.name))
		}
	}
	return p, nil
}

// heatMaps shows each score over two axes.
func (g gallery) heatMaps(f experiments.Figure) (figure.Picture, error) {
	x, y, cells := g.experiment.Grid(f)
	var all []figure.Picture
	for _, key := range g.scoresOf(f) {
		h := figure.HeatMap{XLabel: symbol(f.X), YLabel: symbol(f.Y), XTicks: x.Labels, YTicks: y.Labels}
		for _, row := range cells {
			values := make([]float64, len(row))
			for i, w := range row {
				values[i] = math.NaN()
				if s, ok := g.walk(w).score(key); ok {
					h.Title, h.Best, values[i] = s.Name, s.Best, s.Value
				}
			}
			h.Values = append(h.Values, values)
		}
		all = append(all, h)
	}
	columns := 3
	if len(all)%3 == 1 {
		columns = 2
	}
	return figure.InRows(all, columns), nil
}

// cells shows samples over two axes.
func (g gallery) cells(f experiments.Figure) (figure.Picture, error) {
	x, y, cells := g.experiment.Grid(f)
	grid := figure.CellGrid{XLabel: symbol(f.X), YLabel: symbol(f.Y), XTicks: x.Labels, YTicks: y.Labels}
	for _, row := range cells {
		images := make([]figure.Images, len(row))
		for i, w := range row {
			images[i] = g.walk(w).first(f.Count)
		}
		grid.Cells = append(grid.Cells, images)
	}
	return grid, nil
}

// curves plots each score against the number of network calls, or against an axis.
func (g gallery) curves(f experiments.Figure) (figure.Picture, error) {
	var all []figure.Picture
	for _, key := range g.scoresOf(f) {
		c := figure.Curves{XLabel: symbol(f.X), LogX: f.LogX, LogY: f.LogY}
		for _, curve := range g.experiment.Curves(f) {
			series := figure.Series{Name: curve.Label, Marked: true}
			for i, w := range curve.Points {
				s, ok := g.walk(w).score(key)
				if !ok || f.LogY && s.Value <= 0 {
					continue
				}
				c.YLabel = s.Name
				x := float64(g.walk(w).calls)
				if curve.X != nil {
					x = curve.X[i]
				}
				series.X, series.Y = append(series.X, x), append(series.Y, s.Value)
			}
			if len(series.X) > 0 {
				c.Series = append(c.Series, series)
			}
		}
		for _, s := range g.floors {
			if s.Key == key && (!f.LogY || s.Value > 0) {
				c.Levels = append(c.Levels, figure.Level{Name: fmt.Sprintf("%d real images", s.N), Y: s.Value})
			}
		}
		if len(c.Series) > 0 {
			all = append(all, c)
		}
	}
	return figure.InRows(all, 2), nil
}

// scoresOf returns the keys of the scores that a figure shows: those it names, or all, in the order in which they come.
func (g gallery) scoresOf(f experiments.Figure) []string {
	if len(f.Metrics) > 0 {
		return f.Metrics
	}
	var keys []string
	for _, w := range g.walks {
		for _, s := range w.scores {
			if !slices.Contains(keys, s.Key) {
				keys = append(keys, s.Key)
			}
		}
	}
	return keys
}

// score returns the score of a key.
func (e exhibit) score(key string) (result.Score, bool) {
	i := slices.IndexFunc(e.scores, func(s result.Score) bool { return s.Key == key })
	if i < 0 {
		return result.Score{}, false
	}
	return e.scores[i], true
}

// symbols are what the paper calls the settings.
var symbols = map[string]string{
	"step.epsilon":      "step size ε",
	"temperature.from":  "initial temperature T₀",
	"temperature.value": "temperature T",
	"schedule.steps":    "steps K",
	"calls":             "network calls",
}

func symbol(key string) string {
	if s, ok := symbols[key]; ok {
		return s
	}
	return key
}
