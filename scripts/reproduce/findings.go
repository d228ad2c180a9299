package main

import (
	"fmt"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// findings reads the results of the experiments, one in each folder, and compares them with the claims of the paper.
func findings(folders []string) ([]report.Finding, error) {
	results := map[string]*result.Experiment{} // by the experiment's name
	for _, folder := range folders {
		e, err := result.Load(folder)
		if err != nil {
			return nil, err
		}
		results[e.Name] = e
	}
	return conclude(results), nil
}

// conclude compares results, by the name of their experiment, with the claims of the paper.
func conclude(results map[string]*result.Experiment) []report.Finding {
	all := []report.Finding{
		realism(results["figure1"]),
		compareAll(results["figure1"], results["figure1"].Walks, nameOf,
			"The noise schedule can be chosen freely after training: schedules of very different shape give "+
				"comparable samples (figure 1).",
			"Unlike in the paper: 250 of DDPM's 1000 levels, and for them epsilon and T₀ of the sigmoid; a line from "+
				"50 and not from 157, in 1000 steps."),
		compareAll(results["figure2"], results["figure2"].Walks, checkpointOf(results["figure2"]),
			"VE and VP scores are interchangeable: the same walk with either gives comparable samples (figure 2).",
			"Unlike in the paper: 200 steps, not 1000."),
		simpleChoice(results["table1"]),
		fewCallsSuffice(results["ablation-schedule"]),
		tradeOff(results["ablation-step-temperature"]),
		parameterizations(results["ablation-parameterization"]),
	}
	for _, w := range results["figure3"].Walks {
		all = append(all, conditional(w)...)
	}
	return all
}

func nameOf(w result.Walk) string { return w.Name }

// checkpointOf names walks by the label of their checkpoint, on the first axis of a sweep.
func checkpointOf(e *result.Experiment) func(result.Walk) string {
	return func(w result.Walk) string { return e.Axes[0].Labels[w.At[0]] }
}

// counted says how many samples there are, and how random they are.
func counted(w result.Walk) string {
	return fmt.Sprintf("%d samples a walk, each from noise of its own seed; after ±, half the confidence interval "+
		"of 95%%.", w.Samples)
}

// paragraphs joins texts by empty lines.
func paragraphs(texts ...string) (joined string) {
	for _, text := range texts {
		if text == "" {
			continue
		}
		if joined != "" {
			joined += "\n\n"
		}
		joined += text
	}
	return joined
}

// realism judges the first walk beside real images. It is not a claim of the paper, but tells how far all others carry.
func realism(e *result.Experiment) report.Finding {
	w := e.Walks[0]
	c := &comparison{real: floor(e, w.Samples), tests: testsOf(1, 0)}
	v := c.against(w.Name, w, good)
	return report.Finding{
		Claim: "Not of the paper: samples of a network as small as these are as good as real images.",
		Text: paragraphs(counted(w), table([]result.Walk{w}, nameOf, c.real), c.reasons(),
			"As good means, at most: once more the Frechet distance of as many real images; 0.05 less precision; "+
				"0.015 less recall; 10% less coverage; 0.02 more noise; ±10% of sharpness and of the distance to the "+
				"nearest training image; no class missing."),
		Verdict: v, Experiment: e.Name,
	}
}

// compareAll judges walks beside the first of them.
func compareAll(
	e *result.Experiment, walks []result.Walk, name func(result.Walk) string, claim, changed string,
) report.Finding {
	c := &comparison{real: floor(e, walks[0].Samples), tests: testsOf(len(walks), len(walks)-1)}
	v := c.group(walks, name, false)
	return report.Finding{
		Claim: claim,
		Text: paragraphs(counted(walks[0])+" All are compared with "+name(walks[0])+".",
			table(walks, name, c.real), c.reasons(), changed),
		Verdict: v, Experiment: e.Name,
	}
}

// group judges walks beside the first of them, and each beside real images.
func (c *comparison) group(walks []result.Walk, name func(result.Walk) string, better bool) string {
	var verdicts []string
	for i, w := range walks {
		verdicts = append(verdicts, c.against(name(w), w, usable))
		if i > 0 {
			verdicts = append(verdicts, c.compared(name(w), w, walks[0], better))
		}
	}
	return all(verdicts...)
}

// simpleChoice judges the paper's own walks beside those of the literature, with the same network.
func simpleChoice(e *result.Experiment) report.Finding {
	c := &comparison{real: floor(e, e.Walks[0].Samples), tests: testsOf(4, 2)}
	var verdicts []string
	for _, pair := range [][2]string{{"ve-sde", "ve-simple"}, {"ddpm", "vp-simple"}} {
		var walks []result.Walk
		for _, name := range pair {
			for _, w := range e.Walks {
				if w.Name == name {
					walks = append(walks, w)
				}
			}
		}
		if len(walks) < 2 {
			verdicts = append(verdicts, report.Undecided)
			continue
		}
		verdicts = append(verdicts, c.group(walks, nameOf, true))
	}
	return report.Finding{
		Claim: "The paper's simple choice of step and temperature does as well as the samplers of the literature " +
			"(table 1).",
		Text: paragraphs(counted(e.Walks[0])+" Judged are ve-simple beside ve-sde, and vp-simple beside ddpm, where "+
			"a better score is no fault; the other rows are listed. That all are rows of one template is proven by "+
			"this program's tests, which compare them with their publications' updates.",
			table(e.Walks, nameOf, c.real), c.reasons(),
			"Unlike in the publications: a quarter of their steps, and a tenth for ddim."),
		Verdict: all(verdicts...), Experiment: e.Name,
	}
}

// parameterizations judges whether samples are comparable, whatever the network predicts: in each walk, networks are
// compared with the first of the sweep.
func parameterizations(e *result.Experiment) report.Finding {
	each := len(e.Axes[0].Labels)
	c := &comparison{real: floor(e, e.Walks[0].Samples), tests: testsOf(len(e.Walks), len(e.Walks)-1)}
	name := func(w result.Walk) string { return w.Base + " with " + e.Axes[0].Labels[w.At[0]] }
	var verdicts []string
	for first := 0; first < len(e.Walks); first += each {
		verdicts = append(verdicts, c.group(e.Walks[first:][:each], name, false))
	}
	return report.Finding{
		Claim: "What the network predicts in training (epsilon, score, image, EDM's mixture) and how one walks are " +
			"independent choices.",
		Text: paragraphs(counted(e.Walks[0])+" In each walk, networks are compared with "+e.Axes[0].Labels[0]+".",
			table(e.Walks, name, c.real), c.reasons()),
		Verdict: all(verdicts...), Experiment: e.Name,
	}
}
