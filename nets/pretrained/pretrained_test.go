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
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/pretrained"
	"tweedie/nets/unet"
)

var config = unet.Config{Channels: 3, Height: 9, Width: 6, Base: 8, Multipliers: []int{1, 2}, Blocks: 1,
	Attention: []int{5}}

// random returns the network with normal parameters, of a stream of their own.
func random(stream uint64) *model.Model {
	m, err := model.New(config, rand.New(rand.NewPCG(1, stream)))
	if err != nil {
		panic(err)
	}
	r := rand.New(rand.NewPCG(2, stream))
	for _, p := range m.Parameters.All() {
		for i := range p.Data() {
			p.Data()[i] += float32(0.1 * r.NormFloat64())
		}
	}
	m.Parameters.Changed()
	return m
}

func tensors(p *layer.Parameters) map[string]checkpoint.Tensor {
	all := map[string]checkpoint.Tensor{}
	for _, q := range p.All() {
		all[q.Name] = checkpoint.Tensor{Shape: q.Shape, Data: q.Data()}
	}
	return all
}

// state is a checkpoint of two networks, one as the other's average.
func state(t *testing.T, raw, ema *model.Model) *checkpoint.Checkpoint {
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return &checkpoint.Checkpoint{
		Parameters: tensors(raw.Parameters), EMA: tensors(ema.Parameters),
		Meta: checkpoint.Meta{Network: unet.Name, Config: text, Parameterization: "edm", DataStd: 0.4,
			Range: [2]float64{-1, 1}, Channels: 3, Height: 9, Width: 6, Step: 7},
	}
}

func denoise(t *testing.T, d nets.Denoiser, sigma float64) []float32 {
	x, r := make([]float32, 2*3*9*6), rand.New(rand.NewPCG(3, 0))
	for i := range x {
		x[i] = float32(sigma * r.NormFloat64())
	}
	y := make([]float32, len(x))
	if err := d.Denoise(y, x, sigma); err != nil {
		t.Fatal(err)
	}
	return y
}

func TestDenoiserOfAFileIsTheOneThatWasTrained(t *testing.T) {
	raw, ema := random(0), random(1)
	path := filepath.Join(t.TempDir(), "step.safetensors")
	for _, kind := range []nets.Kind{nets.PredictDenoiser, nets.PredictScore, nets.PredictEpsilon, nets.PredictEDM} {
		c := state(t, raw, ema)
		c.Meta.Parameterization = string(kind)
		if err := checkpoint.Write(path, c); err != nil {
			t.Fatal(err)
		}
		for set, m := range map[string]*model.Model{"parameters": raw, "ema": ema} {
			t.Run(string(kind)+" "+set, func(t *testing.T) {
				d, _, err := pretrained.Open(path, set, pretrained.Assume{})
				if err != nil {
					t.Fatal(err)
				}
				if d.Channels != 3 || d.Height != 9 || d.Width != 6 || d.Pixels() != 3*9*6 || d.Meta.Step != 7 {
					t.Errorf("images of %d channels, %d x %d, %d pixels, of step %d",
						d.Channels, d.Height, d.Width, d.Pixels(), d.Meta.Step)
				}
				want := nets.NewDenoiser(m.Network(), nets.Parameterization{Kind: kind, DataStd: 0.4}, d.Pixels())
				for _, sigma := range []float64{0.01, 1, 80} {
					if !slices.Equal(denoise(t, d, sigma), denoise(t, want, sigma)) {
						t.Errorf("another result at sigma %g", sigma)
					}
				}
			})
		}
	}
}

