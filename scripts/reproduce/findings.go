package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// What the verdicts rest on.
const (
	judge      = "frechet-pca" // the score that walks are compared by: it sees means and covariances, and so blur, noise and missing modes
	comparable = 1.5           // scores are comparable if none is more than this many times the best, or the noise floor if that is larger
	consistent = 0.1           // chi-square per value may differ from 1 by this much
)

// findings compares what came of the experiments with the claims of the paper.
func findings(folders []string) ([]report.Finding, error) {
	of := map[string]*result.Experiment{}
	for _, folder := range folders {
		e, err := result.Load(folder)
		if err != nil {
			return nil, err
		}
		of[e.Name] = e
	}
	all := []report.Finding{
		alike(of["figure1"], "The noise schedule can be chosen freely after training: schedules of very different shape give comparable samples (figure 1)."),
		alike(of["figure2"], "VE and VP scores are interchangeable: the same walk with either gives comparable samples (figure 2)."),
		alike(of["table1"], "The samplers of the literature are all rows of one template, and the paper's simple choice of step and temperature does as well (table 1)."),
		enough(of["ablation-schedule"]),
		tradeOff(of["ablation-step-temperature"]),
		parameterizations(of["ablation-parameterization"]),
	}
	for _, w := range of["figure3"].Walks {
		all = append(all, conditional(w)...)
	}
	return all, nil
}

// verdict is "agrees" if the claim holds.
func verdict(holds bool) string {
	if holds {
		return report.Agrees
	}
	return report.Disagrees
}

// score is a walk's score of the key, or NaN.
func score(of []result.Score, key string) float64 {
	for _, s := range of {
		if s.Key == key {
			return s.Value
		}
	}
	return math.NaN()
}

// floor is the judge's at a number of samples, or NaN.
func floor(e *result.Experiment, samples int) float64 {
	for _, s := range e.Floors {
		if s.Key == judge && s.N == samples {
			return s.Value
		}
	}
	return math.NaN()
}

// alike compares all walks of an experiment.
func alike(e *result.Experiment, claim string) report.Finding {
	var parts []string
	best, worst := math.Inf(1), 0.0
	for _, w := range e.Walks {
		v := score(w.Scores, judge)
		best, worst = min(best, v), max(worst, v)
		parts = append(parts, fmt.Sprintf("%s %.3g", w.Name, v))
	}
	n := e.Walks[0].Samples
	least := floor(e, n)
	text := fmt.Sprintf("Frechet distance in PCA features, %d samples: %s; the floor is %.3g. The worst is %.2g times the best; comparable is taken to mean up to %g times the best or the floor.",
		n, strings.Join(parts, ", "), least, worst/best, comparable)
	return report.Finding{Claim: claim, Text: text, Verdict: verdict(worst <= comparable*max(best, least)), Experiment: e.Name}
}

// enough asks how many network calls each schedule needs.
func enough(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "Schedules trade quality for network calls: a sigmoid needs 100 steps where the pretrained and the linear need 1000 or more.", Experiment: e.Name}
	series, calls := e.Axes[0], map[string]map[int]float64{}
	var names []string
	for _, w := range e.Walks {
		name := series.Labels[w.At[0]]
		if calls[name] == nil {
			calls[name] = map[int]float64{}
			names = append(names, name)
		}
		calls[name][w.Calls] = score(w.Scores, judge)
	}
	best := map[string]float64{}
	var parts []string
	for _, name := range names {
		best[name] = math.Inf(1)
		var of []string
		var counts []int
		for k := range calls[name] {
			counts = append(counts, k)
		}
		slices.Sort(counts)
		for _, k := range counts {
			of = append(of, fmt.Sprintf("%d: %.3g", k, calls[name][k]))
			if k <= 100 {
				best[name] = min(best[name], calls[name][k])
			}
		}
		parts = append(parts, name+" "+strings.Join(of, ", "))
	}
	f.Text = fmt.Sprintf("Frechet distance in PCA features by network calls: %s; the floor is %.3g.", strings.Join(parts, "; "), floor(e, e.Walks[0].Samples))
	f.Verdict = verdict(best["sigmoid"] < best["pretrained"] && best["sigmoid"] < best["linear"])
	return f
}

