package adm

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
	"tweedie/nets/golden"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/model/modeltest"
)

var small = Config{Channels: 2, Height: 8, Width: 12,
	Base: 32, Multipliers: []float64{1, 2}, Blocks: 1, Attention: []int{4},
	HeadChannels: 16, ScaleShift: true, BlocksResample: true, LearnedVariance: true}

// configurations vary every setting.
func configurations() map[string]Config {
	all := map[string]Config{"as the authors'": small}
	vary := func(name string, change func(c *Config)) {
		c := small
		change(&c)
		all[name] = c
	}
	vary("everything else", func(c *Config) {
		c.ScaleShift, c.BlocksResample, c.LearnedVariance = false, false, false
		c.NewOrder, c.HeadChannels, c.Heads = true, 0, 4
	})
	vary("half a multiplier, two blocks", func(c *Config) {
		c.Base, c.Multipliers, c.Blocks, c.Attention = 64, []float64{0.5, 1}, 2, []int{8, 4}
		c.BlocksResample = false
	})
	vary("one level, three channels, added", func(c *Config) {
		c.Multipliers, c.Channels, c.Attention = []float64{1}, 3, []int{}
		c.ScaleShift, c.BlocksResample, c.NewOrder = false, false, true
	})
	vary("three levels, as diffusers'", func(c *Config) {
		c.Multipliers, c.ScaleShift, c.BlocksResample, c.LearnedVariance = []float64{1, 1, 2}, false, false, false
		c.Epsilon, c.FrequencyShift, c.SinesFirst, c.PadAfter = 1e-6, 1, true, true
	})
	return all
}

func TestGradients(t *testing.T) {
	for name, c := range configurations() {
		t.Run(name, func(t *testing.T) {
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			modeltest.Gradients(t, c, 2, modeltest.Normal)
			modeltest.Pullback(t, c, []float32{0.3, 0.8})
		})
	}
}

// undetermined returns the settings that shapes do not determine.
func undetermined(c Config) Assume {
	return Assume{c.Height, c.Width, c.Heads, c.HeadChannels, c.NewOrder}
}

// The configuration can be inferred from the shapes of a network's tensors, but for the settings of Assume.
func TestInfer(t *testing.T) {
	all := configurations()
	all["FFHQ"] = ffhq
	for name, want := range all {
		t.Run(name, func(t *testing.T) {
			m, err := model.Build(want)
			if err != nil {
				t.Fatal(err)
			}
			if name == "FFHQ" && m.Parameters.Count() != 93_563_910 {
				t.Errorf("%d parameters", m.Parameters.Count())
			}
			want.Epsilon, want.FrequencyShift, want.SinesFirst, want.PadAfter = 0, 0, false, false
			got, description, err := Infer(m.Parameters.Shapes(), undetermined(want))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			for _, part := range []string{
				fmt.Sprintf("ADM with %d channels", want.Base),
				fmt.Sprintf("attention at %v", want.Attention),
				"assumed",
			} {
				if !strings.Contains(description, part) {
					t.Errorf("%q does not say %q", description, part)
				}
			}
		})
	}
	shapes := modeltest.Shapes(t, small)
	for _, name := range []string{
		"time_embed.0.weight", "input_blocks.0.0.weight", "out.2.weight",
		"output_blocks.0.0.in_layers.0.weight", "input_blocks.3.0.out_layers.3.weight",
	} {
		kept := shapes[name]
		delete(shapes, name)
		if _, _, err := Infer(shapes, undetermined(small)); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("without %s: %v", name, err)
		}
		shapes[name] = kept
	}
}

