package kind

import (
	"fmt"
	"math"

	"tweedie/experiments/strict"
	"tweedie/sample/figure"
)

// grid holds the keys of figures with two axes: "x", "y" and "walk".
type grid struct {
	X, Y string
	tableName
}

func (g *grid) fields() []strict.Field {
	return []strict.Field{
		strict.Required("x", &g.X).Doc("axis to the right: a key of [sweep], or `\"walk\"` for the tables [[walk]]"),
		strict.Required("y", &g.Y).Doc("axis upwards, in the same way"),
		g.tableName.field(),
	}
}

// check complains unless each cell has exactly one walk.
func (g *grid) check(o *Outline, complain func(key, message string)) {
	if !o.checkAxis("x", g.X, complain) || !o.checkAxis("y", g.Y, complain) {
		return
	}
	if g.X == g.Y {
		complain("y", fmt.Sprintf("%q is x too; must be another axis", g.Y))
		return
	}
	g.tableName.check(o, 0, complain, g.X, g.Y)
}

// arrange returns the axes and, for each cell, the number of its walk: cells[j][i] has value j of y and value i of x.
func (g *grid) arrange(o *Outline) (x, y Axis, cells [][]int) {
	x, y = o.axis(g.X), o.axis(g.Y)
	cells = make([][]int, len(y.Labels))
	for j := range cells {
		cells[j] = make([]int, len(x.Labels))
	}
	for _, i := range g.walks(o) {
		cells[o.value(i, y)][o.value(i, x)] = i
	}
	return x, y, cells
}

// cells shows some samples of each walk in a table over two axes.
type cells struct {
	grid
	Count int // samples in a cell
}

func (c *cells) Fields() []strict.Field {
	return append(c.grid.fields(), strict.Optional("count", &c.Count, 4, strict.AtLeast(1)).Doc("samples in a cell"))
}

func (c *cells) Check(o *Outline, complain func(key, message string)) { c.grid.check(o, complain) }

func (c *cells) Draw(r *Results) ([]Part, error) {
	x, y, rows := c.arrange(r.Outline)
	g := figure.CellGrid{XLabel: symbol(c.X), YLabel: symbol(c.Y), XTicks: x.Labels, YTicks: y.Labels}
	for _, row := range rows {
		images := make([]figure.Images, len(row))
		for n, i := range row {
			images[n] = r.Done[i].Samples.First(c.Count)
		}
		g.Cells = append(g.Cells, images)
	}
	alt := fmt.Sprintf("Table of samples%s, %d in each cell, by %s to the right and %s upwards.", r.of(), c.Count,
		span(x), span(y))
	return onePart(g, alt), nil
}

// heatMap shows each score over two axes.
type heatMap struct {
	grid
	metrics
}

func (h *heatMap) Fields() []strict.Field { return append(h.grid.fields(), h.metrics.field()) }

func (h *heatMap) Check(o *Outline, complain func(key, message string)) {
	h.grid.check(o, complain)
	h.metrics.check(o, h.walks(o), complain)
}

func (h *heatMap) Draw(r *Results) ([]Part, error) {
	x, y, rows := h.arrange(r.Outline)
	var maps []figure.Picture
	alt := fmt.Sprintf("Heat maps over %s to the right and %s upwards.", span(x), span(y))
	keys, err := h.keys(r, h.walks(r.Outline))
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		m := figure.HeatMap{XLabel: symbol(h.X), YLabel: symbol(h.Y), XTicks: x.Labels, YTicks: y.Labels}
		for _, row := range rows {
			values := make([]float64, len(row))
			for n, i := range row {
				values[n] = math.NaN()
				if s, ok := r.Done[i].score(key); ok {
					m.Title, m.Best, values[n] = s.Name, s.Best, s.Value
				}
			}
			m.Values = append(m.Values, values)
		}
		maps = append(maps, m)
		alt += " " + extremes(m, x, y)
	}
	columns := 3
	if len(maps)%3 == 1 {
		columns = 2
	}
	return onePart(figure.InRows(maps, columns), alt), nil
}
