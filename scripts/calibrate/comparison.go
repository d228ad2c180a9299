package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/data/durable"
	"tweedie/sample/calibration"
	"tweedie/sample/figure"
	"tweedie/sample/result"
)

// tarpProblem is the problem whose curves of coverage are shown.
var tarpProblem = problem{"mixture-16", "super-resolution", 0.2}

// comparison compares the methods on all problems.
func comparison(b *bench) (section, error) {
	s := newSection("comparison", "The paper's walk beside other methods: samples against exact posteriors")
	var rows []row
	for _, p := range b.plan.problems {
		slow := p.prior().slow
		one := row{problem: p, Method: exactName, Pairs: b.plan.pairs, Samples: b.plan.samples}
		if slow {
			one.Pairs, one.Samples = one.Pairs/2, one.Samples/2
		}
		r, err := b.measure(one, nil, nil)
		if err != nil {
			return s, err
		}
		rows = append(rows, r)
		for _, m := range methods {
			if m.name == dps && p.Prior == "jumps" || m.name == longer && slow {
				continue // the denoiser of jumps has no derivative in closed form
			}
			one.Method, one.Denoiser, one.Steps = m.name, "exact", m.steps*b.plan.steps
			r, err := b.measure(one, m.make, nil)
			if err != nil {
				return s, err
			}
			rows = append(rows, r)
		}
	}
	// The settings of figure 3, with its eta = 0.2 for values in [-1, 1].
	for _, setting := range []struct {
		operator string
		epsilon  float64
	}{{"super-resolution", 0.15651}, {"inpainting", 0.77683}} {
		one := row{problem: problem{"mixture-16", setting.operator, 0.4}, Denoiser: "exact", Steps: 750,
			Method: fmt.Sprintf("paper, figure 3, ε = %.3f", setting.epsilon)}
		r, err := b.measure(one, func(K int) calibration.Method {
			return calibration.Paper(sigmoid(K, 0), setting.epsilon, 0)
		}, nil)
		if err != nil {
			return s, err
		}
		rows = append(rows, r)
	}
	if err := b.heatMaps(s, rows); err != nil {
		return s, err
	}
	if err := b.coverage(s, rows); err != nil {
		return s, err
	}
	s.findings = verdicts(rows)
	s.Tables = append(s.Tables, tallyTable(rows))
	for _, p := range []problem{tarpProblem, {"mixture-16", "inpainting", 0.2}} {
		var same []row
		for _, r := range rows {
			if r.problem == p {
				same = append(same, r)
			}
		}
		s.Tables = append(s.Tables, numbersTable(describe(p), same))
	}
	return s, b.table(s, rows)
}

// A measure is a number of a row with its right value.
type measure struct {
	key, name string
	of        func(calibration.Measures) calibration.Estimate
	off       func(v float64) float64 // how far a value is from the right one
}

// chance is the distance from the right number below which a row's numbers of pairs and samples tell no difference.
const chance = 0.02

// fromOne is how far a ratio is from 1: half is as far as twice.
func fromOne(v float64) float64 { return max(math.Abs(math.Log(v)), chance) }

// from returns how far a number is from the right one.
func from(right float64) func(v float64) float64 {
	return func(v float64) float64 { return max(math.Abs(v-right), chance) }
}

var measures = []measure{
	{"mean-gap", "gap of the mean (0 is right)",
		func(m calibration.Measures) calibration.Estimate { return m.MeanGap }, from(0)},
	{"variance", "variance ratio (1)",
		func(m calibration.Measures) calibration.Estimate { return m.Variance }, fromOne},
	{"variance-seen", "where A sees (1)",
		func(m calibration.Measures) calibration.Estimate { return m.VarianceSeen }, fromOne},
	{"variance-unseen", "where A is blind (1)",
		func(m calibration.Measures) calibration.Estimate { return m.VarianceUnseen }, fromOne},
	{"coverage-50", "coverage at 0.5",
		func(m calibration.Measures) calibration.Estimate { return coverageAt(m, 0) }, from(0.5)},
	{"coverage-90", "at 0.9",
		func(m calibration.Measures) calibration.Estimate { return coverageAt(m, 1) }, from(0.9)},
	{"coverage-99", "at 0.99",
		func(m calibration.Measures) calibration.Estimate { return coverageAt(m, 2) }, from(0.99)},
	{"sliced", "sliced distance above its floor (0)",
		func(m calibration.Measures) calibration.Estimate { return m.SlicedExcess }, from(0)},
	{"modes", "mode weights above their floor (0)",
		func(m calibration.Measures) calibration.Estimate { return m.ModesExcess }, from(0)},
}

