package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
)

// tiny is an experiment of 8 x 8 glyphs with two walks.
const tiny = `
[data]
path = "glyphs"
size = 8
channels = 1
[net]
kind = "unet"
base = 8
multipliers = [1]
blocks = 1
[train]
noise = { kind = "log-normal" }
weight = { kind = "edm" }
batch = 2
steps = 1
[[walk]]
name = "sigmoid"
samples = 3
schedule = { kind = "sigmoid", steps = 4, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "linear", from = 0.1, to = 1.0 }
[[walk]]
name = "geometric"
weights = "raw"
samples = 35
schedule = { kind = "geometric", steps = 3, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "linear", from = 0.1, to = 1.0 }
`

// write stores a text in a file and returns its path.
func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// save stores a network of random weights, and an average that differs, and returns the file's path. The last layer of
// the raw weights is zero: F = 0.
func save(t *testing.T, folder, experiment string) string {
	t.Helper()
	e, err := experiments.Parse("tiny.toml", []byte(experiment))
	if err != nil {
		t.Fatal(err)
	}
	a := e.Architecture()
	channels, height, width := a.Shape()
	config, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	raw, ema := map[string]checkpoint.Tensor{}, map[string]checkpoint.Tensor{}
	m, err := model.New(a, rng)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Parameters.All() {
		values := make([]float32, len(p.Data()))
		for i, v := range p.Data() {
			values[i] = v + 0.05*float32(rng.NormFloat64())
		}
		if strings.HasPrefix(p.Name, "conv_out") {
			clear(p.Data())
		}
		raw[p.Name] = checkpoint.Tensor{Shape: p.Shape, Data: p.Data()}
		ema[p.Name] = checkpoint.Tensor{Shape: p.Shape, Data: values}
	}
	file := checkpoint.File(folder, 7)
	err = checkpoint.Write(file, &checkpoint.Checkpoint{Parameters: raw, EMA: ema, Meta: checkpoint.Meta{
		Network: a.Kind(), Config: config, Parameterization: "edm", DataStd: 0.5, Range: [2]float64{-1, 1},
		Channels: channels, Height: height, Width: width, Step: 7, Experiment: experiment,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// newRun enters an empty folder, makes a run of the tiny experiment there, and returns its checkpoint's path.
func newRun(t *testing.T) string {
	t.Helper()
	t.Chdir(t.TempDir())
	r := runs.Folder(filepath.Join(runs.Root, "tiny"))
	write(t, r.Experiment(), tiny)
	return save(t, r.Checkpoints(), tiny)
}

// sample runs the command and returns its output; it must end with the given code.
func sample(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	if got := run(t.Context(), args, &out, &err); got != code {
		t.Fatalf("sample %q: exit code %d, want %d\n%s%s", args, got, code, out.String(), err.String())
	}
	return out.String(), err.String()
}

// picture returns the size of a PNG and its bytes.
func picture(t *testing.T, path string) (width, height int, content string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m.Bounds().Dx(), m.Bounds().Dy(), string(b)
}
