package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"tweedie/experiments"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// A drawer makes a picture of the walks.
type drawer func(r *results, f experiments.Figure) (figure.Picture, error)

// drawers are by the kinds of figures; a film is none of them.
var drawers = map[string]drawer{
	"schedules": (*results).schedules,
	"samples":   (*results).samples,
	"posterior": (*results).posterior,
	"heat-map":  (*results).heatMaps,
	"cells":     (*results).cells,
	"curves":    (*results).curves,
}

// figure draws a figure of the experiment and stores it.
func (r *results) figure(f experiments.Figure) (err error) {
	path := filepath.Join(r.figures, f.Name)
	var files []string
	if f.Kind == "film" {
		files, err = r.films(f, path)
	} else {
		var p figure.Picture
		if p, err = drawers[f.Kind](r, f); err == nil {
			files, err = figure.Write(path, p)
		}
	}
	if err != nil {
		return err
	}
	made := result.Figure{Name: f.Name, Title: f.Title, Caption: f.Caption}
	for _, file := range files {
		fmt.Fprintln(r.stdout, "wrote", file)
		made.Files = append(made.Files, filepath.Base(file))
	}
	r.made.Figures = append(r.made.Figures, made)
	return nil
}

// place is where a walk stands among all.
func (r *results) place(c experiments.Combination) int {
	return slices.IndexFunc(r.jobs, func(j job) bool { return j.Name == c.Name })
}

// schedules plots the noise level against the step.
func (r *results) schedules(f experiments.Figure) (figure.Picture, error) {
	c := figure.Curves{XLabel: "share of the steps, k/K", YLabel: "noise level σ", LogY: f.LogY}
	for _, w := range r.experiment.Drawn(f) {
		s := figure.Series{Name: w.Name, Y: r.jobs[r.place(w)].walk.Sigma}
		for k := range s.Y {
			s.X = append(s.X, float64(k)/float64(len(s.Y)))
		}
		c.Series = append(c.Series, s)
	}
	return c, nil
}

// samples shows the first samples of walks side by side, right of the plot of their schedules if that is asked for.
func (r *results) samples(f experiments.Figure) (figure.Picture, error) {
	var all figure.SideBySide
	if f.Schedules {
		plot, err := r.schedules(f)
		if err != nil {
			return nil, err
		}
		all.Parts = append(all.Parts, plot)
	}
	for n, w := range r.experiment.Drawn(f) {
		part := figure.Samples{Images: r.first(r.place(w), f.Count), Label: w.Name}
		if f.Schedules {
			part.Color = figure.Color(n)
		}
		all.Parts = append(all.Parts, part)
	}
	return all, nil
}

// first are at most n samples of walk i.
func (r *results) first(i, n int) figure.Images {
	j := r.jobs[i]
	return j.denoiser.images(r.drawings[i].samples[:min(n, j.count())*j.denoiser.pixels()])
}

// posterior shows, for some images of each walk, the measurement, the samples, their mean and standard deviation, and the truth, each
// with its PSNR on it.
func (r *results) posterior(f experiments.Figure) (figure.Picture, error) {
	var p figure.Panels
	for _, w := range r.experiment.Drawn(f) {
		i := r.place(w)
		j, m := r.jobs[i], r.jobs[i].measured
		if p.Columns == nil {
			p.Columns = []string{"measurement"}
			for k := range m.samples {
				p.Columns = append(p.Columns, fmt.Sprintf("sample %d", k+1))
			}
			p.Columns = append(p.Columns, "mean", "std. deviation", "ground truth")
		}
		if len(p.Columns) != m.samples+4 {
			return nil, fmt.Errorf("walk %s has %d samples of a posterior, and others of the figure %d: they must agree", j.Name, m.samples, len(p.Columns)-4)
		}
		for n := range min(f.Images, m.n) {
			row := figure.PanelRow{Label: j.Name}
			show := func(x []float32, overlay string) {
				row.Images = append(row.Images, j.denoiser.images(x))
				row.Overlays = append(row.Overlays, overlay)
			}
			truth, x, pixels := m.truth(n), m.posterior(r.drawings[i].samples, n), j.denoiser.pixels()
			judged := func(x []float32) {
				show(x, fmt.Sprintf("%.2f", qualityOf(x, truth, j.denoiser.shape()).psnr))
			}
			judged(inverse.Show(m.operator, m.ys[n]))
			for k := range m.samples {
				judged(x[k*pixels:][:pixels])
			}
			mean, spread, most := moments(x, j.denoiser.shape())
			judged(mean)
			show(spread, fmt.Sprintf("≤ %.2g", most))
			show(truth, "PSNR, dB")
			p.Rows = append(p.Rows, row)
		}
	}
	return p, nil
}

