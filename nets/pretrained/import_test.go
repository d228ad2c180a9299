package pretrained_test

import (
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
	"tweedie/nets/pretrained"
	"tweedie/nets/unet"
)

// plain writes a network's tensors as another program would.
func plain(t *testing.T, tensors map[string]checkpoint.Tensor) string {
	path := filepath.Join(t.TempDir(), "weights.bin")
	if err := checkpoint.WriteTensors(path, tensors, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportOfTheDefaultNetwork(t *testing.T) {
	for _, config := range []unet.Config{
		{Channels: 3, Height: 8, Width: 8, Base: 8, Multipliers: []int{1, 2}, Blocks: 1, Attention: []int{4}},
		{Channels: 1, Height: 10, Width: 10, Base: 8, Multipliers: []int{1, 1, 2}, Blocks: 2,
			Attention: []int{12, 6}}, // extended to 12 x 12
		{Channels: 1, Height: 5, Width: 5, Base: 12, Multipliers: []int{2}, Blocks: 3, Attention: []int{}},
	} {
		m, err := model.New(config, rand.New(rand.NewPCG(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		assume := pretrained.Assume{Size: config.Height, Parameterization: nets.PredictEDM, DataStd: 0.5}
		c, description, err := pretrained.Import(plain(t, tensors(m.Parameters)), assume)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		if string(c.Meta.Config) != string(want) || !strings.Contains(description, "U-Net") {
			t.Errorf("%s: %s, want %s", description, c.Meta.Config, want)
		}
		if err := checkpoint.Write(filepath.Join(t.TempDir(), "own.safetensors"), c); err != nil {
			t.Error(err)
		}
	}
}

func TestImportOfACheckpointTakesOneSetOfWeights(t *testing.T) {
	raw, ema := random(0), random(1)
	path := filepath.Join(t.TempDir(), "step.safetensors")
	if err := checkpoint.Write(path, state(t, raw, ema)); err != nil {
		t.Fatal(err)
	}
	for weights, want := range map[string]*model.Model{"": ema, "ema": ema, "parameters": raw} {
		c, _, err := pretrained.Import(path, pretrained.Assume{Weights: weights})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.EMA) != 0 || c.Meta.Step != 7 || !slices.Equal(c.Parameters["conv_in.weight"].Data,
			want.Parameters.Get("conv_in.weight").Data()) {
			t.Errorf("weights %q: others, or not alone", weights)
		}
	}
}

func TestFilesThatCannotBeImported(t *testing.T) {
	own := filepath.Join(t.TempDir(), "step.safetensors")
	c := state(t, random(0), random(1))
	c.EMA = nil
	if err := checkpoint.Write(own, c); err != nil {
		t.Fatal(err)
	}
	file := plain(t, tensors(random(0).Parameters))
	strange := plain(t, map[string]checkpoint.Tensor{"layers.0.weight": {Shape: []int{1}, Data: []float32{1}}})
	headless := plain(t, map[string]checkpoint.Tensor{"conv_in.weight": {Shape: []int{1, 1, 1, 1}, Data: []float32{1}},
		"down.0.0.conv1.weight": {Shape: []int{1}, Data: []float32{1}}})
	less := tensors(random(0).Parameters)
	delete(less, "mid.0.conv1.bias")
	edm := pretrained.Assume{Size: 9, Parameterization: nets.PredictEDM, DataStd: 0.5}
	with := func(change func(*pretrained.Assume)) pretrained.Assume {
		a := edm
		change(&a)
		return a
	}
	for _, tt := range []struct {
		name, path string
		assume     pretrained.Assume
		says       []string
	}{
		{"another network", strange, edm, []string{`"layers.0.weight"`, "down.0.0.conv1.weight"}},
		{"a tensor less", plain(t, less), edm, []string{"missing (mid.0.conv1.bias"}},
		{"a U-Net without levels", headless, edm, []string{"there are 0 multipliers"}},
		{"no size", file, with(func(a *pretrained.Assume) { a.Size = 0 }), []string{"size of its images"}},
		{"no parameterization", file, with(func(a *pretrained.Assume) { a.Parameterization = "" }),
			[]string{"parameterization", "edm"}},
		{"no data std", file, with(func(a *pretrained.Assume) { a.DataStd = 0 }), []string{"data std 0"}},
		{"an unknown setting", file, with(func(a *pretrained.Assume) { a.Config = json.RawMessage(`{"bass": 8}`) }),
			[]string{`"bass"`}},
		{"a setting that does not fit", file,
			with(func(a *pretrained.Assume) { a.Config = json.RawMessage(`{"base": 16}`) }), []string{"another architecture"}},
		{"an average that is not there", own, pretrained.Assume{Weights: "ema"}, []string{"holds no ema"}},
		{"an average of plain weights", file, with(func(a *pretrained.Assume) { a.Weights = "ema" }),
			[]string{"moving average"}},
		{"what a checkpoint tells itself", own, pretrained.Assume{Size: 9}, []string{"tells all"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := pretrained.Import(tt.path, tt.assume)
			if err == nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error %v", err)
			}
			for _, part := range append(tt.says, tt.path) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q, want %q in it", err, part)
				}
			}
		})
	}
}
