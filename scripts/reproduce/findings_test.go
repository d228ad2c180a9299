package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// A fixture is a set of results in which real images stand in the place of samples.
type fixture map[string]*result.Experiment

// newFixture returns results in which every claim holds. Walk i of an experiment has the scores good[i % 3].
func newFixture(real []result.Score, good [][]result.Score, blurred []result.Score, posterior []result.Score) fixture {
	f := fixture{}
	for _, name := range studied {
		f[name] = &result.Experiment{Name: name, Floors: real}
	}
	axis := func(key string, labels ...string) result.Axis { return result.Axis{Key: key, Labels: labels} }
	add := func(name, walk, base string, calls int, at ...int) {
		e := f[name]
		e.Walks = append(e.Walks, result.Walk{Name: walk, Base: base, At: at, Samples: samples, Calls: calls,
			Scores: good[len(e.Walks)%len(good)]})
	}
	for _, walk := range []string{"pretrained", "sigmoid", "linear"} {
		add("figure1", walk, walk, 100)
	}
	for _, walk := range []string{"ncsn", "ve-sde", "ve-simple", "ddpm", "vp-sde", "ddim", "vp-simple"} {
		add("table1", walk, walk, 100)
	}
	f["figure2"].Axes = []result.Axis{axis("checkpoint", "vp", "ve")}
	f["ablation-parameterization"].Axes = []result.Axis{axis("checkpoint", "denoiser", "ve", "vp")}
	for i := range 2 {
		add("figure2", fmt.Sprint("walk-", i), "walk", 100, i)
	}
	for _, base := range []string{"sigmoid", "ddim"} {
		for i := range 3 {
			add("ablation-parameterization", fmt.Sprint(base, i), base, 100, i)
		}
	}
	e := f["ablation-schedule"]
	e.Axes = []result.Axis{axis("schedule", "pretrained", "sigmoid", "linear"),
		axis("schedule.steps", "25", "100", "250")}
	for i := range 3 {
		for j, calls := range []int{25, 100, 250} {
			add(e.Name, fmt.Sprint("walk-", i, j), "walk", calls, i, j)
		}
	}
	// The best temperature is 0 where epsilon is small, and 1 where it is large.
	e = f["ablation-step-temperature"]
	e.Axes = []result.Axis{axis("step.epsilon", "0.2", "1"), axis("temperature.from", "0", "1")}
	for i := range 2 {
		for j := range 2 {
			add(e.Name, fmt.Sprint("walk-", i, j), "walk", 100, i, j)
			if i != j {
				e.Walks[len(e.Walks)-1].Scores = blurred
			}
		}
	}
	f["figure3"].Walks = []result.Walk{{Name: "inpainting", Samples: 512, Scores: posterior}}
	return f
}

// verdicts returns the findings' verdicts by "EXPERIMENT: CLAIM".
func (f fixture) verdicts(t *testing.T) map[string]string {
	t.Helper()
	of := map[string]string{}
	for _, f := range conclude(f) {
		of[f.Experiment+": "+f.Claim] = f.Verdict
		if strings.Contains(f.Text, "NaN") {
			t.Errorf("%s: %s", f.Claim, f.Text)
		}
	}
	return of
}

// verdict returns that of the claim that contains some words.
func (f fixture) verdict(t *testing.T, words string) string {
	t.Helper()
	for claim, v := range f.verdicts(t) {
		if strings.Contains(claim, words) {
			return v
		}
	}
	t.Fatalf("no claim has %q", words)
	return ""
}

// A scorebook holds scores of real images and of garbage, which are computed once for all tests.
type scorebook struct {
	real      []result.Score
	good      [][]result.Score
	garbage   map[string][]result.Score
	posterior map[string][]result.Score
}

var book *scorebook

func openBook(t *testing.T) *scorebook {
	t.Helper()
	if book == nil {
		g := openGallery(t)
		b := &scorebook{real: g.real, garbage: map[string][]result.Score{}, posterior: posteriors(t)}
		for k := range 3 {
			b.good = append(b.good, scored(t, g, g.held(k, 0)))
		}
		for name, x := range g.garbage(t) {
			b.garbage[name] = scored(t, g, x)
		}
		book = b
	}
	return book
}

func (b *scorebook) fixture() fixture {
	return newFixture(b.real, b.good, b.garbage["blurred"], b.posterior["exact"])
}

// TestRealImagesAgree puts real images in the place of samples.
func TestRealImagesAgree(t *testing.T) {
	for claim, v := range openBook(t).fixture().verdicts(t) {
		if v != report.Agrees {
			t.Errorf("%s: %s", claim, v)
		}
	}
}

