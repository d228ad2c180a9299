package ncsnpp

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
	"tweedie/nets/golden"
	"tweedie/nets/model/modeltest"
)

var small = Config{Channels: 2, Height: 12, Width: 8, Base: 8, Multipliers: []int{1, 2, 1}, Blocks: 1,
	Attention: []int{6}, FIR: [4]float64{1, 3, 3, 1}, Scale: 1}

// configurations vary every setting.
func configurations() map[string]Config {
	all := map[string]Config{"three levels": small}
	c := small
	c.Centered, c.Channels, c.Attention = true, 1, []int{}
	all["centered, gray, no attention"] = c
	c = small
	c.Multipliers, c.Blocks, c.Attention = []int{1}, 2, []int{12}
	all["one level"] = c
	c = small
	c.Multipliers, c.Blocks, c.Attention, c.FIR = []int{2, 1}, 2, []int{12, 6}, [4]float64{1, 2, 2, 1}
	all["two blocks, attention everywhere, another filter"] = c
	return all
}

func sigmas(n int, rng *rand.Rand) []float32 {
	c := make([]float32, n)
	for i := range c {
		c[i] = float32(math.Exp(rng.NormFloat64()))
	}
	return c
}

func TestGradients(t *testing.T) {
	for name, c := range configurations() {
		t.Run(name, func(t *testing.T) {
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			modeltest.Gradients(t, c, 2, sigmas, "all_modules.0.W")
			modeltest.Pullback(t, c, []float32{0.3, 2})
		})
	}
}

// The configuration can be inferred from the shapes of a network's tensors, but for the settings of Assume.
func TestInfer(t *testing.T) {
	all := configurations()
	all["FFHQ"] = ffhq
	for name, want := range all {
		t.Run(name, func(t *testing.T) {
			want.FIR, want.Scale = [4]float64{1, 3, 3, 1}, 16
			got, description, err := Infer(modeltest.Shapes(t, want), Assume{want.Height, want.Width, want.Centered})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			for _, part := range []string{
				fmt.Sprintf("nf %d", want.Base), fmt.Sprintf("attention at %v", want.Attention), "assumed",
			} {
				if !strings.Contains(description, part) {
					t.Errorf("%q does not say %q", description, part)
				}
			}
		})
	}
	shapes := modeltest.Shapes(t, small)
	for _, name := range []string{"all_modules.0.W", "all_modules.3.weight", "all_modules.4.Dense_0.weight"} {
		c, kept := small, shapes[name]
		delete(shapes, name)
		_, _, err := Infer(shapes, Assume{c.Height, c.Width, false})
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("without %s: %v", name, err)
		}
		shapes[name] = kept
	}
}

