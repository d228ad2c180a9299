package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// The verdicts rest on three scores. The Frechet distance sees means, covariances and missing modes, but neither noise
// nor broken shapes. Precision sees those: it is the share of samples that are as near to real images as real images
// are to each other. Recall sees missing variety.
const (
	distance, precision, recall = "frechet-pca", "precision", "recall"

	// Samples are comparable with the best if their distance is at most farther times the best distance, or the floor
	// if that is larger, and their precision is at least share times the best precision.
	farther, share = 1.5, 0.5

	consistent = 0.2 // samples agree with y if chi-square per value differs from 1 by at most this
)

const criterion = "Comparable is taken to mean a distance of up to 1.5 times the best or the floor, and half of " +
	"the best precision or more."

// findings compares the results of the experiments, one in each folder, with the claims of the paper.
func findings(folders []string) ([]report.Finding, error) {
	results := map[string]*result.Experiment{} // by the experiment's name
	for _, folder := range folders {
		e, err := result.Load(folder)
		if err != nil {
			return nil, err
		}
		results[e.Name] = e
	}
	all := []report.Finding{
		compareAll(results["figure1"], "The noise schedule can be chosen freely after training: schedules of very "+
			"different shape give comparable samples (figure 1)."),
		compareAll(results["figure2"], "VE and VP scores are interchangeable: the same walk with either gives "+
			"comparable samples (figure 2)."),
		compareAll(results["table1"], "The samplers of the literature are all rows of one template, and the paper's "+
			"simple choice of step and temperature does as well (table 1)."),
		fewCallsSuffice(results["ablation-schedule"]),
		tradeOff(results["ablation-step-temperature"]),
		parameterizations(results["ablation-parameterization"]),
	}
	for _, w := range results["figure3"].Walks {
		all = append(all, conditional(w)...)
	}
	return all, nil
}

// verdict returns what the report says of a claim.
func verdict(holds bool) string {
	if holds {
		return report.Agrees
	}
	return report.Disagrees
}

// score returns the score of the key, or NaN if there is none.
func score(scores []result.Score, key string) float64 {
	for _, s := range scores {
		if s.Key == key {
			return s.Value
		}
	}
	return math.NaN()
}

// floor returns the distance of as many real images as samples, or NaN if it is not known.
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
func compare(
	e *result.Experiment, walks []result.Walk, name func(w result.Walk) string,
) (text string, outside []string) {
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

// legend explains the numbers that compare lists.
func legend(e *result.Experiment) string {
	n := e.Walks[0].Samples
	return fmt.Sprintf("Frechet distance in PCA features/precision/recall of %d samples (the distance of as many "+
		"real images is %.3g): ", n, floor(e, n))
}

// exceptions is the sentence that names the walks which refute a claim.
func exceptions(outside []string) string {
	if len(outside) == 0 {
		return ""
	}
	return " Not comparable: " + strings.Join(outside, ", ") + "."
}

func nameOf(w result.Walk) string { return w.Name }

// compareAll compares all walks of an experiment.
func compareAll(e *result.Experiment, claim string) report.Finding {
	text, outside := compare(e, e.Walks, nameOf)
	return report.Finding{Claim: claim, Text: legend(e) + text + "." + exceptions(outside) + " " + criterion,
		Verdict: verdict(len(outside) == 0), Experiment: e.Name}
}

// fewCallsSuffice compares 100 network calls with the best number of calls, for each schedule.
func fewCallsSuffice(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "With the schedule free, few network calls do: 100 steps of a good schedule are " +
		"comparable with several times as many.", Experiment: e.Name}
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
	f.Text = legend(e) + strings.Join(parts, "; ") +
		". 100 steps are comparable with the best number of steps for: " + strings.Join(good, ", ") + ". " + criterion
	f.Verdict = verdict(len(good) > 0)
	return f
}