// aboutSets are the claims that rest on scores of sets of samples, by words of them. In each experiment, some walks are
// those that garbage is put in the place of.
var aboutSets = []struct {
	experiment, words string
	one               func(w result.Walk) bool
}{
	{"figure1", "as good as real images", func(w result.Walk) bool { return w.Name == "pretrained" }},
	{"figure1", "noise schedule", func(w result.Walk) bool { return w.Name == "linear" }},
	{"figure2", "interchangeable", func(w result.Walk) bool { return w.At[0] == 1 }},
	{"table1", "simple choice", func(w result.Walk) bool { return w.Name == "vp-simple" }},
	{"ablation-schedule", "network calls", func(w result.Walk) bool { return w.Calls == fewCalls }},
	{"ablation-parameterization", "independent choices", func(w result.Walk) bool { return w.At[0] == 1 }},
}

// with returns a fixture in which some walks of an experiment have other scores.
func (b *scorebook) with(experiment string, scores []result.Score, chosen func(result.Walk) bool) fixture {
	f := b.fixture()
	for i, w := range f[experiment].Walks {
		if chosen == nil || chosen(w) {
			f[experiment].Walks[i].Scores = scores
		}
	}
	return f
}

// TestGarbageIsRefuted puts garbage in the place of one walk's samples, and then of all walks'.
func TestGarbageIsRefuted(t *testing.T) {
	b := openBook(t)
	for _, name := range slices.Sorted(maps.Keys(b.garbage)) {
		for _, claim := range aboutSets {
			v := b.with(claim.experiment, b.garbage[name], claim.one).verdict(t, claim.words)
			if v != report.Disagrees {
				t.Errorf("%s: one walk of %s: %s", name, claim.words, v)
			}
			if v := b.with(claim.experiment, b.garbage[name], nil).verdict(t, claim.words); v != report.Disagrees {
				t.Errorf("%s: all walks of %s: %s", name, claim.words, v)
			}
		}
		v := b.with("ablation-step-temperature", b.garbage[name], nil).verdict(t, "trade off")
		if v != report.Disagrees {
			t.Errorf("%s: all walks of the trade-off: %s", name, v)
		}
	}
}

func withoutClasses(scores []result.Score) []result.Score {
	return slices.DeleteFunc(slices.Clone(scores), func(s result.Score) bool { return s.Key == leastClass })
}

// TestMissingCharacters leaves out some of the 36 characters, where classes are not known. One does not agree with real
// images, and six are refuted. Beside another walk, whose margin of recall is wider, it takes twelve.
func TestMissingCharacters(t *testing.T) {
	b, g := openBook(t), openGallery(t)
	for _, c := range []struct {
		missing    int
		real, walk []string // verdicts that are right
	}{
		{1, []string{report.Undecided, report.Disagrees}, nil},
		{6, []string{report.Disagrees}, nil},
		{12, []string{report.Disagrees}, []string{report.Disagrees}},
	} {
		scores := withoutClasses(scored(t, g, g.held(0, c.missing)))
		judge := func(about int) string {
			f := b.with("figure1", scores, aboutSets[about].one)
			f["figure1"].Floors = withoutClasses(b.real)
			return f.verdict(t, aboutSets[about].words)
		}
		v := judge(0)
		t.Logf("%d missing, beside real images: %s", c.missing, v)
		if !slices.Contains(c.real, v) {
			t.Errorf("%d missing, beside real images: %s", c.missing, v)
		}
		v = judge(1)
		t.Logf("%d missing, beside another walk: %s", c.missing, v)
		if c.walk != nil && !slices.Contains(c.walk, v) {
			t.Errorf("%d missing, beside another walk: %s", c.missing, v)
		}
	}
}

// TestBestTemperature has equal scores at all temperatures, and then the same best temperature for all step sizes.
func TestBestTemperature(t *testing.T) {
	b := openBook(t)
	f := b.with("ablation-step-temperature", b.good[0], nil)
	if v := f.verdict(t, "trade off"); v != report.Undecided {
		t.Errorf("equal at all temperatures: %s", v)
	}
	f = b.with("ablation-step-temperature", b.good[0], nil)
	for i, w := range f["ablation-step-temperature"].Walks {
		if w.At[1] == 1 {
			f["ablation-step-temperature"].Walks[i].Scores = b.garbage["blurred"]
		}
	}
	if v := f.verdict(t, "trade off"); v != report.Disagrees {
		t.Errorf("the same is best for all step sizes: %s", v)
	}
}

// TestFewSamplesDecideNothing claims that there are fewer samples.
func TestFewSamplesDecideNothing(t *testing.T) {
	b := openBook(t)
	for _, claim := range aboutSets {
		f := b.fixture()
		for i := range f[claim.experiment].Walks {
			f[claim.experiment].Walks[i].Samples = 100
		}
		f[claim.experiment].Floors = slices.Clone(b.real)
		for i := range f[claim.experiment].Floors {
			f[claim.experiment].Floors[i].N = 100
		}
		if v := f.verdict(t, claim.words); v != report.Undecided {
			t.Errorf("%s by 100 samples: %s", claim.words, v)
		}
	}
}
