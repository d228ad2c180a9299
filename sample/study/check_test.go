package study

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMistakesAreFoundBeforeTheFirstStep runs experiments that cannot end well. None may draw anything.
func TestMistakesAreFoundBeforeTheFirstStep(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{"file": "", "broken/a.png": "no picture",
		"runs/used/checkpoints/step-000001.safetensors": ""} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	replace := func(source string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(source) }
	figure := func(keys string) string { return "\n[[figure]]\n" + keys + "\n" }
	for _, c := range []struct {
		name    string
		source  string
		options Options
		misuse  bool
		want    []string
	}{
		{"too few samples to score", replace(tiny, "samples = 8", "samples = 5"), Options{}, true,
			[]string{"tiny.toml", "walk first", "samples = 5", "6 or more"}},
		{"more samples than real images", replace(tiny, "samples = 9", "samples = 31"), Options{}, true,
			[]string{"walk second", "samples = 31", "there are 30, half of the 60"}},
		{"too few real images", replace(tiny, "reference = 60", "reference = 11"), Options{}, true,
			[]string{"metrics", "11 training images", "12 or more"}},
		{"no training images", replace(tiny, `"glyphs"`, `"gone"`), Options{}, false, []string{"gone"}},
		{"unreadable images to measure", replace(measuring, "posterior = 2", `images = "broken"`), Options{}, false,
			[]string{"walk first", "measurement.images", "broken/a.png"}},
		{"a score that small images lack", measuring + figure(`kind = "curves"
x = "calls"
walk = "first"
metrics = ["ssim"]`), Options{}, true, []string{"figure curves", `"ssim"`}},
		{"a picture too large", replace(tiny, "[metrics]\nreference = 60\nfeatures = 8\n", "", "samples = 8",
			"samples = 25000"), Options{}, true,
			[]string{"walk first", "too large"}},
		{"two files of one name", replace(tiny, `"second"`, `"first-trajectory"`), Options{Trajectory: true}, true,
			[]string{"walk first", "walk first-trajectory", "first-trajectory.png"}},
		{"a file for a folder", tiny, Options{Folder: "file"}, false, []string{"file"}},
		{"a report in no folder", tiny, Options{Report: "file/report.html"}, false, []string{"file"}},
		{"a run folder", tiny, Options{Folder: "runs/used"}, true, []string{"runs/used", "training run"}},
		{"no checkpoint", tiny, Options{Checkpoint: "none"}, true, []string{"walk first", "names no checkpoint"}},
		{"no such closed form", tiny, Options{Checkpoint: "exact:guassian"}, true, []string{"exact:guassian"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			drew := false
			c.options.Origin = "tiny.toml"
			switch c.options.Checkpoint {
			case "":
				c.options.Checkpoint = "exact:data"
			case "none":
				c.options.Checkpoint = ""
			}
			c.options.Observer = progressFunc(func() { drew = true })
			e := parse(t, c.source)
			_, err := Run(t.Context(), e, c.options)
			if err == nil || drew {
				t.Fatalf("the error is %v, and steps were taken: %t", err, drew)
			}
			if isMisuse(err) != c.misuse {
				t.Errorf("the mistake is taken for the user's: %t", isMisuse(err))
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%q does not say %q in one line", err, part)
				}
			}
		})
	}
}

type progressFunc func()

func (f progressFunc) Tell(Kind, string) {}
func (f progressFunc) Progress(Progress) { f() }

// TestPlanNeedsNoNetwork plans walks whose checkpoint is not there yet, with and without a known image size.
func TestPlanNeedsNoNetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	named := strings.Replace(measuring, `name = "second"`, `name = "second"
checkpoint = "runs/none"`, 1)
	sizeless := strings.Replace(measuring[strings.Index(measuring, "[[walk]]"):], "posterior = 2",
		`posterior = 2, images = "gone"`, 1)
	for _, c := range []struct{ source, want string }{
		{named, "denoising of 4 images, 2 samples for each"},
		{named, "runs/none is not a run folder"},
		{sizeless, "denoising of 4 images, 2 samples for each"},
		{sizeless, "eta = 0.2, bounds tau by eta^2 = 0.04"},
	} {
		var plan strings.Builder
		if err := Plan(context.Background(), parse(t, c.source), Options{}, &plan); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), c.want) || !strings.Contains(plan.String(), "time: not known") {
			t.Errorf("the plan does not say %q:\n%s", c.want, plan.String())
		}
	}
	err := Plan(context.Background(), parse(t, strings.Replace(tiny, "samples = 8", "samples = 5", 1)), Options{},
		&strings.Builder{})
	if !isMisuse(err) {
		t.Errorf("a plan that cannot be run: %v", err)
	}
}