// tradeOff finds out whether the best temperature depends on the step size, and how precision and recall depend on the
// temperature.
func tradeOff(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "Step size and temperature trade off: which initial temperature is best depends on " +
		"the step size.", Experiment: e.Name}
	steps, temperatures := 0, 1
	if e.Axes[1].Key == "step.epsilon" {
		steps, temperatures = 1, 0
	}
	last := len(e.Axes[temperatures].Labels) - 1
	var parts, cold []string
	var best []int
	for i, label := range e.Axes[steps].Labels {
		least, at := math.Inf(1), 0
		trade := make([]string, last+1) // precision/recall, by temperature
		for _, w := range e.Walks {
			if w.At[steps] != i {
				continue
			}
			trade[w.At[temperatures]] = fmt.Sprintf("%.2f/%.2f", score(w.Scores, precision), score(w.Scores, recall))
			if d := score(w.Scores, distance); d < least {
				least, at = d, w.At[temperatures]
			}
		}
		best = append(best, at)
		parts = append(parts, fmt.Sprintf("%s → %s (%.3g)", label, e.Axes[temperatures].Labels[at], least))
		cold = append(cold, fmt.Sprintf("%s: %s → %s", label, trade[0], trade[last]))
	}
	f.Text = fmt.Sprintf("T₀ of the least Frechet distance for each ε: %s; the floor is %.3g. Temperature buys "+
		"diversity for fidelity; precision/recall from the lowest to the highest T₀, for each ε: %s.",
		strings.Join(parts, ", "), floor(e, e.Walks[0].Samples), strings.Join(cold, ", "))
	f.Verdict = verdict(slices.Min(best) < slices.Max(best))
	return f
}

// parameterizations finds out whether samples are comparable, whatever the network predicts.
func parameterizations(e *result.Experiment) report.Finding {
	f := report.Finding{Claim: "What the network predicts in training (epsilon, score, image, EDM's mixture) and " +
		"how one walks are independent choices.", Experiment: e.Name}
	var parts, all []string
	for first := 0; first < len(e.Walks); first += len(e.Axes[0].Labels) {
		walks := e.Walks[first:][:len(e.Axes[0].Labels)]
		text, outside := compare(e, walks, func(w result.Walk) string { return e.Axes[0].Labels[w.At[0]] })
		parts = append(parts, walks[0].Base+": "+text)
		for _, o := range outside {
			all = append(all, walks[0].Base+" with "+o)
		}
	}
	f.Text, f.Verdict = legend(e)+strings.Join(parts, "; ")+"."+exceptions(all)+" "+criterion, verdict(len(all) == 0)
	return f
}

// conditional compares the samples of a walk with a measurement with the claims about posteriors.
func conditional(w result.Walk) []report.Finding {
	value := func(key string) float64 { return score(w.Scores, key) }
	finding := func(claim, text string, holds bool) report.Finding {
		return report.Finding{Claim: w.Name + ": " + claim, Text: text, Verdict: verdict(holds), Experiment: "figure3"}
	}
	samples, mean := value("psnr"), value("psnr-mean")
	measurement, linear := value("psnr-measurement"), value("psnr-linear")
	chi, seen, unseen := value("chi-square"), value("variance-seen"), value("variance-unseen")
	return []report.Finding{
		finding("samples are nearer to the truth than the measurement and the best linear estimate.",
			fmt.Sprintf("PSNR on average: samples %.2f dB, measurement %.2f, best linear estimate %.2f. The "+
				"linear estimate is a mean; a sample of a posterior errs by up to 3 dB more than its mean.",
				samples, measurement, linear), samples > max(measurement, linear)),
		finding("the mean of samples is nearer to the truth than the best linear estimate.",
			fmt.Sprintf("PSNR on average: means of the samples %.2f dB, best linear estimate %.2f.", mean, linear),
			mean > linear),
		finding("samples agree with the measurement.",
			fmt.Sprintf("Chi-square of y - Ax is %.3f per measured value; 1 is expected of truth and exact "+
				"samples alike, and up to %g from it is taken to be near.",
				chi, consistent), math.Abs(chi-1) <= consistent),
		finding("samples differ where the measurement says nothing.",
			fmt.Sprintf("Of the variance of images, their variance is %.2g%% where A sees and %.2g%% where it is "+
				"blind.", 100*seen, 100*unseen), unseen > farther*seen),
	}
}
