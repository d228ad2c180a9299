package experiments

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/walk"
)

// build returns the walk of the smallest experiment after its settings have been replaced by these lines.
func build(t *testing.T, lines string) walk.Walk {
	t.Helper()
	walks := smallest[:strings.Index(smallest, "[[walk]]")] + "[[walk]]\nname = \"w\"\n"
	built, err := mustParse(t, walks+lines).Walks[0].Build(7)
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func near(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-5*math.Abs(b) })
}

// Every kind gives the numbers of paper section 3.
func TestKindsOfWalks(t *testing.T) {
	const levels, proportional, constant = `{ kind = "list", levels = [3, 2] }`,
		`{ kind = "proportional", epsilon = 1 }`, `{ kind = "constant", value = 0.5 }`
	for _, c := range []struct {
		schedule, step, temperature string
		sigma, tau, T               []float64 // nil: not looked at
	}{
		{`{ kind = "linear", steps = 3, max = 5, min = 1 }`, proportional, `{ kind = "linear", from = 0.5 }`,
			[]float64{5, 3, 1}, []float64{25, 9, 1}, []float64{0.5, 0.75, 1}},
		{`{ kind = "geometric", steps = 3, max = 4, min = 1 }`, proportional, constant, []float64{4, 2, 1},
			[]float64{16, 4, 1}, []float64{0.5, 0.5, 0.5}},
		{`{ kind = "pretrained", steps = 2 }`, proportional, `{ kind = "linear", from = 1, to = 0 }`,
			[]float64{157.407, 0.0100005}, nil, []float64{1, 0}},
		{`{ kind = "sigmoid", steps = 2, max = 20, min = 0.01 }`, proportional, `{ kind = "linear", from = 0 }`,
			[]float64{20, 0.01}, nil, []float64{0, 1}},
		{`{ kind = "karras", steps = 3, max = 128, min = 1 }`, proportional, constant,
			[]float64{128, math.Pow(1.5, 7), 1}, nil, nil},
		{`{ kind = "cosine", steps = 2, max = 20, min = 0.01 }`, proportional, constant, []float64{20, 0.01}, nil, nil},
		{levels, `{ kind = "ncsn", epsilon = 0.8 }`, constant, []float64{3, 2}, []float64{0.9, 0.4}, nil},
		{levels, `{ kind = "ncsn", epsilon = 0.9, inner = 2, relative_to = "max" }`, constant, []float64{3, 3, 2, 2},
			[]float64{0.45, 0.45, 0.2, 0.2}, []float64{0.5, 0.5, 0.5, 0.5}},
		{levels, `{ kind = "difference" }`, `{ kind = "half" }`, []float64{3, 2}, []float64{5, 4}, []float64{0.5, 0.5}},
		{levels, `{ kind = "ddim" }`, `{ kind = "ancestral" }`, []float64{3, 2}, []float64{3, 4},
			[]float64{4. / 18, 0}},
		{levels, `{ kind = "constant", value = 0.3 }`, `{ kind = "ddpm" }`, []float64{3, 2}, []float64{0.3, 0.3},
			[]float64{5. / 20, 1. / 10}},
		{levels, `{ kind = "list", values = [1, 0.5] }`, `{ kind = "ddpm", variance = "betatilde" }`, []float64{3, 2},
			[]float64{1, 0.5}, []float64{4. / 18, 0}},
		{levels, `{ kind = "renoise", zeta = 0.75 }`, `{ kind = "renoise", zeta = 0.75 }`, []float64{3, 2},
			[]float64{6, 4}, []float64{0.25, 0}},
		{levels, proportional, `{ kind = "list", values = [0.25, 2] }`, []float64{3, 2}, nil, []float64{0.25, 2}},
	} {
		built := build(t,
			"schedule = "+c.schedule+"\nstep = "+c.step+"\ntemperature = "+c.temperature+
				"\nstart = \"sigma\"\nlast_noise = true\nspace = \"vp\"\n")
		for what, pair := range map[string][2][]float64{
			"sigma": {built.Sigma, c.sigma}, "tau": {built.Tau, c.tau}, "T": {built.Temperature, c.T},
		} {
			if got, want := pair[0], pair[1]; want != nil && !near(got, want) {
				t.Errorf("schedule %s, step %s, temperature %s: %s %v, want %v", c.schedule, c.step, c.temperature,
					what, got, want)
			}
		}
		if built.Start != walk.SigmaMax || !built.LastNoise || built.Space != walk.VP || built.Seed != 7 {
			t.Errorf("start %v, last noise %v, space %v, seed %v", built.Start, built.LastNoise, built.Space,
				built.Seed)
		}
	}
	if _, err := (Walk{Name: "empty"}).Build(1); err == nil {
		t.Error("a walk without settings was built")
	}
}

// A preset sets all columns, and a column that is given replaces the preset's.
func TestPresetsOfWalks(t *testing.T) {
	for _, name := range walk.Presets() {
		preset, err := walk.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		want := preset.Walk()
		want.Seed = 7
		if got := build(t, "preset = \""+name+"\"\n"); !reflect.DeepEqual(got, want) {
			t.Errorf("preset %s is %+v, want %+v", name, got, want)
		}
		roundTrip(t, mustParse(t, smallest+"[[walk]]\nname = \"preset\"\npreset = \""+name+"\"\n"))
	}
	const levels = "schedule = { kind = \"list\", levels = [3, 2] }\n"
	ddim := []float64{3, 4}
	got := build(t, "preset = \"ddim\"\n"+levels)
	if !near(got.Tau, ddim) || got.Start != walk.SigmaMax || got.Temperature[0] != 0 {
		t.Errorf("DDIM with other levels: %+v", got)
	}
	if got := build(t, "preset = \"ncsn\"\n"+levels); len(got.Sigma) != 200 || !got.LastNoise {
		t.Errorf("NCSN with other levels has %d steps, last noise %v", len(got.Sigma), got.LastNoise)
	}
	got = build(t, "preset = \"ve-sde\"\nstart = \"unit\"\ntemperature = { kind = \"constant\", value = 1 }\n")
	if got.Start != walk.Unit || got.Temperature[5] != 1 || len(got.Sigma) != 1000 {
		t.Errorf("VE SDE at temperature 1 from N(0, I): %+v", got)
	}
}
