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
type finding struct {
	claim, text string
	holds       bool
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
			verdict := report.Disagrees
			if f.holds {
				verdict = report.Agrees
			}
			page.Findings = append(page.Findings, report.Finding{Claim: f.claim, Text: f.text, Verdict: verdict,
				Experiment: s.Name})
			fmt.Fprintf(b.stderr, "%s: %s %s\n", verdict, f.claim, f.text)
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
func verdicts(rows []row) (all []finding) {
	f := finding{holds: true,
		claim: "The conditional walk, with the settings of figure 3 (T₀ = 0, 750 steps), samples the posterior."}
	var texts []string
	for _, r := range rows {
		if strings.Contains(r.Method, "figure 3") {
			f.holds = f.holds && r.Err == "" && len(r.Failed) == 0
			texts = append(texts, describe(r.problem)+": "+summary(r)+failures(r))
		}
	}
	f.text = strings.Join(texts, ". ") + "."
	all = append(all, f)

	best, least, steps := "", math.Inf(1), 0
	texts = nil
	for _, t := range tallies(rows) {
		texts = append(texts, fmt.Sprintf("%s %.3f", t.method, t.sliced))
		if t.method != exactName && t.method != longer && t.sliced < least {
			best, least = t.method, t.sliced
		}
	}
	for _, r := range rows {
		if r.Method == mixing {
			steps = r.Steps
		}
	}
	return append(all, finding{claim: fmt.Sprintf("At equal cost (%d calls), the walk without an approximation of the "+
		"likelihood is nearer to the posterior than methods that approximate it.", steps),
		text:  "Median sliced distance above its floor: " + strings.Join(texts, ", ") + ".",
		holds: best == mixing || best == figure3})
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
	var texts []string
	holds := false
	for _, r := range rows {
		if strings.HasSuffix(r.Method, "T₀ = 1") {
			texts = append(texts, fmt.Sprintf("K = %d: variance ratio %.3f ± %.3f, mode weights off by %.3f ± %.3f%s",
				r.Steps, r.Measures.Variance.Value, r.Measures.Variance.Error, r.Measures.ModesExcess.Value,
				r.Measures.ModesExcess.Error, failures(r)))
			holds = r.Err == "" && len(r.Failed) == 0
		}
	}
	return []finding{{claim: "With T = 1 throughout and ever more steps, the walk samples the posterior.",
		text: "Mixture, geometric levels: " + strings.Join(texts, "; ") + ".", holds: holds}}
}

// sources says where the error of a walk with a trained denoiser comes from.
func sources(rows []row) []finding {
	var texts []string
	half := len(rows) / 2
	holds := true
	for i, exact := range rows[:half] {
		network := rows[half+i]
		texts = append(texts, fmt.Sprintf("K = %d: sliced distance above its floor %.3f ± %.3f exact, %.3f ± %.3f "+
			"network", exact.Steps, exact.Measures.SlicedExcess.Value, exact.Measures.SlicedExcess.Error,
			network.Measures.SlicedExcess.Value, network.Measures.SlicedExcess.Error))
		holds = network.Measures.SlicedExcess.Value < 2*max(exact.Measures.SlicedExcess.Value,
			2*exact.Measures.SlicedExcess.Error)
	}
	return []finding{{claim: "At the longest walk, the trained denoiser adds less than the steps do.",
		text: strings.Join(texts, "; ") + ".", holds: holds}}
}
