package experiments

import (
	"strings"
	"testing"
)

const whole = `title = "whole"
[data]
path = "glyphs"
size = 28
channels = 1
[net]
kind = "unet"
base = 16
multipliers = [1, 2, 2]
attention = [7]
[train]
noise = { kind = "log-normal", mean = -1.2, std = 1.2 }
weight = { kind = "edm" }
batch = 32
steps = 1500
ema = 0.995

[[walk]]
name = "first"
schedule = { kind = "sigmoid", steps = 100, max = 80, min = 0.01 }
step = { kind = "proportional", epsilon = 0.7 }
temperature = { kind = "linear", from = 0.1 }
[[walk]]
name = "second"
samples = 4
[walk.schedule]
kind = "geometric"
steps = 100
max = 80
min = 0.01
[walk.step]
kind = "proportional"
epsilon = 0.4
[walk.temperature]
kind = "constant"
value = 1
`

// Each case makes one mistake in the file above. Its message must be exact.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "std = 1.2", "std = 1.2, knd = 1",
			`x.toml:12: train.noise.knd: unknown key of kind "log-normal"; did you mean "kind"?`},
		{"exchanged letters", "batch = 32", "bacth = 32",
			"x.toml:11: train.batch: is missing and must be an integer\n" +
				`x.toml:14: train.bacth: unknown key; did you mean "batch"?`},
		{"capitals", "ema =", "EMA =", `x.toml:16: train.EMA: unknown key; did you mean "ema"?`},
		{"far from every key", "size = 28", "size = 28\npixels = 3",
			`x.toml:5: data.pixels: unknown key; valid are "channels", "crop", "flip", "path", "size", "validation"`},
		{"unknown table", "[[walk]]\nname = \"second\"", "[[wlak]]\n[[walk]]\nname = \"second\"",
			`x.toml:23: wlak: unknown key; did you mean "walk"?`},
		{"key with dots", `title = "whole"`, `"a.b" = 1`,
			`x.toml:1: "a.b": unknown key; ` +
				`valid are "data", "figure", "metrics", "net", "seed", "sweep", "title", "train", "walk"`},
		{"key in the second walk", "samples = 4", "smaples = 4",
			`x.toml:25: walk[1].smaples: unknown key; did you mean "samples"?`},
		{"key in the second walk's table", "epsilon = 0.4", "epsilon = 0.4\neta = 1",
			`x.toml:34: walk[1].step.eta: unknown key of kind "proportional"; valid are "epsilon", "kind"`},
		{"key of another kind", `"log-normal", mean = -1.2, std = 1.2`, `"uniform", mean = -1.2, min = 1, max = 2`,
			`x.toml:12: train.noise.mean: unknown key of kind "uniform"; valid are "kind", "max", "min"`},

		{"string for an integer", "batch = 32", `batch = "32"`, `x.toml:14: train.batch: "32" must be an integer`},
		{"fraction for an integer", "batch = 32", "batch = 0.5", "x.toml:14: train.batch: 0.5 must be an integer"},
		{"number for a string", `path = "glyphs"`, "path = 3", "x.toml:3: data.path: 3 must be a string"},
		{"scalar for a table", `weight = { kind = "edm" }`, `weight = "edm"`,
			`x.toml:13: train.weight: "edm" must be a table`},
		{"table for tables", "[[walk]]\nname = \"first\"", "[walks]\n[[walk]]\nname = \"first\"",
			`x.toml:18: walks: unknown key; did you mean "walk"?`},
		{"scalar in a list", "multipliers = [1, 2, 2]", "multipliers = [1, 2.5, 2]",
			"x.toml:9: net.multipliers: [1, 2.5, 2] must be a list of integers"},
		{"scalar for a list", "attention = [7]", "attention = 7",
			"x.toml:10: net.attention: 7 must be a list of integers"},
		{"infinite", "max = 80\n", "max = inf\n", "x.toml:29: walk[1].schedule.max: +Inf must be a finite number"},
		{"negative seed", `title = "whole"`, "seed = -1", "x.toml:1: seed: -1 must be an integer from 0 on"},

		{"batch 0", "batch = 32", "batch = 0", "x.toml:14: train.batch: 0 must be at least 1"},
		{"no steps", "steps = 1500", "steps = 0", "x.toml:15: train.steps: 0 must be at least 1"},
		{"negative size", "size = 28", "size = -28", "x.toml:4: data.size: -28 must be at least 0"},
		{"channels", "channels = 1", "channels = 2", "x.toml:5: data.channels: 2 must be 1 (gray) or 3 (colour)"},
		{"ema 1", "ema = 0.995", "ema = 1", "x.toml:16: train.ema: 1 must be at least 0 and below 1"},
		{"betas", "ema = 0.995", "betas = [0.9, 1.0]",
			"x.toml:16: train.betas: [0.9, 1] is wrong at 1, which must be at least 0 and below 1"},
		{"one beta", "ema = 0.995", "betas = [0.9]",
			"x.toml:16: train.betas: [0.9] must be a list of two finite numbers"},
		{"epsilon 0", "epsilon = 0.4", "epsilon = 0", "x.toml:33: walk[1].step.epsilon: 0 must be positive"},
		{"negative temperature", "value = 1", "value = -1",
			"x.toml:36: walk[1].temperature.value: -1 must be at least 0"},
		{"std 0", "std = 1.2", "std = 0", "x.toml:12: train.noise.std: 0 must be positive"},
		{"share of 1", "channels = 1", "channels = 1\nvalidation = 1",
			"x.toml:6: data.validation: 1 must be a share from 0 to below 1, or a path"},
		{"no levels at all", "multipliers = [1, 2, 2]", "multipliers = []",
			"x.toml:9: net.multipliers: [] must not be empty"},
		{"walk's name", `"second"`, `"a/b"`,
			`x.toml:24: walk[1].name: "a/b" must be letters a-z, digits, -, _ and ., since files are named by it`},

		{"missing table", "[train]\n", "[data.train]\n",
			`x.toml:11: data.train: unknown key; valid are "channels", "crop", "flip", "path", "size", "validation"`},
		{"missing in a kind", "from = 0.1", "to = 0.1",
			"x.toml:22: walk[0].temperature.from: is missing and must be a finite number"},
		{"missing kind", `kind = "geometric"`, "", "x.toml:26: walk[1].schedule.kind: is missing and must be a string"},

		{"size and crop", "size = 28", "size = 28\ncrop = 28", "x.toml:5: data.crop: must not be given beside size"},
		{"neither size nor crop", "size = 28\n", "", "x.toml:2: data.size: must be given, in pixels, or else crop"},
		{"min above max", "max = 80\n", "max = 0.001\n",
			"x.toml:29: walk[1].schedule.max: 0.001 must be greater than min, which is 0.01"},
		{"min equals max", `"log-normal", mean = -1.2, std = 1.2`, `"geometric", min = 2, max = 2, levels = 3`,
			"x.toml:12: train.noise.max: 2 must be greater than min, which is 2"},
		{"attention nowhere", "attention = [7]", "attention = [8]",
			"x.toml:10: net.attention: 8 never occurs; images of 28 pixels have resolutions [28, 14, 7]"},
		{"odd base", "base = 16", "base = 15", "x.toml:8: net.base: 15 must be even"},
		{"channels that groups do not divide", "base = 16", "base = 18",
			"x.toml:6: net: base is 18, want a multiple of 4"},
		{"channels of a concatenation", "base = 16", "base = 52",
			"x.toml:6: net: base 52 with multipliers [1 2 2]: layer up.0.0.norm1 has 208 channels, " +
				"which its 32 groups cannot divide; a base that is a multiple of 32 fits"},
		{"equal names", `"second"`, `"first"`,
			`x.toml:24: walk[1].name: "first" is the name of an earlier walk too; names must differ`},

		{"unknown preset", "samples = 4", `preset = "dddpm"`,
			`x.toml:25: walk[1].preset: "dddpm" is unknown; did you mean "ddpm"?`},
		{"unknown space", "samples = 4", `space = "vpe"`,
			`x.toml:25: walk[1].space: "vpe" is unknown; did you mean "ve"?`},
		{"unknown variance", "kind = \"constant\"\nvalue = 1", "kind = \"ddpm\"\nvariance = \"alpha\"",
			`x.toml:36: walk[1].temperature.variance: "alpha" is unknown; valid are "beta", "betatilde"`},
		{"a key of another step", `kind = "proportional"` + "\n", `kind = "ddim"` + "\n",
			`x.toml:33: walk[1].step.epsilon: unknown key of kind "ddim"; valid are "kind"`},
		{"no inner steps", `kind = "proportional"` + "\nepsilon = 0.4", `kind = "ncsn"` + "\nepsilon = 1\ninner = 0",
			"x.toml:34: walk[1].step.inner: 0 must be at least 1"},
		{"a short list", "kind = \"proportional\"\nepsilon = 0.4", "kind = \"list\"\nvalues = [1, 0.5]",
			"x.toml:33: walk[1].step.values: are 2, but the walk has 100 steps; must be one for each"},
		{"a long list", "kind = \"constant\"\nvalue = 1\n",
			"kind = \"list\"\nvalues = [" + strings.Repeat("0.5, ", 101) + "]\n",
			"x.toml:36: walk[1].temperature.values: are 101, but the walk has 100 steps; must be one for each"},
		{"a negative step size", "kind = \"proportional\"\nepsilon = 0.4", "kind = \"list\"\nvalues = [1, -0.5]",
			"x.toml:33: walk[1].step.values: [1, -0.5] is wrong at -0.5, which must be at least 0"},
		{"a difference of levels that rise",
			"kind = \"sigmoid\", steps = 100, max = 80, min = 0.01 }\n" +
				"step = { kind = \"proportional\", epsilon = 0.7 }",
			"kind = \"list\", levels = [1, 2] }\nstep = { kind = \"difference\" }",
			"x.toml:21: walk[0].step: walk: step 0: tau -3 must not be negative and must be finite"},

		{"unknown kind", `"log-normal"`, `"lognormal"`,
			`x.toml:12: train.noise.kind: "lognormal" is unknown; did you mean "log-normal"?`},
		{"kind far from every kind", `kind = "proportional"` + "\n", `kind = "big"` + "\n",
			`x.toml:32: walk[1].step.kind: "big" is unknown; ` +
				`valid are "constant", "ddim", "difference", "list", "ncsn", "proportional", "renoise"`},
		{"unknown choice", "steps = 1500", "steps = 1500\ndecay = \"cosin\"",
			`x.toml:16: train.decay: "cosin" is unknown; did you mean "cosine"?`},
		{"too many levels", "multipliers = [1, 2, 2]", "multipliers = [" + strings.Repeat("1, ", 65) + "]",
			"x.toml:6: net: there are 65 multipliers, want 1 to 16"},
		{"network of another width", `"unet"`, `"adm"`,
			"x.toml:6: net: base 16 with multipliers [1 2 2]: layer input_blocks.1.0.in_layers.0 has 16 channels, " +
				"which its 32 groups cannot divide; a base that is a multiple of 32 fits"},
		{"score of sigma", "batch = 32", "batch = 32\nparameterization = \"ve-score\"",
			`x.toml:15: train.parameterization: "ve-score" with a network of kind "unet": ` +
				`"ve-score" and "ncsnpp" go together, since NCSN++ takes sigma and divides by it`},

		{"syntax", "batch = 32", "batch = ", `x.toml:14: expected value but found '\n' instead`},
		{"key twice", "batch = 32", "batch = 32\nbatch = 16", "x.toml:15: Key 'train.batch' has already been defined."},
		{"all mistakes at once", "channels = 1\n", "channels = 5\nflip = 1\n",
			"x.toml:5: data.channels: 5 must be 1 (gray) or 3 (colour)\n" +
				"x.toml:6: data.flip: 1 must be true or false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(whole, c.old) == 0 {
				t.Fatalf("no %q to replace", c.old)
			}
			_, err := Parse("x.toml", []byte(replaceLast(whole, c.old, c.new)))
			if err == nil {
				t.Fatalf("no error, want %s", c.want)
			}
			if err.Error() != c.want {
				t.Errorf("got\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

func replaceLast(s, old, new string) string {
	i := strings.LastIndex(s, old)
	return s[:i] + new + s[i+len(old):]
}

func TestWholeHasNoMistake(t *testing.T) {
	if _, err := Parse("x.toml", []byte(whole)); err != nil {
		t.Error(err)
	}
}
