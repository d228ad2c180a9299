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

// introduction is the text of the page.
const introduction = `The paper samples images x that explain a measurement y = A x + e by a walk that follows the score of ` +
	`the noisy prior and the gradient of the likelihood at the noisy image itself (section 5), with τ = min(ε σ², η²). It ` +
	`calls this sampling “without any likelihood approximation”. Is it a sampler of the posterior p(x | y)? Here the prior ` +
	`is one whose MMSE denoiser and whose posterior are known exactly, so that samples of the walk can be compared with ` +
	`exact samples.

In theory: at a level σ, small steps at T = 1 sample the density proportional to f_{X_σ}(x) p(y | x), in which a noisy ` +
	`image takes the place of a clean one in the likelihood. That is not the law of x given y at any level above 0, but it ` +
	`tends to the posterior as σ → 0. So the walk is exact in a limit: temperature 1, σ_min far below η and below the ` +
	`narrowest direction of the posterior, and enough steps at every level to forget the level before. Along a direction ` +
	`whose posterior variance is λ, a step of ε σ² forgets the share ε σ²/λ. With n steps for a factor e of σ the walk ` +
	`therefore stops to follow at σ² ≈ 2λ/(ε n), with a relative error of the variance of about 2/(ε n): the error falls ` +
	`as 1/K and no faster. Three things add to it. While the cap binds, steps of η² must still forget the start, which ` +
	`takes λ/η² steps where A sees nothing. A T₀ below 1 leaves each direction with the temperature of the moment at which ` +
	`it stopped to follow. And the last step adds no noise, which takes 2 ε σ_min²/η² of the variance that A sees.

How to read the numbers. Gap of the mean: the squared distance of the mean of infinitely many samples from E[X | y], ` +
	`over the posterior's variance. Variance ratio: total variance of the samples over the posterior's. Sliced distance: ` +
	`2-Wasserstein along random directions, in standard deviations of the posterior. Mode weights: total variation. The ` +
	`last two are given above their floors, the values of as many exact samples. Tests are at a level of 0.01 for all ` +
	`together; with as many pairs and samples, exact samples pass, and samples that are a tenth too narrow or too wide fail.`

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
		w.Write(append(fields, fmt.Sprintf("%.3g", r.Measures.TARP.P), fmt.Sprintf("%.3g", r.Measures.Density.P), failed))
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
	f := finding{claim: "The conditional walk, with the settings of figure 3 (T₀ = 0, 750 steps), samples the posterior.",
		holds: true}
	var texts []string
	for _, r := range rows {
		if strings.Contains(r.Method, "figure 3") {
			f.holds = f.holds && r.Err == "" && len(r.Failed) == 0
			texts = append(texts, describe(r.problem)+": "+summary(r)+failures(r))
		}
	}
	f.text = strings.Join(texts, ". ") + "."
	all = append(all, f)

	count := func(name string) (passed, n int, gap, width float64) {
		for _, r := range rows {
			if r.Method != name {
				continue
			}
			n++
			if r.Err != "" {
				continue
			}
			if len(r.Failed) == 0 {
				passed++
			}
			gap += r.Measures.MeanGap.Value
			width += math.Abs(math.Log(r.Measures.Variance.Value))
		}
		return passed, n, gap / float64(n), math.Exp(width / float64(n))
	}
	best, least := "", math.Inf(1)
	texts = nil
	for _, m := range append([]method{{name: exactName}}, methods...) {
		passed, n, gap, width := count(m.name)
		texts = append(texts, fmt.Sprintf("%s: %d of %d problems pass every test, mean gap %.2f, variance off by a factor "+
			"of %.2f", m.name, passed, n, gap, width))
		if m.name != exactName && m.name != longer && width < least {
			best, least = m.name, width
		}
	}
	steps := 0
	for _, r := range rows {
		if r.Method == mixing {
			steps = r.Steps
		}
	}
	return append(all, finding{claim: fmt.Sprintf("At equal cost (%d calls), the walk without an approximation of the "+
		"likelihood is nearer to the posterior than methods that approximate it.", steps),
		text:  strings.Join(texts, "; ") + ".",
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
			texts = append(texts, fmt.Sprintf("K = %d: variance ratio %.3f ± %.3f, mode weights off by %.3f ± %.3f%s", r.Steps,
				r.Measures.Variance.Value, r.Measures.Variance.Error, r.Measures.ModesExcess.Value,
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
		texts = append(texts, fmt.Sprintf("K = %d: sliced distance above its floor %.3f ± %.3f exact, %.3f ± %.3f network",
			exact.Steps, exact.Measures.SlicedExcess.Value, exact.Measures.SlicedExcess.Error,
			network.Measures.SlicedExcess.Value, network.Measures.SlicedExcess.Error))
		holds = network.Measures.SlicedExcess.Value < 2*max(exact.Measures.SlicedExcess.Value,
			2*exact.Measures.SlicedExcess.Error)
	}
	return []finding{{claim: "At the longest walk, the trained denoiser adds less than the steps do.",
		text: strings.Join(texts, "; ") + ".", holds: holds}}
}
