package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// walks adds the walks of an experiment over two axes. value gives the distance of each by its place.
func walks(e *result.Experiment, bases []string, value func(base, x, y int) float64) {
	for b, base := range bases {
		for x := range e.Axes[0].Labels {
			ys := 1
			if len(e.Axes) > 1 {
				ys = len(e.Axes[1].Labels)
			}
			for y := range ys {
				calls := 100
				if e.Name == "ablation-schedule" {
					fmt.Sscan(e.Axes[1].Labels[y], &calls)
				}
				e.Walks = append(e.Walks,
					result.Walk{Name: fmt.Sprintf("%s-%d-%d", base, x, y), Base: base,
						At: []int{x, y}[:len(e.Axes)], Samples: 64, Calls: calls,
						Scores: []result.Score{{Key: distance, Value: value(b, x, y), N: 64},
							{Key: precision, Value: 0.5, N: 64}, {Key: recall, Value: 0.8, N: 64}}})
			}
		}
	}
}

// verdicts returns the verdicts on a set of results in which every claim holds, after change has altered a result.
func verdicts(t *testing.T, change func(name string, e *result.Experiment)) map[string]string {
	t.Helper()
	floors := []result.Score{{Key: distance, Value: 1, N: 64}}
	axis := func(key string, labels ...string) result.Axis { return result.Axis{Key: key, Labels: labels} }
	all := map[string]*result.Experiment{}
	for _, name := range studied {
		all[name] = &result.Experiment{Name: name, Floors: floors}
	}
	flat := func(_, x, _ int) float64 { return 1.2 + 0.1*float64(x) }
	for _, name := range []string{"figure1", "figure2", "table1"} {
		all[name].Axes = []result.Axis{axis("walk", "a", "b", "c")}
		walks(all[name], []string{"walk"}, flat)
	}
	s := all["ablation-schedule"]
	s.Axes = []result.Axis{axis("schedule", "pretrained", "sigmoid", "linear"),
		axis("schedule.steps", "10", "100", "1000")}
	walks(s, []string{"walk"}, func(_, x, y int) float64 { return []float64{9, 2, 8}[x] - float64(y)/2 })
	s = all["ablation-step-temperature"]
	s.Axes = []result.Axis{axis("step.epsilon", "0.1", "0.4"), axis("temperature.from", "0", "0.5")}
	walks(s, []string{"walk"}, func(_, x, y int) float64 { return 2 + float64((x+y)%2) })
	s = all["ablation-parameterization"]
	s.Axes = []result.Axis{axis("checkpoint", "vp", "ve")}
	walks(s, []string{"sigmoid", "ddim"}, flat)
	all["figure3"].Walks = []result.Walk{{Name: "inpainting", Scores: []result.Score{
		{Key: "psnr", Value: 18}, {Key: "psnr-mean", Value: 19}, {Key: "psnr-measurement", Value: 8},
		{Key: "psnr-linear", Value: 16},
		{Key: "chi-square", Value: 1.02}, {Key: "variance-seen", Value: 0.1}, {Key: "variance-unseen", Value: 0.4},
	}}}
	dir := t.TempDir()
	var folders []string
	for _, name := range studied {
		if change != nil {
			change(name, all[name])
		}
		folder := filepath.Join(dir, name)
		if err := result.Save(folder, all[name]); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, folder)
	}
	findings, err := findings(folders)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, f := range findings {
		of[f.Experiment+": "+f.Claim] = f.Verdict
		if strings.Contains(f.Text, "NaN") {
			t.Errorf("%s: %s", f.Claim, f.Text)
		}
	}
	return of
}

func TestVerdicts(t *testing.T) {
	for claim, v := range verdicts(t, nil) {
		if v != report.Agrees {
			t.Errorf("%s: %s", claim, v)
		}
	}
	// Each change refutes one claim, and no other.
	set := func(key string, value float64) func(e *result.Experiment) {
		return func(e *result.Experiment) {
			scores := e.Walks[len(e.Walks)-1].Scores
			for i := range scores {
				if scores[i].Key == key {
					scores[i].Value = value
				}
			}
		}
	}
	for _, c := range []struct {
		experiment, claim string
		change            func(e *result.Experiment)
	}{
		{"figure1", "noise schedule", set(distance, 5)},
		{"figure2", "interchangeable", set(distance, 5)},
		{"figure2", "interchangeable", set(precision, 0.2)},
		{"table1", "one template", set(distance, 5)},
		{"ablation-parameterization", "independent choices", set(distance, 5)},
		{"ablation-step-temperature", "trade off", func(e *result.Experiment) {
			for i := range e.Walks {
				e.Walks[i].Scores[0].Value = float64(2 + e.Walks[i].At[1])
			}
		}},
		{"ablation-schedule", "network calls", func(e *result.Experiment) {
			for i := range e.Walks {
				e.Walks[i].Scores[0].Value = 2000 / float64(e.Walks[i].Calls)
			}
		}},
		{"figure3", "samples are nearer to the truth than the measurement", set("psnr-linear", 18.5)},
		{"figure3", "mean of samples", set("psnr-mean", 15)},
		{"figure3", "agree with the measurement", set("chi-square", 1.3)},
		{"figure3", "says nothing", set("variance-unseen", 0.12)},
	} {
		refuted := 0
		for claim, v := range verdicts(t, func(name string, e *result.Experiment) {
			if name == c.experiment {
				c.change(e)
			}
		}) {
			if v == report.Disagrees {
				refuted++
				if !strings.HasPrefix(claim, c.experiment) || !strings.Contains(claim, c.claim) {
					t.Errorf("%s, %s: refuted is %q", c.experiment, c.claim, claim)
				}
			}
		}
		if refuted != 1 {
			t.Errorf("%s, %s: %d claims are refuted", c.experiment, c.claim, refuted)
		}
	}
}
