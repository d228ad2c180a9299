package experiments

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/registry"
	"tweedie/train/objective"
)

func mustParse(t *testing.T, source string) *Experiment {
	t.Helper()
	e, err := Parse("test.toml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// roundTrip checks that the file of Encode is complete: it is read back to the same experiment, which encodes to the
// same bytes. It returns the file.
func roundTrip(t *testing.T, e *Experiment) []byte {
	t.Helper()
	first, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(e.Name+".toml", first)
	if err != nil {
		t.Fatal(err)
	}
	back.Name = e.Name
	if !reflect.DeepEqual(e, back) {
		t.Errorf("read back as\n%+v\nwant\n%+v\nfrom\n%s", back, e, first)
	}
	second, err := back.Encode()
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("encoded again (%v) as\n%s\nwant\n%s", err, second, first)
	}
	return first
}

func TestBuiltIn(t *testing.T) {
	want := []string{"table1", "figure1", "figure2", "figure3", "paper/figure1a", "emoji", "glyphs", "glyphs-denoiser",
		"glyphs-edm", "glyphs-epsilon", "glyphs-score", "mnist", "mnist-parity"}
	for _, name := range want {
		if !slices.Contains(Names(), name) {
			t.Errorf("no built-in experiment %q among %q", name, Names())
		}
	}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			e, err := Load(name)
			if err != nil {
				t.Fatal(err)
			}
			if e.Name != name || e.Title == "" {
				t.Errorf("name %q, title %q", e.Name, e.Title)
			}
			roundTrip(t, e)
			if e.Trains() {
				if err := e.Train.NetParameterization().Validate(); err != nil {
					t.Error(err)
				}
				if e.Train.NoiseLevels() == nil || e.Train.LossWeight() == nil {
					t.Error("no noise levels or weight")
				}
			}
			names := map[string]bool{}
			for i, c := range e.Combinations() {
				built, err := c.Build(uint64(i))
				if err != nil {
					t.Error(err)
				}
				if built.Seed != uint64(i) || len(built.Sigma) < 2 {
					t.Errorf("walk %q has seed %d and %d levels", c.Name, built.Seed, len(built.Sigma))
				}
				if names[c.Name] || strict.FileName.Wrong(c.Name) != "" {
					t.Errorf("walk %q cannot name a file of its own", c.Name)
				}
				if !e.Trains() && c.Checkpoint == "" {
					t.Errorf("walk %q names no checkpoint, and there is no run of its own", c.Name)
				}
				names[c.Name] = true
			}
		})
	}
}

// The comparison of the rows of the training table is fair only if nothing else differs.
func TestRowsShareNetworkAndData(t *testing.T) {
	edm, err := Load("glyphs-edm")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{"denoiser", "score", "epsilon", "edm"} {
		e, err := Load("glyphs-" + row)
		if err != nil {
			t.Fatal(err)
		}
		if e.Train.Parameterization != row {
			t.Errorf("glyphs-%s has parameterization %q", row, e.Train.Parameterization)
		}
		rest := e.Train
		rest.Parameterization, rest.Noise, rest.Weight = edm.Train.Parameterization, edm.Train.Noise, edm.Train.Weight
		if !reflect.DeepEqual(e.Data, edm.Data) || !reflect.DeepEqual(e.Net, edm.Net) ||
			!reflect.DeepEqual(rest, edm.Train) {
			t.Errorf("glyphs-%s differs from glyphs-edm in more than its row", row)
		}
	}
}

func TestLoadUnknown(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"glyhps", `experiment "glyhps" is unknown; did you mean "glyphs"?`},
		{"../experiments/glyphs", `"emoji", "figure1", "figure2", "figure3", "glyphs"`},
		{"nowhere/x.toml", "nowhere/x.toml"},
	} {
		if _, err := Load(c.name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Load(%q): %v, want %q", c.name, err, c.want)
		}
	}
}

const smallest = `
[data]
path = "glyphs"
size = 28
channels = 1
[net]
kind = "unet"
base = 16
multipliers = [1, 2]
[train]
noise = { kind = "log-normal" }
weight = { kind = "edm" }
batch = 8
steps = 10
[[walk]]
name = "w"
schedule = { kind = "pretrained", steps = 10 }
step = { kind = "proportional", epsilon = 1 }
temperature = { kind = "linear", from = 0 }
`

func TestDefaults(t *testing.T) {
	e := mustParse(t, smallest)
	want := &Experiment{
		Name: "test",
		Seed: 1,
		Data: Data{Path: "glyphs", Size: 28, Channels: 1, Validation: Validation{Share: 0.05}},
		Net: Net{Kind: "unet", Settings: &registry.UNet{Levels: registry.Levels{
			Base: 16, Multipliers: []int{1, 2}, Blocks: 2, Attention: []int{}}}},
		Train: Train{
			Parameterization: "edm", DataStd: 0.5,
			Noise:  Noise{Kind: "log-normal", Mean: -1.2, Std: 1.2},
			Weight: Weight{Kind: "edm"},
			Batch:  8, Accumulate: 1, Steps: 10,
			Rate: 3e-4, Betas: [2]float64{0.9, 0.999}, Decay: "none", EMA: 0.999,
			CheckpointEvery: 500, PreviewEvery: 500, ValidateEvery: 250, Keep: 3,
		},
		Walks: []Walk{{
			Name: "w", Weights: "ema", Samples: 16, Space: "ve", Start: "unit",
			Schedule:    Schedule{Kind: "pretrained", Steps: 10},
			Step:        Step{Kind: "proportional", Epsilon: 1},
			Temperature: Temperature{Kind: "linear", To: 1},
		}},
	}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("got\n%+v\nwant\n%+v", e, want)
	}
	roundTrip(t, e)
}