func TestUnfitCheckpoints(t *testing.T) {
	edit := func(old, new string) func(c *checkpoint.Checkpoint) {
		return func(c *checkpoint.Checkpoint) {
			if !strings.Contains(string(c.Meta.Config), old) {
				t.Fatalf("%s is not in %s", old, c.Meta.Config)
			}
			c.Meta.Config = json.RawMessage(strings.Replace(string(c.Meta.Config), old, new, 1))
		}
	}
	for _, tt := range []struct {
		name  string
		spoil func(c *checkpoint.Checkpoint)
		set   string
		says  []string
	}{
		{"wider network", edit(`"base":8`, `"base":16`), "parameters",
			[]string{"another architecture", "conv_in.weight is [8 3 3 3], not [16 3 3 3]"}},
		{"deeper network", edit(`"blocks":1`, `"blocks":2`), "ema",
			[]string{"ema", "missing (down.1.0.conv1.bias [8]"}},
		{"attention elsewhere", edit(`"attention":[5]`, `"attention":[]`), "parameters",
			[]string{"unexpected (", ".1.norm.bias"}},
		{"unknown key", edit(`"base"`, `"bass"`), "parameters", []string{"configuration of the unet", `"bass"`}},
		{"wrong type", edit(`"base":8`, `"base":"8"`), "parameters", []string{"configuration of the unet", "base"}},
		{"impossible value", edit(`"base":8`, `"base":7`), "parameters",
			[]string{"configuration of the unet", "base is 7"}},
		{"no configuration", func(c *checkpoint.Checkpoint) { c.Meta.Config = json.RawMessage("null") }, "parameters",
			[]string{"configuration of the unet"}},
		{"unknown network", func(c *checkpoint.Checkpoint) { c.Meta.Network = "vit" }, "parameters",
			[]string{`"vit"`, `"unet"`}},
		{"unknown parameterization", func(c *checkpoint.Checkpoint) { c.Meta.Parameterization = "eps" }, "parameters",
			[]string{`unknown parameterization "eps"`}},
		{"no data std", func(c *checkpoint.Checkpoint) { c.Meta.DataStd = 0 }, "parameters", []string{"data std 0"}},
		{"no average", func(c *checkpoint.Checkpoint) { c.EMA = nil }, "ema", []string{"ema", "holds no ema"}},
		{"unknown set", func(*checkpoint.Checkpoint) {}, "average", []string{`"average"`}},
		{"moments", func(*checkpoint.Checkpoint) {}, "adam.m", []string{"adam.m"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "step.safetensors")
			c := state(t, random(0), random(1))
			tt.spoil(c)
			if err := checkpoint.Write(path, c); err != nil {
				t.Fatal(err)
			}
			_, _, err := pretrained.Open(path, tt.set, pretrained.Assume{})
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range append(tt.says, path) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q, want %q in it", err, part)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is of several lines", err)
			}
		})
	}
}

func TestRestoreOfAnotherNetworkChangesNothing(t *testing.T) {
	m := random(0)
	c := state(t, random(1), random(2))
	delete(c.Parameters, "conv_out.bias")
	before := m.Parameters.Clone()
	if err := pretrained.Restore(m.Parameters, c, "parameters"); err == nil ||
		!strings.Contains(err.Error(), "conv_out.bias") {
		t.Errorf("error %v does not name conv_out.bias", err)
	}
	for i, p := range m.Parameters.All() {
		if !slices.Equal(p.Data(), before.All()[i].Data()) {
			t.Errorf("%s changed", p.Name)
		}
	}
}

// A run that is resumed restores weights into a network that may have been used.
func TestNetworkFollowsRestoredWeights(t *testing.T) {
	m, other := random(0), random(1)
	denoiser := func(network nets.Network) nets.Denoiser {
		return nets.NewDenoiser(network, nets.Parameterization{Kind: nets.PredictEDM, DataStd: 0.4}, 3*9*6)
	}
	used := denoiser(m.Network())
	want := denoise(t, denoiser(other.Network()), 1)
	if slices.Equal(denoise(t, used, 1), want) {
		t.Fatal("both networks have the same result")
	}
	if err := pretrained.Restore(m.Parameters, state(t, other, m), "parameters"); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(denoise(t, used, 1), want) {
		t.Error("a network that was used has not followed")
	}
}
