package main

import (
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/nets/adm"
	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
	"tweedie/nets/ncsnpp"
)

// plain stores random weights of a network as other programs do, without metadata.
func plain(t *testing.T, path string, a model.Architecture) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 3))
	tensors := map[string]checkpoint.Tensor{}
	m, err := model.New(a, rng)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Parameters.All() {
		for i := range p.Data() {
			p.Data()[i] += float32(0.02 * rng.NormFloat64())
		}
		tensors[p.Name] = checkpoint.Tensor{Shape: p.Shape, Data: p.Data()}
	}
	if err := checkpoint.WriteTensors(path, tensors, nil); err != nil {
		t.Fatal(err)
	}
}

// photographs stores colour images of any content.
func photographs(t *testing.T, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		m := image.NewRGBA(image.Rect(0, 0, 20, 24))
		for y := range 24 {
			for x := range 20 {
				m.Set(x, y, color.RGBA{uint8(10 * x), uint8(8 * y), uint8(70 * i), 255})
			}
		}
		f, err := os.Create(filepath.Join(folder, string(rune('a'+i))+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

// Every experiment of the authors runs with a network of the same layout as theirs, of 16 x 16 pixels and random
// weights, but for the number of steps and samples.
func TestPaperExperimentsRun(t *testing.T) {
	t.Chdir(t.TempDir())
	photographs(t, "faces")
	plain(t, "adm.safetensors", adm.Config{Channels: 3, Height: 16, Width: 16, Base: 32,
		Multipliers: []float64{1, 1}, Blocks: 1, Attention: []int{8}, Heads: 2,
		ScaleShift: true, BlocksResample: true, LearnedVariance: true})
	plain(t, "ncsnpp.safetensors", ncsnpp.Config{Channels: 3, Height: 16, Width: 16, Base: 8,
		Multipliers: []int{1, 2}, Blocks: 1, Attention: []int{8},
		FIR: [4]float64{1, 3, 3, 1}, Scale: 16})
	steps, samples := regexp.MustCompile(`steps = \d+`), regexp.MustCompile(`(?m)^samples = \d+`)
	ran := 0
	for _, name := range experiments.Names() {
		if !strings.HasPrefix(name, "paper/") {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			e, err := experiments.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			text, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			file, assume, says := "adm.safetensors", "assume = { size = 16, heads = 2 }", "ADM with 32 channels"
			if strings.Contains(string(text), "checkpoint_48.pth") {
				file, assume, says = "ncsnpp.safetensors", "assume = { size = 16 }", "NCSN++ with nf 8"
			}
			patched := steps.ReplaceAllString(string(text), "steps = 5")
			patched = samples.ReplaceAllString(patched, "samples = 4\n"+assume)
			out := strings.ReplaceAll(name, "/", "-")
			write(t, out+".toml", patched)
			stdout, stderr := sample(t, 0, "-experiment", out+".toml", "-checkpoint", file, "-data", "faces",
				"-out", out)
			for _, w := range e.Walks {
				picture(t, filepath.Join(out, w.Name+".png"))
				if w.Measurement != nil && !strings.Contains(stdout, " psnr ") {
					t.Errorf("no PSNR: %q", stdout)
				}
			}
			if !strings.Contains(stderr, says) || !strings.Contains(stderr, "assumed") {
				t.Errorf("does not say what it inferred: %q", stderr)
			}
		})
	}
	if ran != 9 {
		t.Errorf("%d experiments of the authors, want 9", ran)
	}
}
