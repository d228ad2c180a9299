package experiments

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/experiments/strict"
	"tweedie/experiments/sweep"
)

// sampling is an experiment with two walks that only samples.
const sampling = `
[[walk]]
name = "a"
checkpoint = "runs/vp"
schedule = { kind = "sigmoid", steps = 10, max = 20, min = 0.01 }
step = { kind = "proportional", epsilon = 1 }
temperature = { kind = "linear", from = 0 }
[[walk]]
name = "b"
preset = "ddim"
samples = 3
`

// one is sampling without its second walk.
var one = sampling[:strings.Index(sampling, "[[walk]]\nname = \"b\"")]

// names returns the names of an experiment's combinations.
func names(e *Experiment) []string {
	var names []string
	for _, c := range e.Combinations() {
		names = append(names, c.Name)
	}
	return names
}

func TestWithoutSweep(t *testing.T) {
	e := mustParse(t, sampling)
	if e.Trains() || len(e.Axes()) != 0 {
		t.Errorf("trains %v, axes %v", e.Trains(), e.Axes())
	}
	for i, c := range e.Combinations() {
		if !reflect.DeepEqual(c, Combination{Walk: e.Walks[i], Base: e.Walks[i].Name}) {
			t.Errorf("combination %d is %+v", i, c)
		}
	}
	source := string(roundTrip(t, e))
	for _, table := range []string{"[data]", "[net]", "[train]", "[sweep]", "[metrics]", "[[figure]]"} {
		if strings.Contains(source, table) {
			t.Errorf("%s is written though it is not there:\n%s", table, source)
		}
	}
}