func coverageAt(m calibration.Measures, i int) calibration.Estimate {
	if i >= len(m.Coverage) {
		return calibration.Estimate{Value: math.NaN(), Error: math.NaN()}
	}
	return m.Coverage[i]
}

// names returns the methods of rows, in the order in which they first appear.
func names(rows []row) (all []string) {
	for _, r := range rows {
		if !slices.Contains(all, r.Method) {
			all = append(all, r.Method)
		}
	}
	return all
}

// find returns the row of a problem and a method.
func find(rows []row, p problem, method string) (row, bool) {
	i := slices.IndexFunc(rows, func(r row) bool { return r.problem == p && r.Method == method })
	if i < 0 || rows[i].Err != "" {
		return row{}, false
	}
	return rows[i], true
}

// heatMaps shows measures of all methods, by problem.
func (b *bench) heatMaps(s section, rows []row) error {
	var shown []string
	for _, name := range names(rows) {
		if !strings.Contains(name, "figure 3") {
			shown = append(shown, name)
		}
	}
	for _, prior := range []string{"mixture-16", ""} {
		var problems []problem
		var ticks []string
		for _, p := range slices.Backward(b.plan.problems) { // the first row of a map is at the bottom
			switch {
			case prior != "" && p.Prior == prior:
				ticks = append(ticks, fmt.Sprintf("%s %g", short(p.Operator), p.Eta))
			case prior == "" && p.Prior != "mixture-16":
				ticks = append(ticks, fmt.Sprintf("%s, %s %g", p.Prior, short(p.Operator), p.Eta))
			default:
				continue
			}
			problems = append(problems, p)
		}
		var parts []figure.Picture
		for _, m := range measures {
			if m.key != "mean-gap" && m.key != "variance" && m.key != "sliced" && m.key != "modes" {
				continue
			}
			h := figure.HeatMap{Title: m.name, XTicks: shown, YTicks: ticks, Off: m.off}
			h.Format = func(v float64) string {
				return strings.Replace(fmt.Sprintf("%.2f", math.Round(100*v)/100+0), "-", "−", 1) // +0 is not −0
			}
			finite := false
			for _, p := range problems {
				var cells []float64
				for _, name := range shown {
					v := math.NaN()
					if r, ok := find(rows, p, name); ok {
						v = m.of(r.Measures).Value
					}
					finite = finite || !math.IsNaN(v)
					cells = append(cells, v)
				}
				h.Values = append(h.Values, cells)
			}
			if finite {
				parts = append(parts, h)
			}
		}
		name := "mixture"
		if prior == "" {
			name = "others"
		}
		if err := b.draw(s, name, figure.InRows(parts, 1), "{steps}", fmt.Sprint(b.plan.steps),
			"{longer}", fmt.Sprint(4*b.plan.steps), "{pairs}", fmt.Sprint(b.plan.pairs),
			"{samples}", fmt.Sprint(b.plan.samples)); err != nil {
			return err
		}
	}
	return nil
}

// short shortens an operator's name.
func short(operator string) string {
	return strings.NewReplacer("super-resolution", "SR", "compressed sensing", "CS").Replace(operator)
}

// diagonal is the curve of exact samples.
var diagonal = figure.Series{Name: "right", X: []float64{0, 1}, Y: []float64{0, 1}}