// heatMaps shows each score over two axes.
func (r *results) heatMaps(f experiments.Figure) (figure.Picture, error) {
	x, y, cells := r.experiment.Grid(f)
	var all []figure.Picture
	for _, key := range r.scored(f.Metrics) {
		h := figure.HeatMap{XLabel: symbol(f.X), YLabel: symbol(f.Y), XTicks: x.Labels, YTicks: y.Labels}
		for _, row := range cells {
			values := make([]float64, len(row))
			for i, w := range row {
				values[i] = math.NaN()
				if s, ok := r.score(w, key); ok {
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
func (r *results) cells(f experiments.Figure) (figure.Picture, error) {
	x, y, cells := r.experiment.Grid(f)
	g := figure.CellGrid{XLabel: symbol(f.X), YLabel: symbol(f.Y), XTicks: x.Labels, YTicks: y.Labels}
	for _, row := range cells {
		images := make([]figure.Images, len(row))
		for i, w := range row {
			images[i] = r.first(r.place(w), f.Count)
		}
		g.Cells = append(g.Cells, images)
	}
	return g, nil
}

// curves plots each score against the number of network calls, or against an axis.
func (r *results) curves(f experiments.Figure) (figure.Picture, error) {
	var all []figure.Picture
	for _, key := range r.scored(f.Metrics) {
		c := figure.Curves{XLabel: symbol(f.X), LogX: f.LogX, LogY: f.LogY}
		for _, curve := range r.experiment.Curves(f) {
			series := figure.Series{Name: curve.Label, Marked: true}
			for i, w := range curve.Points {
				s, ok := r.score(w, key)
				if !ok || f.LogY && s.Value <= 0 {
					continue
				}
				c.YLabel = s.Name
				x := float64(r.made.Walks[r.place(w)].Calls)
				if curve.X != nil {
					x = curve.X[i]
				}
				series.X, series.Y = append(series.X, x), append(series.Y, s.Value)
			}
			if len(series.X) > 0 {
				c.Series = append(c.Series, series)
			}
		}
		for _, s := range r.made.Floors {
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

// scored are the keys of the scores that a figure shows: those it names, or all.
func (r *results) scored(named []string) []string {
	if len(named) > 0 {
		return named
	}
	_, all := r.columns()
	return all
}

func (r *results) score(w experiments.Combination, key string) (result.Score, bool) {
	scores := r.made.Walks[r.place(w)].Scores
	i := slices.IndexFunc(scores, func(s result.Score) bool { return s.Key == key })
	if i < 0 {
		return result.Score{}, false
	}
	return scores[i], true
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

// films stores a film of each walk's course.
func (r *results) films(f experiments.Figure, path string) (files []string, err error) {
	for _, w := range r.experiment.Drawn(f) {
		i := r.place(w)
		frames, err := r.drawings[i].course.frames(*r.jobs[i].denoiser)
		if err != nil {
			return nil, err
		}
		file := path + "-" + w.Name + ".gif"
		if err := figure.WriteGIF(file, frames); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