// Axes are in the order of the file. Each walk gets every combination of values, with the last axis changing fastest,
// and values are set in the order of the axes.
func TestSweep(t *testing.T) {
	e := mustParse(t, one+`
[sweep]
schedule = [ { kind = "geometric", steps = 5, max = 50, min = 0.1 }, { kind = "pretrained", steps = 5 } ]
"schedule.steps" = [20, 30]
"step.epsilon" = [0.4]
`)
	want := []sweep.Axis{
		{Key: "schedule", Labels: []string{"geometric", "pretrained"}},
		{Key: "schedule.steps", Labels: []string{"20", "30"}, Numbers: []float64{20, 30}},
		{Key: "step.epsilon", Labels: []string{"0.4"}, Numbers: []float64{0.4}},
	}
	for i, a := range e.Axes() {
		if a.Key != want[i].Key || !slices.Equal(a.Labels, want[i].Labels) ||
			!slices.Equal(a.Numbers, want[i].Numbers) {
			t.Errorf("axis %d is %+v, want %+v", i, a, want[i])
		}
	}
	var got []string
	for _, c := range e.Combinations() {
		got = append(got,
			fmt.Sprintf("%s %s %v: %s %d %g %g", c.Name, c.Base, c.At, c.Schedule.Kind, c.Schedule.Steps,
				c.Schedule.Max, c.Step.Epsilon))
	}
	if want := []string{
		"a-geometric-20-0.4 a [0 0 0]: geometric 20 50 0.4",
		"a-geometric-30-0.4 a [0 1 0]: geometric 30 50 0.4",
		"a-pretrained-20-0.4 a [1 0 0]: pretrained 20 0 0.4",
		"a-pretrained-30-0.4 a [1 1 0]: pretrained 30 0 0.4",
	}; !slices.Equal(got, want) {
		t.Errorf("combinations\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if e.Walks[0].Schedule.Kind != "sigmoid" || e.Walks[0].Step.Epsilon != 1 {
		t.Errorf("the walk itself has become %+v", e.Walks[0])
	}
	roundTrip(t, e)

	inline := mustParse(t, "sweep = { step = [{ kind = \"ddim\" }], \"schedule.steps\" = [4, 3] }\n"+one)
	if got := names(inline); !slices.Equal(got, []string{"a-ddim-4", "a-ddim-3"}) {
		t.Errorf("a sweep on one line makes %q", got)
	}

	e.Walks[0].Samples = 7
	if c := e.Combinations()[3]; c.Samples != 7 {
		t.Errorf("of 7 samples, a combination draws %d", c.Samples)
	}
	source, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if back := mustParse(t, string(source)); back.Walks[0].Samples != 7 {
		t.Errorf("7 samples are written as %d", back.Walks[0].Samples)
	}
}

// A default may depend on a value that is swept. It does so in an experiment that is read, and after that is written
// and read again.
func TestSweepOfPresets(t *testing.T) {
	e := mustParse(t,
		sampling[strings.Index(sampling, "[[walk]]\nname = \"b\""):]+"[sweep]\npreset = [\"ddim\", \"ncsn\"]\n")
	for _, e := range []*Experiment{e, mustParse(t, string(roundTrip(t, e)))} {
		for i, start := range []string{"sigma", "unit"} {
			if c := e.Combinations()[i]; c.Start != start || c.LastNoise != (c.Preset == "ncsn") {
				t.Errorf("preset %q starts from %q, with noise in the last step %v", c.Preset, c.Start, c.LastNoise)
			}
		}
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct{ axis, labels, names string }{
		{`"temperature.from" = [0, 0.25, 1e-7, 1e9]`, "0, 0.25, 1e-07, 1e09", "a-0, a-0.25, a-1e-07, a-1e09"},
		{`checkpoint = ["runs/vp", "runs/ve/", "exact:mixture", "x/vp", "net.pt"]`,
			"runs/vp, ve, exact:mixture, x/vp, net.pt", "a-runs-vp, a-ve, a-exact-mixture, a-x-vp, a-net.pt"},
		{`last_noise = [false, true]`, "false, true", "a-false, a-true"},
		{`step = [{ epsilon = 1, kind = "ncsn", inner = 2 }, ` +
			`{ kind = "ncsn", epsilon = 1, inner = 3 }, { kind = "ddim" }]`,
			"ncsn, inner 2; ncsn, inner 3; ddim", "a-ncsn-inner-2, a-ncsn-inner-3, a-ddim"},
		{`schedule = [{ kind = "list", levels = [2, 1] }, { kind = "list", levels = [3, 1] }]`, "list; list-2",
			"a-list, a-list-2"},
	} {
		e := mustParse(t, one+"[sweep]\n"+c.axis+"\n")
		separator := ", "
		if strings.Contains(c.labels, ";") {
			separator = "; "
		}
		if got := strings.Join(e.Axes()[0].Labels, separator); got != c.labels {
			t.Errorf("%s: labels %s, want %s", c.axis, got, c.labels)
		}
		if got := strings.Join(names(e), ", "); got != c.names {
			t.Errorf("%s: names %s, want %s", c.axis, got, c.names)
		}
		roundTrip(t, e)
	}
}

// Names that would be equal are made different: those of "p/q" and "p-q", and those of long values.
func TestNamesOfCombinationsDiffer(t *testing.T) {
	long := strings.Repeat("x", 200)
	e := mustParse(t, sampling+"[sweep]\ncheckpoint = [\"p/q\", \"p-q\", \""+long+"1\", \""+long+"2\"]\n")
	seen := map[string]bool{}
	for _, name := range names(e) {
		if seen[name] || strict.FileName.Wrong(name) != "" || len(name) > 125 {
			t.Errorf("name %q", name)
		}
		seen[name] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d names of 8 walks", len(seen))
	}
}

func TestMistakesInSweeps(t *testing.T) {
	line := strings.Count(sampling, "\n") + 2
	for _, c := range []struct{ sweep, want string }{
		{`"step.epsilno" = [0.1, 0.2]`,
			`sweep."step.epsilno": with 0.1 in walk "a": step.epsilno: unknown key of kind "proportional"; ` +
				`did you mean "epsilon"?`},
		{`"stpe.epsilon" = [0.1]`,
			`sweep."stpe.epsilon": with 0.1 in walk "a": stpe: unknown key; did you mean "step"?`},
		{`"step.epsilon" = [0.1, 0]`, `sweep."step.epsilon": with 0 in walk "a": step.epsilon: 0 must be positive`},
		{`"step.epsilon" = ["0.1"]`,
			`sweep."step.epsilon": with "0.1" in walk "a": step.epsilon: "0.1" must be a finite number`},
		{`"temperature.from" = [0.5]`,
			`sweep."temperature.from": with 0.5 in walk "b": temperature.kind: is missing and must be a string`},
		{`weights = ["ema", "row"]`,
			`sweep.weights: with "row" in walk "a": weights: "row" is unknown; did you mean "raw"?`},
		{`"weights.x" = [1]`, `sweep."weights.x": with 1 in walk "a": weights: a table must be a string`},
		{`schedule = [{ kind = "sigmoid", steps = 5, max = 1, min = 0.1, mxa = 1 }]`,
			`sweep.schedule: with { kind = "sigmoid", max = 1, min = 0.1, mxa = 1, steps = 5 } in walk "a": ` +
				`schedule.mxa: unknown key of kind "sigmoid"; did you mean "max"?`},
		{`schedule = [{ kind = "karras", steps = 5, max = 1, min = 2 }]`,
			`in walk "a": schedule.max: 1 must be greater than min, which is 2`},
		{`measurement = [{ kind = "denoising", eta = -1, images = "x" }]`,
			`in walk "a": measurement.eta: -1 must be positive`},
		{`name = ["x"]`, "sweep.name: cannot be swept"},
		{`samples = [1, 2]`, "sweep.samples: cannot be swept"},
		{`"step.epsilon" = []`, `sweep."step.epsilon": must be a list of at least one value`},
		{`"step.epsilon" = 0.1`, `sweep."step.epsilon": 0.1 must be a list of values`},
		{`step.epsilon = [0.1]`,
			`sweep.step: a table must be a list of values; a key with dots is written in quotes: "step.KEY" = [...]`},
		{`"step.epsilon" = [0.1, [0.2]]`,
			`sweep."step.epsilon": [0.2] must be a number, a string, true, false or a table`},
		{`"step.epsilon" = [0.1, 0.2, 0.1]`, `sweep."step.epsilon": 0.1 is there twice`},
		{"\"step.epsilon\" = [0.1]\n\"step.epsilon\" = [0.2]", `has already been defined.`},
		{"\"step.epsilon\" = [0.1]\nstep = [{ kind = \"ddim\" }]",
			`sweep.step: replaces "step.epsilon", which is set before it; must come first`},
		{`"schedule.steps" = [` + numbersTo(101) + "]\n\"step.epsilon\" = [" + numbersTo(50) + "]",
			"sweep: makes more than 10000 walks"},
	} {
		_, err := Parse("x.toml", []byte(sampling+"[sweep]\n"+c.sweep+"\n"))
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.100s:\n%v\nwant\n%s", c.sweep, err, c.want)
			continue
		}
		at := line
		switch {
		case strings.HasPrefix(c.want, "sweep: "):
			at--
		case strings.Contains(c.sweep, "\n"):
			at++
		}
		if !strings.HasPrefix(err.Error(), fmt.Sprintf("x.toml:%d: ", at)) {
			t.Errorf("%s: error %v, want line %d", c.sweep, err, at)
		}
	}
	_, err := Parse("x.toml", []byte("[sweep]\n\"step.epsilon\" = [1]\n"))
	if err == nil || err.Error() != "x.toml:1: sweep: has no [[walk]] to change" {
		t.Errorf("without walks: %v", err)
	}
	const two = "[sweep]\n\"step.epsilno\" = [1, 2]\n\"temperature.form\" = [1]\n"
	if _, err := Parse("x.toml", []byte(one+two)); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two mistakes are reported as\n%v", err)
	}
}

// numbersTo lists 1, ..., n.
func numbersTo(n int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(slices.Collect(func(yield func(int) bool) {
		for i := 1; i <= n && yield(i); i++ {
		}
	})), "[]"), " ", ", ")
}