// curve returns the expected coverage of ranks at 21 levels.
func curve(name string, r calibration.Ranks) figure.Series {
	c := figure.Series{Name: name}
	for i := range 21 {
		alpha := float64(i) / 20
		c.X, c.Y = append(c.X, alpha), append(c.Y, r.Expected(alpha))
	}
	return c
}

// coverage shows the curves of all methods for one problem.
func (b *bench) coverage(s section, rows []row) error {
	tarp := figure.Curves{Title: "TARP", XLabel: "share of samples in the region α", YLabel: "truths in it"}
	density := tarp
	density.Title = "highest density"
	for _, name := range names(rows) {
		if r, ok := find(rows, tarpProblem, name); ok {
			tarp.Series = append(tarp.Series, curve(name, r.Measures.TARP))
			density.Series = append(density.Series, curve(name, r.Measures.Density))
		}
	}
	return b.draw(s, "coverage", figure.SideBySide{Parts: []figure.Picture{tarp, density}},
		"{problem}", describe(tarpProblem))
}

// table adds a line for each row to the report's table, with its curves of coverage.
func (b *bench) table(s section, rows []row) error {
	for i, r := range rows {
		w := result.Walk{Base: r.Method, Samples: r.Pairs * r.Samples, Calls: r.Steps, Seconds: r.Seconds,
			Name: fmt.Sprintf("%s, %s %g, %s", r.Prior, short(r.Operator), r.Eta, r.Method),
			Settings: []result.Setting{{Key: "prior", Value: r.Prior}, {Key: "operator", Value: r.Operator},
				{Key: "η / std", Value: fmt.Sprint(r.Eta)}, {Key: "method", Value: r.Method},
				{Key: "denoiser", Value: r.Denoiser}, {Key: "K", Value: fmt.Sprint(r.Steps)}},
			Checkpoint: fmt.Sprintf("%d measurements, %d samples each", r.Pairs, r.Samples), TOML: text(r)}
		for _, m := range measures {
			if e := m.of(r.Measures); r.Err == "" && !math.IsNaN(e.Value) {
				w.Scores = append(w.Scores, result.Score{Key: m.key, Name: m.name, Value: e.Value, N: w.Samples})
			}
		}
		if r.Err == "" {
			w.Scores = append(w.Scores,
				result.Score{Key: "tarp", Name: "TARP's p", Value: r.Measures.TARP.P, N: r.Pairs},
				result.Score{Key: "failed", Name: "tests failed", Value: float64(len(r.Failed)), N: r.Pairs})
		}
		c := figure.Curves{Title: r.Method, XLabel: "α", YLabel: "truths in the region",
			Series: []figure.Series{diagonal}}
		if r.Err == "" {
			c.Series = append(c.Series, curve("TARP", r.Measures.TARP), curve("density", r.Measures.Density))
		}
		picture, err := figure.SVG(c)
		if err != nil {
			return err
		}
		w.Picture = fmt.Sprintf("rows/%d.svg", i)
		err = durable.Write(filepath.Join(b.folder, s.Name, filepath.FromSlash(w.Picture)),
			func(file io.Writer) error { _, err := file.Write(picture); return err })
		if err != nil {
			return err
		}
		s.Walks = append(s.Walks, w)
	}
	return nil
}

// text writes all numbers of a row with their standard errors.
func text(r row) string {
	if r.Err != "" {
		return r.Err + "\n"
	}
	var t strings.Builder
	for _, m := range measures {
		if e := m.of(r.Measures); !math.IsNaN(e.Value) {
			fmt.Fprintf(&t, "%-40s %8.4f ± %.4f\n", m.name, e.Value, e.Error)
		}
	}
	fmt.Fprintf(&t, "%-40s %8.4f\n%-40s %8.4f\n", "TARP's test, p", r.Measures.TARP.P, "density regions' test, p",
		r.Measures.Density.P)
	if len(r.Failed) == 0 {
		t.WriteString("no test fails\n")
	} else {
		fmt.Fprintf(&t, "fails: %s\n", strings.Join(r.Failed, ", "))
	}
	return t.String()
}
