package main

import (
	"fmt"

	"tweedie/sample/figure"
)

// modes sweeps steps and temperature on a mixture, where modes must be chosen.
func modes(b *bench) (section, error) {
	s := newSection("modes", "Settings of the paper's walk: samples of a mixture")
	p := tarpProblem
	weights := figure.Curves{XLabel: "number of steps K", YLabel: "error of the mode weights", LogX: true}
	apart := figure.Curves{XLabel: "number of steps K", YLabel: "sliced distance", LogX: true}
	width := figure.Curves{XLabel: "number of steps K", YLabel: "variance ratio", LogX: true,
		Levels: []figure.Level{{Y: 1}}}
	var rows []row
	for _, from := range []float64{0, 0.5, 1} {
		name := fmt.Sprintf("T₀ = %g", from)
		w, d, v := figure.Series{Name: name, Marked: true}, figure.Series{Name: name, Marked: true},
			figure.Series{Name: name, Marked: true}
		for _, K := range b.plan.modeSteps {
			r, err := b.measure(row{problem: p, Method: fmt.Sprintf("paper, geometric, ε = 0.7, T₀ = %g", from),
				Denoiser: "exact", Steps: K},
				tempered(from), nil)
			if err != nil {
				return s, err
			}
			rows = append(rows, r)
			m := r.Measures
			w.X, w.Y = append(w.X, float64(K)), append(w.Y, m.ModesExcess.Value)
			d.X, d.Y = append(d.X, float64(K)), append(d.Y, m.SlicedExcess.Value)
			v.X, v.Y = append(v.X, float64(K)), append(v.Y, m.Variance.Value)
		}
		weights.Series, apart.Series = append(weights.Series, w), append(apart.Series, d)
		width.Series = append(width.Series, v)
	}
	last := rows[len(rows)-1].Measures
	noise := figure.Level{Name: "two standard errors", Y: 2 * last.ModesExcess.Error}
	weights.Levels = append(weights.Levels, noise)
	apart.Levels = append(apart.Levels, figure.Level{Name: noise.Name, Y: 2 * last.SlicedExcess.Error})
	s.findings = limit(rows)
	s.Tables = append(s.Tables, numbersTable(describe(p), rows))
	parts := []figure.Picture{weights, apart, width}
	if err := b.draw(s, "modes", figure.SideBySide{Parts: parts}, "{problem}", describe(p)); err != nil {
		return s, err
	}
	return s, b.table(s, rows)
}
