package experiments

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/figure/kind"
)

// drawn is an experiment of two walks, the second with a measurement, a sweep of both, and scores. Each test adds its
// figures.
const drawn = `
[data]
path = "glyphs"
size = 28
channels = 1
[metrics]
[[walk]]
name = "free"
schedule = { kind = "sigmoid", steps = 10, max = 20, min = 0.01 }
step = { kind = "proportional", epsilon = 1 }
temperature = { kind = "linear", from = 0 }
[[walk]]
name = "given"
schedule = { kind = "sigmoid", steps = 10, max = 20, min = 0.01 }
step = { kind = "proportional", epsilon = 1 }
temperature = { kind = "linear", from = 0 }
measurement = { kind = "denoising", eta = 0.1 }
[sweep]
"schedule.kind" = ["sigmoid", "geometric"]
"step.epsilon" = [0.1, 0.2, 0.4]
space = ["ve"]
`

func TestFigures(t *testing.T) {
	e := mustParse(t, drawn+`
[[figure]]
kind = "samples"
[[figure]]
kind = "posterior"
[[figure]]
kind = "film"
walks = ["given", "free-geometric-0.2-ve"]
[[figure]]
kind = "heat-map"
x = "step.epsilon"
y = "schedule.kind"
walk = "given"
[[figure]]
kind = "curves"
x = "step.epsilon"
series = "schedule.kind"
walk = "free"
metrics = ["sliced-wasserstein"]
log_x = true
[[figure]]
name = "by-calls"
kind = "curves"
x = "calls"
series = "schedule.kind"
walk = "free"
`)
	text := string(roundTrip(t, e))
	for _, table := range []string{
		"kind = \"samples\"\nwalks = []\ncount = 9\nschedules = false\nname = \"samples\"\n",
		"kind = \"curves\"\nx = \"step.epsilon\"\nseries = \"schedule.kind\"\nwalk = \"free\"\n" +
			"metrics = [\"sliced-wasserstein\"]\nlog_x = true\nlog_y = false\nname = \"curves\"\n",
	} {
		if !strings.Contains(text, table) {
			t.Errorf("with its defaults the experiment lacks\n%s\nit is\n%s", table, text)
		}
	}
	if *e.Metrics != (Metrics{Reference: 4000, Features: 64}) {
		t.Errorf("metrics are %+v", *e.Metrics)
	}
}

// TestOutline checks what figures learn of the walks: those of the second table have a measurement.
func TestOutline(t *testing.T) {
	o := mustParse(t, drawn).Outline()
	if !slices.Equal(o.Tables, []string{"free", "given"}) || len(o.Axes) != 3 || len(o.Walks) != 12 || !o.Scored {
		t.Fatalf("outline %+v", o)
	}
	want := kind.Walk{Name: "given-geometric-0.2-ve", Table: "given", At: []int{1, 1, 0}, Posterior: 4}
	if got := o.Walks[10]; !reflect.DeepEqual(got, want) {
		t.Errorf("walk 10 is %+v, want %+v", got, want)
	}
	if a := o.Axes[1]; a.Key != "step.epsilon" || !slices.Equal(a.Numbers, []float64{0.1, 0.2, 0.4}) ||
		o.Axes[0].Numbers != nil {
		t.Errorf("axes are %+v", o.Axes)
	}
}

