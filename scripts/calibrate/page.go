package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"tweedie/data/durable"
	"tweedie/sample/calibration"
	"tweedie/sample/report"
	"tweedie/sample/result"
)

// A finding is what a section says about a claim.
type finding struct{ claim, text, verdict string }

// decide returns the verdict on a claim that a number is above 0, given its standard error.
func decide(value, err float64) string {
	switch {
	case value > 2*err:
		return report.Agrees
	case value < -2*err:
		return report.Disagrees
	}
	return report.Undecided
}

// publish writes the report and the table of all rows.
func (b *bench) publish(sections []section) error {
	page := report.Page{Title: "Is the conditional walk a posterior sampler?", Text: introduction}
	for _, s := range sections {
		folder := filepath.Join(b.folder, s.Name)
		if err := result.Save(folder, s.Experiment); err != nil {
			return err
		}
		page.Folders = append(page.Folders, folder)
		for _, f := range s.findings {
			page.Findings = append(page.Findings, report.Finding{Claim: f.claim, Text: f.text, Verdict: f.verdict,
				Experiment: s.Name})
			fmt.Fprintf(b.stderr, "%s: %s\n%s\n\n", f.verdict, f.claim, f.text)
		}
	}
	if err := b.writeRows(filepath.Join(b.folder, "rows.csv")); err != nil {
		return err
	}
	path := filepath.Join(b.folder, "report.html")
	if err := report.Write(path, page); err != nil {
		return err
	}
	calls := 0
	for _, r := range b.rows {
		calls += r.Calls
	}
	fmt.Fprintf(b.stderr, "wrote %s and rows.csv: %d rows, %.0f million denoiser calls\n", path, len(b.rows),
		float64(calls)/1e6)
	return nil
}

// writeRows writes a line for each row, with standard errors.
func (b *bench) writeRows(path string) error {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	header := []string{"prior", "operator", "eta", "method", "denoiser", "steps", "pairs", "samples", "calls"}
	for _, m := range measures {
		header = append(header, m.key, m.key+"-error")
	}
	w.Write(append(header, "tarp-p", "density-p", "failed"))
	for _, r := range b.rows {
		fields := []string{r.Prior, r.Operator, fmt.Sprint(r.Eta), r.Method, r.Denoiser, fmt.Sprint(r.Steps),
			fmt.Sprint(r.Pairs), fmt.Sprint(r.Samples), fmt.Sprint(r.Calls)}
		for _, m := range measures {
			e := m.of(r.Measures)
			if r.Err != "" || math.IsNaN(e.Value) {
				fields = append(fields, "", "")
				continue
			}
			fields = append(fields, fmt.Sprintf("%.5g", e.Value), fmt.Sprintf("%.2g", e.Error))
		}
		failed := strings.Join(r.Failed, "; ")
		if r.Err != "" {
			failed = r.Err
		}
		w.Write(append(fields, fmt.Sprintf("%.3g", r.Measures.TARP.P), fmt.Sprintf("%.3g", r.Measures.Density.P),
			failed))
	}
	w.Flush()
	return durable.Write(path, func(file io.Writer) error { _, err := file.Write(text.Bytes()); return err })
}

// summary writes the numbers of a row in a few words.
func summary(r row) string {
	if r.Err != "" {
		return "diverges"
	}
	number := func(e calibration.Estimate) string { return fmt.Sprintf("%.2f ± %.2f", e.Value, e.Error) }
	m := r.Measures
	return fmt.Sprintf("gap of the mean %s, variance ratio %s, 90%% regions hold %.0f%%", number(m.MeanGap),
		number(m.Variance), 100*coverageAt(m, 1).Value)
}

