package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// What the verdicts rest on. The Frechet distance sees means, covariances and missing modes, but neither noise nor
// broken shapes, which precision sees: the share of samples that are as near to real images as those are to each
// other.
const (
	distance, precision, recall = "frechet-pca", "precision", "recall"

	farther    = 1.5 // comparable samples have a distance of up to so many times the best one, or the floor if that is larger,
	share      = 0.5 // and at least this share of the best precision
	consistent = 0.2 // chi-square per value is near 1 if it differs by no more than this
)

const criterion = "Comparable is taken to mean a distance of up to 1.5 times the best or the floor, and half of the best precision or more."

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

// floor is the distance of so many real images, or NaN.
func floor(e *result.Experiment, samples int) float64 {
	for _, s := range e.Floors {
		if s.Key == distance && s.N == samples {
			return s.Value
		}
	}
	return math.NaN()
}

// compare lists the scores of walks, "NAME distance/precision/recall", and names those whose samples are not
// comparable with the best.
func compare(e *result.Experiment, walks []result.Walk, name func(w result.Walk) string) (text string, outside []string) {
	nearest, best := floor(e, walks[0].Samples)/farther, 0.0
	least := math.Inf(1)
	for _, w := range walks {
		least, best = min(least, score(w.Scores, distance)), max(best, score(w.Scores, precision))
	}
	nearest = max(nearest, least)
	var parts []string
	for _, w := range walks {
		d, p := score(w.Scores, distance), score(w.Scores, precision)
		parts = append(parts, fmt.Sprintf("%s %.3g/%.2f/%.2f", name(w), d, p, score(w.Scores, recall)))
		if !(d <= farther*nearest && p >= share*best) {
			outside = append(outside, name(w))
		}
	}
	return strings.Join(parts, ", "), outside
}

// legend explains what compare lists.
func legend(e *result.Experiment) string {
	n := e.Walks[0].Samples
	return fmt.Sprintf("Frechet distance in PCA features/precision/recall of %d samples (the distance of as many real images is %.3g): ", n, floor(e, n))
}

// but says which walks refute a claim.
func but(outside []string) string {
	if len(outside) == 0 {
		return ""
	}
	return " Not comparable: " + strings.Join(outside, ", ") + "."
}

func own(w result.Walk) string { return w.Name }

// alike compares all walks of an experiment.
func alike(e *result.Experiment, claim string) report.Finding {
	text, outside := compare(e, e.Walks, own)
	return report.Finding{Claim: claim, Text: legend(e) + text + "." + but(outside) + " " + criterion, Verdict: verdict(len(outside) == 0), Experiment: e.Name}
}

// enough asks whether 100 network calls give what the most calls give, for every schedule that falls fast enough at
// small noise.
func enough(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "With the schedule free, few network calls do: 100 steps of a good schedule are comparable with several times as many.", Experiment: e.Name}
	series := e.Axes[0]
	var parts, good []string
	for i, label := range series.Labels {
		var walks []result.Walk // of the schedule, in order of calls
		for _, w := range e.Walks {
			if w.At[0] == i {
				walks = append(walks, w)
			}
		}
		text, outside := compare(e, walks, func(w result.Walk) string { return fmt.Sprint(w.Calls) })
		parts = append(parts, label+" "+text)
		if !slices.Contains(outside, "100") {
			good = append(good, label)
		}
	}
	f.Text = legend(e) + strings.Join(parts, "; ") + ". 100 steps are comparable with the best number of steps for: " + strings.Join(good, ", ") + ". " + criterion
	f.Verdict = verdict(len(good) > 0)
	return f
}

// tradeOff asks whether the best temperature depends on the step size, and what temperature buys.
func tradeOff(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "Step size and temperature trade off: which initial temperature is best depends on the step size.", Experiment: e.Name}
	steps, temperatures := 0, 1
	if e.Axes[1].Key == "step.epsilon" {
		steps, temperatures = 1, 0
	}
	last := len(e.Axes[temperatures].Labels) - 1
	var parts, cold []string
	var best []int
	for i, label := range e.Axes[steps].Labels {
		least, at := math.Inf(1), 0
		of := make([]string, last+1)
		for _, w := range e.Walks {
			if w.At[steps] != i {
				continue
			}
			of[w.At[temperatures]] = fmt.Sprintf("%.2f/%.2f", score(w.Scores, precision), score(w.Scores, recall))
			if d := score(w.Scores, distance); d < least {
				least, at = d, w.At[temperatures]
			}
		}
		best = append(best, at)
		parts = append(parts, fmt.Sprintf("%s → %s (%.3g)", label, e.Axes[temperatures].Labels[at], least))
		cold = append(cold, fmt.Sprintf("%s: %s → %s", label, of[0], of[last]))
	}
	f.Text = fmt.Sprintf("T₀ of the least Frechet distance for each ε: %s; the floor is %.3g. Temperature buys diversity for fidelity; precision/recall from the lowest to the highest T₀, for each ε: %s.",
		strings.Join(parts, ", "), floor(e, e.Walks[0].Samples), strings.Join(cold, ", "))
	f.Verdict = verdict(slices.Min(best) < slices.Max(best))
	return f
}

// parameterizations asks whether the walk cares what the network predicts.
func parameterizations(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "What the network predicts in training (epsilon, score, image, EDM's mixture) and how one walks are independent choices.", Experiment: e.Name}
	var parts, all []string
	for first := 0; first < len(e.Walks); first += len(e.Axes[0].Labels) {
		walks := e.Walks[first:][:len(e.Axes[0].Labels)]
		text, outside := compare(e, walks, func(w result.Walk) string { return e.Axes[0].Labels[w.At[0]] })
		parts = append(parts, walks[0].Base+": "+text)
		for _, o := range outside {
			all = append(all, walks[0].Base+" with "+o)
		}
	}
	f.Text, f.Verdict = legend(e)+strings.Join(parts, "; ")+"."+but(all)+" "+criterion, verdict(len(all) == 0)
	return f
}

// conditional judges the samples of a posterior.
func conditional(w result.Walk) []report.Finding {
	of := func(key string) float64 { return score(w.Scores, key) }
	finding := func(claim, text string, holds bool) report.Finding {
		return report.Finding{Claim: w.Name + ": " + claim, Text: text, Verdict: verdict(holds), Experiment: "figure3"}
	}
	samples, mean, measurement, linear := of("psnr"), of("psnr-mean"), of("psnr-measurement"), of("psnr-linear")
	chi, seen, unseen := of("chi-square"), of("variance-seen"), of("variance-unseen")
	return []report.Finding{
		finding("samples are nearer to the truth than the measurement and the best linear estimate.",
			fmt.Sprintf("PSNR on average: samples %.2f dB, measurement %.2f, best linear estimate %.2f. The linear estimate is a mean; a sample of a posterior errs by up to 3 dB more than its mean.",
				samples, measurement, linear), samples > max(measurement, linear)),
		finding("the mean of samples is nearer to the truth than the best linear estimate.",
			fmt.Sprintf("PSNR on average: means of the samples %.2f dB, best linear estimate %.2f.", mean, linear), mean > linear),
		finding("samples agree with the measurement.",
			fmt.Sprintf("Chi-square of y - Ax is %.3f per measured value; 1 is expected of truth and exact samples alike, and up to %g from it is taken to be near.", chi, consistent), math.Abs(chi-1) <= consistent),
		finding("samples differ where the measurement says nothing.",
			fmt.Sprintf("Of the variance of images, their variance is %.2g%% where A sees and %.2g%% where it is blind.", 100*seen, 100*unseen), unseen > farther*seen),
	}
}