// tradeOff asks whether the best temperature depends on the step size.
func tradeOff(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "Step size and temperature trade off: which initial temperature is best depends on the step size.", Experiment: e.Name}
	steps, temperatures := slices.IndexFunc(e.Axes, func(a result.Axis) bool { return a.Key == "step.epsilon" }), 0
	if steps == 0 {
		temperatures = 1
	}
	best := make([]int, len(e.Axes[steps].Labels)) // by step size, the best temperature
	value := make([]float64, len(best))
	for i := range value {
		value[i] = math.Inf(1)
	}
	for _, w := range e.Walks {
		i, k := w.At[steps], w.At[temperatures]
		if v := score(w.Scores, judge); v < value[i] {
			value[i], best[i] = v, k
		}
	}
	var parts []string
	for i, label := range e.Axes[steps].Labels {
		parts = append(parts, fmt.Sprintf("%s → %s (%.3g)", label, e.Axes[temperatures].Labels[best[i]], value[i]))
	}
	f.Text = fmt.Sprintf("Best T₀ for each ε, and its Frechet distance in PCA features: %s; the floor is %.3g.", strings.Join(parts, ", "), floor(e, e.Walks[0].Samples))
	f.Verdict = verdict(slices.Min(best) < slices.Max(best))
	return f
}

// parameterizations asks whether the walk cares what the network predicts.
func parameterizations(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "What the network predicts in training (epsilon, score, image, EDM's mixture) and how one walks are independent choices.", Experiment: e.Name}
	best, worst := map[string]float64{}, map[string]float64{}
	parts := map[string][]string{}
	var walks []string
	holds := true
	least := floor(e, e.Walks[0].Samples)
	for _, w := range e.Walks {
		v := score(w.Scores, judge)
		if parts[w.Base] == nil {
			walks = append(walks, w.Base)
			best[w.Base] = math.Inf(1)
		}
		parts[w.Base] = append(parts[w.Base], fmt.Sprintf("%s %.3g", e.Axes[0].Labels[w.At[0]], v))
		best[w.Base], worst[w.Base] = min(best[w.Base], v), max(worst[w.Base], v)
	}
	var text []string
	for _, w := range walks {
		text = append(text, w+": "+strings.Join(parts[w], ", "))
		holds = holds && worst[w] <= comparable*max(best[w], least)
	}
	f.Text = fmt.Sprintf("Frechet distance in PCA features: %s; the floor is %.3g.", strings.Join(text, "; "), least)
	f.Verdict = verdict(holds)
	return f
}

// conditional judges the samples of a posterior.
func conditional(w result.Walk) []report.Finding {
	of := func(key string) float64 { return score(w.Scores, key) }
	finding := func(claim, text string, holds bool) report.Finding {
		return report.Finding{Claim: w.Name + ": " + claim, Text: text, Verdict: verdict(holds), Experiment: "figure3"}
	}
	samples, mean, measurement, linear := of("psnr"), of("psnr-mean"), of("psnr-measurement"), of("psnr-linear")
	chi, seen, unseen := of("chi-square"), of("spread-seen"), of("spread-unseen")
	return []report.Finding{
		finding("samples are nearer to the truth than the measurement and the best linear estimate.",
			fmt.Sprintf("PSNR on average: samples %.2f dB, their mean of four %.2f, measurement %.2f, best linear estimate %.2f. (The mean of the posterior has the least error of all estimates; a sample of it errs by up to 3 dB more.)",
				samples, mean, measurement, linear), samples > max(measurement, linear)),
		finding("samples agree with the measurement.",
			fmt.Sprintf("Chi-square of y - Ax is %.3f per measured value; 1 is expected of truth and exact samples alike.", chi), math.Abs(chi-1) <= consistent),
		finding("samples differ where the measurement says nothing.",
			fmt.Sprintf("Their standard deviation is %.3g where A sees, %.3g where it does not.", seen, unseen), unseen > 2*seen),
	}
}