func TestMistakesInFigures(t *testing.T) {
	for _, c := range []struct{ figure, want string }{
		{`kind = "sample"`, `kind: "sample" is unknown; did you mean "samples"?`},
		{`kind = "film", count = 3`,
			`count: unknown key of kind "film"; valid are "caption", "kind", "name", "title", "walks"`},
		{`kind = "film", walks = ["given","fere"]`, `walks: "fere" is unknown; did you mean "free"?`},
		{`kind = "film", walks = ["free-geometric-0.3-ve"]`,
			`walks: "free-geometric-0.3-ve" is unknown; did you mean "free-geometric-0.1-ve"?`},
		{`kind = "film", walks = ["none"]`, `walks: "none" is unknown; valid are "free", "given"`},
		{`kind = "film", walks = "free"`, `walks: "free" must be a list of strings`},
		{`kind = "film", name = "a/b"`, `name: "a/b" must be letters`},
		{`kind = "film", name = "given-sigmoid-0.4-ve"`, `is the name of a walk too`},
		{`kind = "samples", count = 0`, `count: 0 must be at least 1`},
		{`kind = "posterior", walks = ["free"]`, `walks: "free" has no measurement`},
		{`kind = "heat-map", x = "step.epsilon"`, `y: is missing and must be a string`},
		{`kind = "heat-map", x = "step.epsilno", y = "schedule.kind"`,
			`x: "step.epsilno" is no key of [sweep]; did you mean "step.epsilon"?`},
		{`kind = "heat-map", x = "space", y = "space"`, `y: "space" is x too; must be another axis`},
		{`kind = "heat-map", x = "space", y = "step.epsilon", walk = "free"`,
			`kind: "heat-map" does not show "schedule.kind", which has 2 values in [sweep]: ` +
				`give it one value, or an axis of the figure`},
		{`kind = "cells", x = "schedule.kind", y = "step.epsilon"`,
			`walk: is missing and must be one of "free", "given"`},
		{`kind = "cells", x = "schedule.kind", y = "step.epsilon", walk = "gievn"`,
			`walk: "gievn" is unknown; did you mean "given"?`},
		{`kind = "cells", x = "space", y = "walk", walk = "free"`, `does not show "schedule.kind"`},
		{`kind = "heat-map", x = "schedule.kind", y = "step.epsilon", walk = "free", metrics = ["presicion"]`,
			`which is unknown; did you mean "precision"?`},
		{`kind = "heat-map", x = "schedule.kind", y = "step.epsilon", walk = "free", metrics = ["psnr"]`,
			`metrics: "psnr" is a score of walks with a measurement`},
		{`kind = "curves", x = "schedule.kind", walk = "free"`, `x: "schedule.kind" has values that are not numbers`},
		{`kind = "curves", x = "call", walk = "free"`, `x: "call" is unknown; did you mean "calls"?`},
		{`kind = "curves", x = "calls", walk = "free"`, `does not show "step.epsilon"`},
		{`kind = "curves", x = "step.epsilon", series = "step.epsilon"`, `series: "step.epsilon" is x too`},
		{`kind = "curves", x = "step.epsilon", series = "schedule"`,
			`series: "schedule" is no key of [sweep]; valid are`},
	} {
		source := drawn + "[[figure]]\n" + strings.ReplaceAll(c.figure, ", ", "\n")
		_, err := Parse("x.toml", []byte(source))
		if err == nil || !strings.Contains(err.Error(), ": figure[0].") || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n%v\nwant\n%s", c.figure, err, c.want)
		}
	}
	for name, c := range map[string]struct{ source, want string }{
		"two names": {drawn + strings.Repeat("[[figure]]\nkind = \"film\"\n", 2),
			`figure[1].name: "film" is the name of an earlier figure too`},
		"no metrics": {strings.Replace(drawn, "[metrics]\n", "", 1) +
			"[[figure]]\nkind = \"heat-map\"\nx = \"schedule.kind\"\ny = \"step.epsilon\"\nwalk = \"free\"\n",
			`there are none without [metrics]`},
		"no sweep": {sampling + "[[figure]]\nkind = \"cells\"\nx = \"step.epsilon\"\ny = \"walk\"\n",
			"x: \"step.epsilon\" must be \"walk\" or a key of [sweep], and there is no [sweep]"},
		"no walk": {"[[figure]]\nkind = \"film\"\n", `kind: "film" needs a [[walk]]`},
		"nothing measured": {sampling + "[[figure]]\nkind = \"posterior\"\n",
			`kind: "posterior" needs a walk with a measurement`},
		"metrics, no data": {sampling + "[metrics]\n", "metrics: needs [data]"},
		"nothing held out": {one + "measurement = { kind = \"denoising\", eta = 1 }\n",
			"walk[0].measurement.images: is missing: without [data]"},
		"net without train": {smallest[:strings.Index(smallest, "[train]")], "x.toml:6: net: needs [train]"},
		"train without net": {
			strings.Replace(smallest, "[net]\nkind = \"unet\"\nbase = 16\nmultipliers = [1, 2]\n", "", 1),
			"x.toml:6: train: needs [net]"},
		"train, no data": {smallest[strings.Index(smallest, "[net]"):], "train: needs [data]"},
	} {
		if _, err := Parse("x.toml", []byte(c.source)); err == nil || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