// No setting has its default value, so the test fails if one is not read or not written.
func TestRoundTripOfEverything(t *testing.T) {
	e := mustParse(t, `
title = "quotes \" and\nlines, ünïcode"
seed = 9223372036854775807
data = { path = 'C:\images', crop = 64, channels = 3, flip = true, validation = "held out.zip" }
[net]
kind = "unet"
base = 32
multipliers = [1, 2, 4]
blocks = 3
attention = [16, 32]
[train]
parameterization = "score"
data_std = 0.3333333333333333
noise = { kind = "geometric", min = 1e-9, max = 348, levels = 232 }
weight = { kind = "power", exponent = -4 }
batch = 3
accumulate = 2
steps = 7
rate = 1e-5
betas = [0.5, 0.9]
warmup = 4
decay = "cosine"
clip = 0.5
ema = 0
checkpoint_every = 11
preview_every = 0
validate_every = 13
keep = 17
[[walk]]
name = "a.1"
checkpoint = "x.pt"
weights = "raw"
samples = 5
start = "sigma"
last_noise = true
schedule = { kind = "list", levels = [3, 2.5, 0.1] }
step = { kind = "proportional", epsilon = 0.25 }
temperature = { kind = "constant", value = 0 }
[[walk]]
preset = "ncsn"
name = "c"
space = "vp"
start = "sigma"
last_noise = false
step = { kind = "ncsn", epsilon = 0.5, inner = 3, relative_to = "max" }
temperature = { kind = "ddpm", variance = "betatilde" }
[[walk]]
name = "d"
schedule = { kind = "karras", steps = 2, max = 2, min = 1 }
step = { kind = "list", values = [0.5, 0.25] }
temperature = { kind = "list", values = [0, 1.5] }
[[walk]]
name = "b"
step.kind = "proportional"
step.epsilon = 0.5
[walk.schedule]
kind = "sigmoid"
steps = 2
max = 2
min = 1
[walk.temperature]
kind = "linear"
from = 0.5
to = 0.25
`)
	source := string(roundTrip(t, e))
	for _, want := range []string{
		`validation = "held out.zip"`,
		`noise = { kind = "geometric", min = 1e-09, max = 348.0, levels = 232 }`,
		`temperature = { kind = "constant", value = 0.0 }`,
	} {
		if !strings.Contains(source, want+"\n") {
			t.Errorf("no line %s in\n%s", want, source)
		}
	}
}

// Flags change experiments. An invalid one must not be written to a run folder.
func TestEncodeRefusesInvalid(t *testing.T) {
	for name, change := range map[string]func(*Experiment){
		"no steps":      func(e *Experiment) { e.Train.Steps = 0 },
		"great seed":    func(e *Experiment) { e.Seed = math.MaxUint64 },
		"not a number":  func(e *Experiment) { e.Train.Rate = math.NaN() },
		"unknown noise": func(e *Experiment) { e.Train.Noise.Kind = "pink" },
	} {
		e := mustParse(t, smallest)
		change(e)
		if source, err := e.Encode(); err == nil {
			t.Errorf("%s: encoded as\n%s", name, source)
		}
	}
}

func TestTrainingTemplate(t *testing.T) {
	const noise, weight = `{ kind = "log-normal" }`, `{ kind = "edm" }`
	ddpm := nets.LinearBetas(1e-4, 0.02, 1000).Sigmas()
	for _, c := range []struct {
		noise, weight string
		levels        objective.NoiseLevels
		at            objective.Weight
	}{
		{`{ kind = "uniform", min = 0.5, max = 2 }`, weight, objective.Uniform{Min: 0.5, Max: 2},
			objective.EDM{DataStd: 0.5}},
		{`{ kind = "log-uniform", min = 0.01, max = 50 }`, weight, objective.LogUniform{Min: 0.01, Max: 50},
			objective.EDM{DataStd: 0.5}},
		{`{ kind = "geometric", min = 0.01, max = 1, levels = 10 }`, weight,
			objective.Geometric{Min: 0.01, Max: 1, Levels: 10}, objective.EDM{DataStd: 0.5}},
		{`{ kind = "ddpm" }`, `{ kind = "power", exponent = -2 }`, objective.DDPM{Sigma: ddpm},
			objective.Power{Exponent: -2}},
		{`{ kind = "log-normal", mean = 0, std = 2 }`, weight, objective.LogNormal{Mean: 0, Std: 2},
			objective.EDM{DataStd: 0.5}},
	} {
		source := strings.Replace(strings.Replace(smallest, noise, c.noise, 1), weight, c.weight, 1)
		train := mustParse(t, source).Train
		if got := train.NoiseLevels(); !reflect.DeepEqual(got, c.levels) {
			t.Errorf("noise %s is %#v", c.noise, got)
		}
		if got := train.LossWeight(); got != c.at {
			t.Errorf("weight %s is %#v", c.weight, got)
		}
	}
}
