package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/calibration"
	"tweedie/sample/result"
)

// A tally is what a method does on all problems that every method solves.
type tally struct {
	method           string
	passed, problems int
	gap, width       float64 // medians: of the gap of the mean, and of the factor by which the variance is off
	sliced, modes    float64 // medians, above their floors
}

// tallies returns those of all methods, and of exact samples. Problems with jumps do not count: DPS has no samples of
// them.
func tallies(rows []row) (all []tally) {
	for _, name := range append([]string{exactName}, methodNames()...) {
		t := tally{method: name}
		var gaps, widths, sliced, modes []float64
		for _, r := range rows {
			if r.Method != name || r.Prior == "jumps" {
				continue
			}
			t.problems++
			if r.Err == "" && len(r.Failed) == 0 {
				t.passed++
			}
			m := r.Measures
			if r.Err != "" {
				nan := calibration.Estimate{Value: math.NaN()}
				m.MeanGap, m.Variance, m.SlicedExcess, m.ModesExcess = nan, nan, nan, nan
			}
			gaps, sliced = append(gaps, m.MeanGap.Value), append(sliced, m.SlicedExcess.Value)
			widths = append(widths, math.Exp(math.Abs(math.Log(m.Variance.Value))))
			if !strings.HasPrefix(r.Prior, "gaussian") { // it has one mode
				modes = append(modes, m.ModesExcess.Value)
			}
		}
		if t.problems > 0 && len(modes) > 0 {
			t.gap, t.width, t.sliced, t.modes = median(gaps), median(widths), median(sliced), median(modes)
			all = append(all, t)
		}
	}
	return all
}

func methodNames() (all []string) {
	for _, m := range methods {
		all = append(all, m.name)
	}
	return all
}

// median returns the middle value. NaN, of a walk that diverged, counts as infinite.
func median(values []float64) float64 {
	sorted := slices.Clone(values)
	for i, v := range sorted {
		if math.IsNaN(v) {
			sorted[i] = math.Inf(1)
		}
	}
	slices.Sort(sorted)
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// tallyTable shows tallies.
func tallyTable(rows []row) result.Table {
	t := result.Table{Title: "All problems but the signals with jumps",
		Caption: "Medians over the problems. The factor of the variance is the ratio to the posterior's or its " +
			"inverse, whichever is above 1.",
		Columns: []string{"method", "pass all tests", "gap of the mean", "factor of the variance",
			"sliced distance above floor", "mode weights above floor"}}
	for _, a := range tallies(rows) {
		t.Rows = append(t.Rows, []string{a.method, fmt.Sprintf("%d of %d", a.passed, a.problems),
			fmt.Sprintf("%.3f", a.gap), fmt.Sprintf("%.2f", a.width), fmt.Sprintf("%.3f", a.sliced),
			fmt.Sprintf("%.3f", a.modes)})
	}
	return t
}

// numbersTable shows measures of rows with their standard errors.
func numbersTable(title string, rows []row) result.Table {
	t := result.Table{Title: title, Columns: []string{"method", "K"}}
	for _, m := range measures {
		t.Columns = append(t.Columns, m.name)
	}
	t.Columns = append(t.Columns, "TARP's p", "fails")
	for _, r := range rows {
		name := r.Method
		if r.Denoiser != "" && r.Denoiser != "exact" {
			name += ", " + r.Denoiser
		}
		cells := []string{name, fmt.Sprint(r.Steps)}
		for _, m := range measures {
			e := m.of(r.Measures)
			if r.Err != "" || math.IsNaN(e.Value) {
				cells = append(cells, "–")
				continue
			}
			cells = append(cells, fmt.Sprintf("%.3f ± %.3f", e.Value, e.Error))
		}
		failed := strings.Join(r.Failed, ", ")
		if r.Err != "" {
			failed = "diverges"
		}
		t.Rows = append(t.Rows, append(cells, fmt.Sprintf("%.2g", r.Measures.TARP.P), failed))
	}
	return t
}