func TestInvalid(t *testing.T) {
	for want, change := range map[string]func(c *Config){
		"0 channels":       func(c *Config) { c.Channels = 0 },
		"base is 6":        func(c *Config) { c.Base = 6 },
		"0 multipliers":    func(c *Config) { c.Multipliers = nil },
		"65 multipliers":   func(c *Config) { c.Multipliers = slices.Repeat([]int{1}, 65) },
		"blocks is 0":      func(c *Config) { c.Blocks = 0 },
		"fir is":           func(c *Config) { c.FIR[0] = 2 },
		"fourier":          func(c *Config) { c.Scale = 0 },
		"multiples of":     func(c *Config) { c.Width = 10 },
		"has 148 channels": func(c *Config) { c.Base, c.Multipliers = 148, []int{1} },
		// Every level has a width that divides, but the concatenation of 160 and 80 does not.
		"base 80 with multipliers [1 2]: layer all_modules.13.GroupNorm_0 has 240 channels": func(c *Config) {
			c.Base, c.Multipliers = 80, []int{1, 2}
		},
	} {
		c := small
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
}

// TestGolden compares with the authors' network.
func TestGolden(t *testing.T) {
	for _, e := range golden.Networks(t, Name) {
		t.Run(e.Name, func(t *testing.T) {
			var theirs struct {
				Model struct {
					NF      int        `json:"nf"`
					Mult    []int      `json:"ch_mult"`
					Blocks  int        `json:"num_res_blocks"`
					Attends []int      `json:"attn_resolutions"`
					FIR     [4]float64 `json:"fir_kernel"`
				}
				Image struct {
					Size     int  `json:"image_size"`
					Channels int  `json:"num_channels"`
					Centered bool `json:"centered"`
				} `json:"imagedetail"`
			}
			if err := json.Unmarshal(e.Config, &theirs); err != nil {
				t.Fatal(err)
			}
			tensors, _, err := checkpoint.ReadWeights(e.File, "parameters")
			if err != nil {
				t.Fatal(err)
			}
			delete(tensors, "sigmas") // a table, not needed
			shapes := map[string][]int{}
			for name, tensor := range tensors {
				shapes[name] = tensor.Shape
			}
			c, _, err := Infer(shapes, Assume{Height: theirs.Image.Size, Centered: theirs.Image.Centered})
			if err != nil {
				t.Fatal(err)
			}
			c.FIR = theirs.Model.FIR
			want := Config{Channels: theirs.Image.Channels, Height: theirs.Image.Size, Width: theirs.Image.Size,
				Base: theirs.Model.NF, Multipliers: theirs.Model.Mult, Blocks: theirs.Model.Blocks,
				Attention: theirs.Model.Attends, Centered: theirs.Image.Centered, FIR: theirs.Model.FIR, Scale: 16}
			// The heights that occur, the largest first.
			want.Attention = slices.DeleteFunc(slices.Clone(want.Attention), func(side int) bool {
				factor := want.Height / max(1, side)
				return factor < 1 || side*factor != want.Height ||
					factor&(factor-1) != 0 || factor >= 1<<len(want.Multipliers)
			})
			slices.Sort(want.Attention)
			slices.Reverse(want.Attention)
			m := modeltest.New(t, want)
			if got := fmt.Sprint(m.Parameters.Shapes()); got != fmt.Sprint(shapes) {
				t.Fatalf("parameters are %v, the file's %v", got, shapes)
			}
			if fmt.Sprint(c) != fmt.Sprint(want) {
				t.Errorf("inferred %+v, want %+v", c, want)
			}
			for _, p := range m.Parameters.All() {
				copy(p.Data(), tensors[p.Name].Data)
			}
			m.Parameters.Changed()
			x, sigma, expected := e.Values(t)
			y := make([]float32, len(x))
			if err := m.Network().Forward(y, x, sigma); err != nil {
				t.Fatal(err)
			}
			// Images differ in size by sigma: each is compared with its own deviation.
			n := len(sigma)
			for i := range n {
				got, want := y[i*len(y)/n:][:len(y)/n], expected[i*len(y)/n:][:len(y)/n]
				worst, squares := 0.0, 0.0
				for k := range got {
					worst = max(worst, math.Abs(float64(got[k])-float64(want[k])))
					squares += float64(want[k]) * float64(want[k])
				}
				if off := worst / math.Sqrt(squares/float64(len(got))); !(off < 1e-3) {
					t.Errorf("image %d is off by %.2g of its deviation", i, off)
				} else {
					t.Logf("image %d is off by %.2g of its deviation", i, off)
				}
			}
		})
	}
}

// ffhq is the authors' network for faces.
var ffhq = Config{Channels: 3, Height: 256, Width: 256, Base: 128, Multipliers: []int{1, 1, 2, 2, 2, 2, 2},
	Blocks: 2, Attention: []int{16}, FIR: [4]float64{1, 3, 3, 1}, Scale: 16}

// BenchmarkFFHQ evaluates one image.
func BenchmarkFFHQ(b *testing.B) { modeltest.Benchmark(b, ffhq) }