// verdicts says what the comparison means for the paper's claim.
func verdicts(rows []row) []finding {
	settings := finding{verdict: report.Agrees,
		claim: "The conditional walk, with the settings of figure 3 (T₀ = 0, 750 steps), samples the posterior."}
	var texts []string
	for _, r := range rows {
		if strings.Contains(r.Method, "figure 3") {
			if r.Err != "" || len(r.Failed) > 0 {
				settings.verdict = report.Disagrees
			}
			texts = append(texts, describe(r.problem)+": "+summary(r)+failures(r))
		}
	}
	settings.text = strings.Join(texts, ".\n\n") + "."

	// The sign test over problems, for each method that the walk is compared with.
	steps := 0
	texts = nil
	equal := finding{verdict: report.Agrees}
	for _, other := range []string{langevin, dps, diffPIR} {
		nearer, n := 0, 0
		for _, r := range rows {
			if rival, ok := find(rows, r.problem, other); ok && r.Method == mixing {
				steps = r.Steps
				n++
				if r.Err == "" && r.Measures.SlicedExcess.Value < rival.Measures.SlicedExcess.Value {
					nearer++
				}
			}
		}
		texts = append(texts, fmt.Sprintf("than %s for %d of %d problems", other, nearer, n))
		switch decide(float64(nearer)-float64(n)/2, math.Sqrt(float64(n))/2) {
		case report.Disagrees:
			equal.verdict = report.Disagrees
		case report.Undecided:
			if equal.verdict == report.Agrees {
				equal.verdict = report.Undecided
			}
		}
	}
	equal.claim = fmt.Sprintf("At equal cost (%d calls), the walk without an approximation of the likelihood is "+
		"nearer to the posterior than methods that approximate it.", steps)
	equal.text = "The sliced distance of the walk (geometric, T₀ = 1) is less " + strings.Join(texts, ", ") + "."
	return []finding{settings, equal}
}

// failures names the tests that a row fails.
func failures(r row) string {
	if len(r.Failed) == 0 {
		return ", no test fails"
	}
	return ", fails: " + strings.Join(r.Failed, ", ")
}

// limit says whether the walk becomes exact with more steps at T_0 = 1.
func limit(rows []row) []finding {
	f := finding{claim: "With T = 1 throughout and ever more steps, the walk samples the posterior."}
	lines := []string{"K\tvariance ratio\tmode weights off by\tfails"}
	var errors []float64
	for _, r := range rows {
		if strings.HasSuffix(r.Method, "T₀ = 1") {
			m := r.Measures
			lines = append(lines, fmt.Sprintf("%d\t%.3f ± %.3f\t%.3f ± %.3f\t%s", r.Steps, m.Variance.Value,
				m.Variance.Error, m.ModesExcess.Value, m.ModesExcess.Error, strings.Join(r.Failed, ", ")))
			errors = append(errors, math.Abs(m.Variance.Value-1))
			f.verdict = report.Disagrees
			if r.Err == "" && len(r.Failed) == 0 {
				f.verdict = report.Agrees
			} else if errors[len(errors)-1] < errors[0]/2 {
				f.verdict = report.Undecided // it is still on its way
			}
		}
	}
	f.text = "Samples of a mixture, geometric levels.\n\n" + strings.Join(lines, "\n")
	return []finding{f}
}

// sources says where the error of a walk with a trained denoiser comes from. rows are those of the exact denoiser, then
// those of the network.
func sources(rows []row) []finding {
	f := finding{claim: "At the longest walk, the trained denoiser adds less error than the steps do."}
	lines := []string{"K\tsliced distance above its floor, exact denoiser\twith the network"}
	half := len(rows) / 2
	for i, r := range rows[:half] {
		exact, network := r.Measures.SlicedExcess, rows[half+i].Measures.SlicedExcess
		lines = append(lines, fmt.Sprintf("%d\t%.3f ± %.3f\t%.3f ± %.3f",
			r.Steps, exact.Value, exact.Error, network.Value, network.Error))
		f.verdict = decide(2*exact.Value-network.Value, math.Hypot(2*exact.Error, network.Error))
	}
	f.text = strings.Join(lines, "\n")
	return []finding{f}
}
