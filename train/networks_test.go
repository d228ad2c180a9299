package main

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
)

// The authors' networks train as ours does: what comes of it denoises better than leaving the noise where it is.
func TestAuthorsNetworksTrain(t *testing.T) {
	for kind, c := range map[string]struct{ base, train string }{
		"adm":    {"base = 32\nheads = 2", "parameterization = \"epsilon\"\nema = 0.5"},
		"ncsnpp": {"base = 8", "parameterization = \"ve-score\"\nema = 0.5"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Chdir(t.TempDir())
			source := fmt.Sprintf(tiny, "", c.train)
			for old, replacement := range map[string]string{
				`kind = "unet"`: fmt.Sprintf("kind = %q", kind), "base = 8": c.base, "steps = 6\n": "steps = 40\n",
				"rate = 1e-3": "rate = 5e-3", `kind = "edm"`: `kind = "power", exponent = -2.0`} {
				source = strings.Replace(source, old, replacement, 1)
			}
			if err := os.WriteFile("tiny.toml", []byte(source), 0o644); err != nil {
				t.Fatal(err)
			}
			mustTrain(t, "-experiment", "tiny.toml")
			file, err := checkpoint.Newest(runs.Folder("runs/tiny").Checkpoints())
			if err != nil {
				t.Fatal(err)
			}
			d, _, err := pretrained.Open(file, "ema", pretrained.Assume{})
			if err != nil {
				t.Fatal(err)
			}
			e, err := experiments.Load("tiny.toml")
			if err != nil {
				t.Fatal(err)
			}
			_, held, err := e.Data.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer held.Close()
			const n, sigma = 32, 0.5
			clean, err := held.EvenlySpaced(t.Context(), n, held.Len())
			if err != nil {
				t.Fatal(err)
			}
			noisy, denoised := make([]float32, len(clean)), make([]float32, len(clean))
			for i, v := range clean {
				noisy[i] = v + sigma*float32(math.Sqrt2*math.Sin(float64(7*i*i%1013)))
			}
			if err := d.Denoise(denoised, noisy, sigma); err != nil {
				t.Fatal(err)
			}
			before, after := 0.0, 0.0
			for i, v := range clean {
				before += math.Pow(float64(noisy[i]-v), 2)
				after += math.Pow(float64(denoised[i]-v), 2)
			}
			if !(after < 0.7*before) {
				t.Errorf("an error of %g becomes %g", before, after)
			}
		})
	}
}