func TestInvalid(t *testing.T) {
	for want, change := range map[string]func(c *Config){
		"0 channels":                         func(c *Config) { c.Channels = 0 },
		"base is 31":                         func(c *Config) { c.Base = 31 },
		"0 multipliers":                      func(c *Config) { c.Multipliers = nil },
		"17 multipliers":                     func(c *Config) { c.Multipliers = make([]float64, 17) },
		"[1 NaN]":                            func(c *Config) { c.Multipliers = []float64{1, math.NaN()} },
		"blocks is 0":                        func(c *Config) { c.Blocks = 0 },
		"blocks is 1000000000, want 1 to 64": func(c *Config) { c.Blocks = 1e9 },
		"base 32 with multipliers [1.5 1]: layer input_blocks.1.0.in_layers.0 has 48 channels": func(c *Config) {
			c.Multipliers = []float64{1.5, 1}
		},
		"base 32 with multipliers [0.01 1]: parameter input_blocks.0.0.weight: shape (0, 2, 3, 3)": func(c *Config) {
			c.Multipliers = []float64{0.01, 1}
		},
		"heads is 0":        func(c *Config) { c.HeadChannels = 0 },
		"divide into heads": func(c *Config) { c.HeadChannels = 48 },
		"multiples of 2":    func(c *Config) { c.Width = 9 },
		"norm_epsilon":      func(c *Config) { c.Epsilon = -1 },
		"frequency_shift":   func(c *Config) { c.FrequencyShift = 16 },
	} {
		c := small
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
}

// TestGolden compares with the authors' network, all channels of it.
func TestGolden(t *testing.T) {
	for _, e := range golden.Networks(t, Name) {
		t.Run(e.Name, func(t *testing.T) {
			var theirs struct {
				Size       int             `json:"image_size"`
				Base       int             `json:"num_channels"`
				Blocks     int             `json:"num_res_blocks"`
				Mult       string          `json:"channel_mult"`
				Learned    bool            `json:"learn_sigma"`
				Attention  json.RawMessage `json:"attention_resolutions"` // a number, or a string such as "32,16"
				Heads      int             `json:"num_heads"`
				HeadWidth  int             `json:"num_head_channels"`
				ScaleShift bool            `json:"use_scale_shift_norm"`
				UpDown     bool            `json:"resblock_updown"`
				NewOrder   bool            `json:"use_new_attention_order"`
			}
			if err := json.Unmarshal(e.Config, &theirs); err != nil {
				t.Fatal(err)
			}
			tensors, _, err := checkpoint.ReadWeights(e.File, "")
			if err != nil {
				t.Fatal(err)
			}
			want := Config{
				Channels: tensors["input_blocks.0.0.weight"].Shape[1], Height: theirs.Size, Width: theirs.Size,
				Base: theirs.Base, Multipliers: multipliers(t, theirs.Mult, theirs.Size), Blocks: theirs.Blocks,
				Attention: []int{}, Heads: theirs.Heads, HeadChannels: max(0, theirs.HeadWidth),
				NewOrder: theirs.NewOrder, ScaleShift: theirs.ScaleShift, BlocksResample: theirs.UpDown,
				LearnedVariance: theirs.Learned,
			}
			for r := range strings.SplitSeq(strings.Trim(string(theirs.Attention), `"[] `), ",") {
				side, err := strconv.Atoi(strings.TrimSpace(r))
				if err != nil {
					t.Fatal(err)
				}
				if factor := theirs.Size / side; factor < 1<<len(want.Multipliers) && factor&(factor-1) == 0 {
					want.Attention = append(want.Attention, theirs.Size/factor)
				}
			}
			shapes := map[string][]int{}
			for name, tensor := range tensors {
				shapes[name] = tensor.Shape
			}
			m := modeltest.New(t, want)
			if got := fmt.Sprint(m.Parameters.Shapes()); got != fmt.Sprint(shapes) {
				t.Fatalf("parameters are %v, the file's %v", got, shapes)
			}
			inferred, _, err := Infer(shapes, undetermined(want))
			slices.Sort(inferred.Attention)
			slices.Sort(want.Attention)
			if err != nil || fmt.Sprint(inferred) != fmt.Sprint(want) {
				t.Errorf("inferred %+v (%v), want %+v", inferred, err, want)
			}
			for _, p := range m.Parameters.All() {
				copy(p.Data(), tensors[p.Name].Data)
			}
			m.Parameters.Changed()
			x, steps, expected := e.Values(t)
			got := everyChannel(t, want, m.Parameters, x, steps)
			squares, mean := 0.0, 0.0
			for _, v := range expected {
				mean += float64(v) / float64(len(expected))
			}
			worst := 0.0
			for i, v := range expected {
				squares += (float64(v) - mean) * (float64(v) - mean) / float64(len(expected))
				worst = max(worst, math.Abs(float64(got[i])-float64(v)))
			}
			if off := worst / math.Sqrt(squares); !(off < 1e-3) {
				t.Errorf("off by %.2g of the deviation", off)
			} else {
				t.Logf("off by %.2g of the deviation", off)
			}
		})
	}
}

// everyChannel runs a network and returns all of its channels, NCHW.
func everyChannel(t *testing.T, c Config, p *layer.Parameters, x, steps []float32) []float32 {
	t.Helper()
	n, pixels := len(steps), c.Height*c.Width
	g := layer.NewGraph(p, false)
	in, times := g.Input("x", n, c.Height, c.Width, c.Channels), g.Input("t", n)
	y := c.BuildAll(g, in, times)
	g.Keep(y)
	if err := g.Compile(); err != nil {
		t.Fatal(err)
	}
	for i, v := range steps {
		times.Values()[i] = v / 1000
	}
	for i, v := range x {
		in.Values()[(i/(c.Channels*pixels)*pixels+i%pixels)*c.Channels+i/pixels%c.Channels] = v
	}
	if err := g.Run(); err != nil {
		t.Fatal(err)
	}
	values := y.Values()
	out := make([]float32, len(values))
	channels := len(out) / (n * pixels)
	for i := range out {
		out[i] = values[(i/(channels*pixels)*pixels+i%pixels)*channels+i/pixels%channels]
	}
	return out
}

// multipliers reads "1,2,2"; "" is the authors' choice for the size.
func multipliers(t *testing.T, text string, size int) (list []float64) {
	t.Helper()
	if text == "" {
		text = map[int]string{512: "0.5,1,1,2,2,4,4", 256: "1,1,2,2,4,4", 128: "1,1,2,3,4", 64: "1,2,3,4"}[size]
	}
	for part := range strings.SplitSeq(text, ",") {
		m, err := strconv.ParseFloat(part, 64)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

// ffhq is the authors' network for faces.
var ffhq = Config{Channels: 3, Height: 256, Width: 256,
	Base: 128, Multipliers: []float64{1, 1, 2, 2, 4, 4}, Blocks: 1, Attention: []int{16},
	HeadChannels: 64, ScaleShift: true, BlocksResample: true, LearnedVariance: true}

// BenchmarkFFHQ evaluates one image.
func BenchmarkFFHQ(b *testing.B) { modeltest.Benchmark(b, ffhq) }
