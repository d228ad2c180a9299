package trainer

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/checkpoint"
	"tweedie/nets/registry"
	"tweedie/sample/figure"
)

// TestChanges resumes with other settings. What would make another network or train it on something else is refused.
func TestChanges(t *testing.T) {
	e := tiny(t)
	mustRun(t, e, Options{Folder: "a"})
	longer := steps(21)
	for _, c := range []struct {
		name   string
		change func(e *experiments.Experiment)
		want   string // "": it may change
	}{
		{"seed", func(e *experiments.Experiment) { e.Seed = 4 }, "seed is 3 in the checkpoint and 4 in the experiment"},
		{"network", func(e *experiments.Experiment) { e.Net.Settings.(*registry.UNet).Multipliers = []int{1, 1} },
			"net.multipliers is [1,2] in the checkpoint and [1,1]"},
		{"parameterization", func(e *experiments.Experiment) { e.Train.Parameterization = "epsilon" },
			`train.parameterization is "edm" in the checkpoint and "epsilon"`},
		{"noise", func(e *experiments.Experiment) { e.Train.Noise.Mean = 0 },
			"train.noise.mean is -1.2 in the checkpoint and 0"},
		{"kind of noise", func(e *experiments.Experiment) { e.Train.Noise = experiments.Noise{Kind: "ddpm"} },
			"train.noise.std is 1.2 in the checkpoint and not given"},
		{"weight", func(e *experiments.Experiment) { e.Train.Weight.Kind = "power" }, "train.weight.kind"},
		{"channels", func(e *experiments.Experiment) { e.Data.Channels = 3 }, "data.channels is 1 in the checkpoint and 3"},
		{"place of the images", func(e *experiments.Experiment) { e.Data.Path = "photos" }, "-data"},
		{"held-out images", func(e *experiments.Experiment) { e.Data.Validation.Share = 0.5 }, "data.validation"},
		{"housekeeping", func(e *experiments.Experiment) {
			e.Train.Keep, e.Train.CheckpointEvery, e.Train.ValidateEvery, e.Train.PreviewEvery, e.Title = 9, 9, 9, 0, "mine"
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.CopyFS(c.name, os.DirFS("a")); err != nil {
				t.Fatal(err)
			}
			w := &witness{}
			o := Options{Folder: runs.Folder(c.name), Resume: true, Observer: w}
			_, err := Run(t.Context(), with(t, longer, c.change), o)
			if c.want != "" {
				oneLine(t, err, c.want, "step-000020.safetensors")
			} else if err != nil || len(w.warnings) > 0 {
				t.Errorf("error %v, warnings %q", err, w.warnings)
			}
		})
	}
	w := &witness{}
	lower := func(e *experiments.Experiment) { e.Train.Rate = 1e-4 }
	mustRun(t, with(t, longer, lower), Options{Folder: "a", Resume: true, Observer: w})
	want := "train.rate is 0.001 in the checkpoint and 0.0001 in the experiment; training goes on with the new value"
	if w.warned(want) != 1 || w.rates[0] > 1e-4 {
		t.Errorf("rate %g, warnings %q", w.rates[0], w.warnings)
	}
}

// TestMovedImages goes on when only the place of the images has changed, and stores the new one.
func TestMovedImages(t *testing.T) {
	e := tiny(t)
	picture(t, "photos/1.png", "photos/2.png")
	e.Data.Path, e.Data.Validation.Share = "photos", 0
	mustRun(t, e, Options{Folder: "a"})
	if err := os.Rename("photos", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	moved := with(t, steps(22))
	moved.Data.Path, moved.Data.Validation.Share = "elsewhere", 0
	mustRun(t, moved, Options{Folder: "a", Resume: true, DataMoved: true})
	if source := string(bytesOf(t, "a/experiment.toml")); !strings.Contains(source, `path = "elsewhere"`) {
		t.Errorf("experiment.toml:\n%s", source)
	}
}

// TestRenamedCheckpoint is the copy of a checkpoint under the name of a later step.
func TestRenamedCheckpoint(t *testing.T) {
	e := tiny(t)
	r := mustRun(t, e, Options{Folder: "a"})
	fake := checkpoint.File("a/checkpoints", 999)
	if err := os.WriteFile(fake, bytesOf(t, r.Checkpoint), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Run(t.Context(), with(t, steps(2000)), Options{Folder: "a", Resume: true})
	oneLine(t, err, fake, "holds step 20")
}

// TestDamagedCheckpoint cuts the newest checkpoint short: the run goes on from the one before, with the same result.
func TestDamagedCheckpoint(t *testing.T) {
	e := tiny(t, func(e *experiments.Experiment) { e.Train.CheckpointEvery, e.Train.Keep = 8, 2 })
	r := mustRun(t, e, Options{Folder: "a"})
	want := bytesOf(t, r.Checkpoint)
	if err := os.Truncate(r.Checkpoint, 5000); err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	mustRun(t, e, Options{Folder: "a", Resume: true, Observer: w})
	if w.summary.First != 16 || !bytes.Equal(bytesOf(t, r.Checkpoint), want) {
		t.Errorf("resumed from step %d, or with another result", w.summary.First)
	}
	if w.warned(r.Checkpoint) != 1 || w.warned("from the one before, "+checkpoint.File("a/checkpoints", 16)) != 1 {
		t.Errorf("warnings %q", w.warnings)
	}
	if _, err := os.Stat(r.Checkpoint + ".damaged"); err != nil {
		t.Error(err)
	}
}

// TestDamagedMetrics cuts metrics.csv in the middle of a row, as a crash does.
func TestDamagedMetrics(t *testing.T) {
	e := tiny(t)
	mustRun(t, e, Options{Folder: "a"})
	rows := bytesOf(t, "a/metrics.csv")
	damaged := append(rows[:len(rows)-10:len(rows)-10], make([]byte, 100)...)
	if err := os.WriteFile("a/metrics.csv", damaged, 0o666); err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	mustRun(t, with(t, steps(30)), Options{Folder: "a", Resume: true, Observer: w})
	got := string(bytesOf(t, "a/metrics.csv"))
	if w.warned("metrics.csv: 1 damaged row") != 1 || strings.Count(got, "\n") != 3 ||
		!strings.Contains(got, "\n10,") || !strings.Contains(got, "\n30,") {
		t.Errorf("warnings %q, metrics\n%q", w.warnings, got)
	}
}

// picture writes small gray images.
func picture(t *testing.T, paths ...string) {
	t.Helper()
	for i, path := range paths {
		m := image.NewGray(image.Rect(0, 0, 8, 8))
		for j := range m.Pix {
			m.Pix[j] = uint8(37 * (i + 1) * j)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := figure.WritePNG(path, m); err != nil {
			t.Fatal(err)
		}
	}
}
