package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/checkpoint"
)

// tiny is an experiment that trains in a second. %s are keys of [data] and of [train].
const tiny = `seed = 3
[data]
path = "glyphs"
size = 8
channels = 1
%s
[net]
kind = "unet"
base = 8
multipliers = [1, 2]
blocks = 1
attention = [4]
[train]
noise = { kind = "log-normal", mean = -1.2, std = 1.2 }
weight = { kind = "edm" }
batch = 4
steps = 6
rate = 1e-3
warmup = 2
decay = "cosine"
clip = 1.0
checkpoint_every = 3
preview_every = 6
validate_every = 3
%s
[[walk]]
name = "geometric"
schedule = { kind = "geometric", steps = 5, max = 80.0, min = 0.01 }
step = { kind = "proportional", epsilon = 0.4 }
temperature = { kind = "linear", from = 0.4, to = 1.0 }
`

// inFolder changes to a new folder with tiny.toml in it.
func inFolder(t *testing.T, data, train string) {
	t.Helper()
	t.Chdir(t.TempDir())
	source := fmt.Sprintf(tiny, data, train)
	if err := os.WriteFile("tiny.toml", []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
}

// command runs the command and returns its exit code and messages.
func command(ctx context.Context, args ...string) (int, string) {
	var stderr bytes.Buffer
	code := run(ctx, args, &stderr)
	return code, stderr.String()
}

func mustTrain(t *testing.T, args ...string) string {
	t.Helper()
	code, messages := command(t.Context(), args...)
	if code != 0 {
		t.Fatalf("train %v: exit %d\n%s", args, code, messages)
	}
	return messages
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRunFolder(t *testing.T) {
	inFolder(t, "", "")
	mustTrain(t, "-experiment", "tiny.toml")
	r := runs.Folder("runs/tiny")
	if e, err := experiments.Load(r.Experiment()); err != nil || e.Train.Steps != 6 {
		t.Errorf("experiment: %v", err)
	}
	if _, err := os.Stat(filepath.Join(r.Previews(), "step-000006.png")); err != nil {
		t.Error(err)
	}
	if events, _ := filepath.Glob("runs/tiny/events.out.tfevents.*"); len(events) != 1 {
		t.Errorf("event files: %v", events)
	}
	rows := strings.Split(strings.TrimSpace(string(bytesOf(t, r.Metrics()))), "\n")
	if len(rows) < 3 || !strings.HasPrefix(rows[0], "step,seconds,loss,") || !strings.Contains(rows[0], "held_out_0.05") {
		t.Errorf("metrics:\n%s", strings.Join(rows, "\n"))
	}
	mustTrain(t, "-experiment", "tiny.toml")
	if !runs.Folder("runs/tiny-2").Used() {
		t.Error("a second run must have its own folder")
	}
}

// TestResume stops a run in three ways; each, resumed, ends with the bytes of a run that never stopped.
func TestResume(t *testing.T) {
	for _, train := range []string{"", "accumulate = 3"} {
		t.Run(train, func(t *testing.T) {
			inFolder(t, "flip = true", train)
			mustTrain(t, "-experiment", "tiny.toml", "-out", "whole")
			want := bytesOf(t, checkpoint.File("whole/checkpoints", 6))

			t.Run("killed after a checkpoint", func(t *testing.T) {
				if err := os.CopyFS("killed", os.DirFS("whole")); err != nil {
					t.Fatal(err)
				}
				if err := os.Remove(checkpoint.File("killed/checkpoints", 6)); err != nil {
					t.Fatal(err)
				}
				mustTrain(t, "-resume", "killed")
				if !bytes.Equal(bytesOf(t, checkpoint.File("killed/checkpoints", 6)), want) {
					t.Error("the resumed run differs")
				}
				if rows := bytesOf(t, "killed/metrics.csv"); bytes.Count(rows, []byte("\n6,")) != 2 { // losses, and held-out errors
					t.Errorf("rows of step 6 in\n%s", rows)
				}
			})
			t.Run("interrupted", func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if code, messages := command(ctx, "-experiment", "tiny.toml", "-out", "interrupted"); code != interrupted {
					t.Fatalf("exit %d\n%s", code, messages)
				}
				mustTrain(t, "-resume", "interrupted")
				if !bytes.Equal(bytesOf(t, checkpoint.File("interrupted/checkpoints", 6)), want) {
					t.Error("the resumed run differs")
				}
			})
		})
	}
}

// TestInterruptWithoutRoom has Ctrl-C come when the checkpoint cannot be written: that is a failure, and said.
func TestInterruptWithoutRoom(t *testing.T) {
	inFolder(t, "", "")
	// Where the folder of checkpoints should be, there is a file.
	if err := errors.Join(os.Mkdir("full", 0o755), os.WriteFile("full/checkpoints", nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, messages := command(ctx, "-experiment", "tiny.toml", "-out", "full")
	if code != failed || !strings.Contains(messages, "train: interrupted after step 0, which could not be saved: ") {
		t.Errorf("exit %d\n%s", code, messages)
	}
}

// TestDivergence trains with an absurd rate: the run stops, and what it saved before is finite.
func TestDivergence(t *testing.T) {
	inFolder(t, "", "ema = 0.5")
	source := strings.NewReplacer("rate = 1e-3", "rate = 1e25",
		"checkpoint_every = 3", "checkpoint_every = 1", "clip = 1.0", "clip = 0.0",
		"validate_every = 3", "validate_every = 0", "preview_every = 6", "preview_every = 0", "steps = 6", "steps = 60").
		Replace(string(bytesOf(t, "tiny.toml")))
	if err := os.WriteFile("tiny.toml", []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	code, messages := command(t.Context(), "-experiment", "tiny.toml")
	if code != failed || !strings.Contains(messages, "train.rate") ||
		!strings.Contains(messages, "the last good checkpoint is") {
		t.Fatalf("exit %d\n%s", code, messages)
	}
	last, err := checkpoint.Newest("runs/tiny/checkpoints")
	if err != nil {
		t.Fatal(err)
	}
	c, err := checkpoint.Read(last)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range c.Parameters {
		for _, v := range p.Data {
			if math.IsNaN(float64(v)) {
				t.Fatalf("%s: %s is not finite", last, name)
			}
		}
	}
}

func TestMistakes(t *testing.T) {
	inFolder(t, "", "")
	mustTrain(t, "-experiment", "tiny.toml", "-out", "used")
	for _, dir := range []string{"empty", "broken"} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile("broken/a.png", []byte("no picture"), 0o644)
	os.WriteFile("typo.toml", bytes.Replace(bytesOf(t, "tiny.toml"), []byte("batch"), []byte("bacth"), 1), 0o644)
	os.CopyFS("cut", os.DirFS("used"))
	cut := checkpoint.File("cut/checkpoints", 6)
	os.WriteFile(cut, bytesOf(t, cut)[:5000], 0o644)
	os.Remove(checkpoint.File("cut/checkpoints", 3))
	os.Mkdir("others", 0o755)
	os.WriteFile("others/experiment.toml", []byte("seed = 1"), 0o644)
	os.CopyFS("other", os.DirFS("used"))
	wider := bytes.Replace(bytesOf(t, "other/experiment.toml"), []byte("base = 8"), []byte("base = 16"), 1)
	os.WriteFile("other/experiment.toml", wider, 0o644)
	for _, c := range []struct {
		name string
		args []string
		code int
		want string // in the message
	}{
		{"unknown flag", []string{"-stepz", "3"}, misused, "stepz"},
		{"argument", []string{"photos"}, misused, `"photos"`},
		{"no steps", []string{"-steps", "0"}, misused, "-steps 0"},
		{"unknown experiment", []string{"-experiment", "glyps"}, misused, `"glyphs"`},
		{"unknown key", []string{"-experiment", "typo.toml"}, misused,
			`typo.toml:16: train.bacth: unknown key; did you mean "batch"`},
		{"nothing to train", []string{"-experiment", "paper/figure1a"}, misused,
			"paper/figure1a has no [net] and [train]: it only samples"},
		{"folder in use", []string{"-experiment", "tiny.toml", "-out", "used"}, misused, "-resume used"},
		{"folder of another experiment", []string{"-experiment", "tiny.toml", "-out", "others"}, misused,
			"-out others: holds another experiment.toml"},
		{"nothing to resume", []string{"-resume", "empty"}, misused, "empty"},
		{"resume with a seed", []string{"-resume", "used", "-seed", "4"}, misused, "-seed"},
		{"resume when done", []string{"-resume", "used"}, failed, "-steps"},
		{"resume from damaged checkpoints", []string{"-resume", "cut", "-steps", "9"}, failed, cut},
		{"resume another network", []string{"-resume", "other", "-steps", "9"}, failed,
			"net.base is 8 in the checkpoint and 16 in the experiment"},
		{"no images", []string{"-experiment", "tiny.toml", "-data", "empty", "-out", "new"}, failed, "empty"},
		{"no such data", []string{"-experiment", "tiny.toml", "-data", "nowhere", "-out", "new"}, failed, "nowhere"},
		{"no readable image", []string{"-experiment", "tiny.toml", "-data", "broken", "-out", "new"}, failed, "a.png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, messages := command(t.Context(), c.args...)
			if code != c.code || !strings.Contains(messages, c.want) {
				t.Errorf("exit %d, want %d and %q in\n%s", code, c.code, c.want, messages)
			}
		})
	}
}

// TestUnreadableImage has one bad file among good ones: it is named, skipped and counted.
func TestUnreadableImage(t *testing.T) {
	inFolder(t, "validation = 0.0", "")
	if err := os.Mkdir("photos", 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		m := image.NewGray(image.Rect(0, 0, 8, 8))
		m.SetGray(i, i, color.Gray{255})
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(fmt.Sprintf("photos/%d.png", i), b.Bytes(), 0o644)
	}
	os.WriteFile("photos/bad.png", []byte("no picture"), 0o644)
	messages := mustTrain(t, "-experiment", "tiny.toml", "-data", "photos")
	if !strings.Contains(messages, "bad.png") || !strings.Contains(messages, "1 image") {
		t.Errorf("messages:\n%s", messages)
	}
}
