package runs

import (
	"fmt"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
)

// save writes a small checkpoint of a step.
func save(t *testing.T, path string, step int) {
	t.Helper()
	err := checkpoint.Write(path, &checkpoint.Checkpoint{
		Parameters: map[string]checkpoint.Tensor{"w": {Data: []float32{1}}},
		Meta: checkpoint.Meta{Network: "unet", Config: []byte("{}"), Parameterization: "edm", Range: [2]float64{-1, 1},
			Channels: 1, Height: 1, Width: 1, Step: step},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTrained(t *testing.T) {
	t.Chdir(t.TempDir())
	of := func(run Folder, step int) string { return checkpoint.File(run.Checkpoints(), step) }
	write(t, of("runs/damaged", 20), "")
	for _, step := range []int{1, 20} {
		save(t, of("runs/vp", step), step)
	}
	for _, c := range []struct {
		run   Folder
		steps int
		want  string
	}{
		{"runs/vp", 19, of("runs/vp", 20)},
		{"runs/vp", 20, of("runs/vp", 20)},
		{"runs/vp", 21, ""},
		{"runs/damaged", 1, ""},
		{"runs/none", 0, ""},
	} {
		if got := c.run.Trained(c.steps); got != c.want {
			t.Errorf("%s, trained for %d steps: %q, want %q", c.run, c.steps, got, c.want)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	t.Chdir(t.TempDir())
	of := func(run Folder, step int) string { return checkpoint.File(run.Checkpoints(), step) }
	old, latest, damaged := of("runs/vp", 1), of("runs/vp", 20), of("runs/vp", 30)
	save(t, old, 1)
	save(t, latest, 20)
	for _, path := range []string{damaged, of("runs/hopeless", 7), "net.pt", "bare/experiment.toml"} {
		write(t, path, "")
	}
	for path, want := range map[string]string{"runs/vp": latest, "runs/vp/": latest, old: old, "net.pt": "net.pt"} {
		got, passed, err := Checkpoint(path)
		if err != nil || got != want {
			t.Errorf("Checkpoint(%q) = %q, %v, want %q", path, got, err, want)
		}
		if want == latest && !strings.Contains(fmt.Sprint(passed), damaged) || want != latest && len(passed) > 0 {
			t.Errorf("Checkpoint(%q) passes over %v", path, passed)
		}
	}
	for path, parts := range map[string][]string{
		"runs/paper/vp":    {"runs/paper/vp", "go run ./train -out runs/paper/vp", "go run ./scripts/reproduce"},
		"bare":             {"bare", "go run ./train -out bare"},
		"gone.safetensors": {"gone.safetensors"},
		"runs/hopeless":    {"no usable checkpoint", of("runs/hopeless", 7)},
	} {
		_, _, err := Checkpoint(path)
		for _, part := range parts {
			if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(fmt.Sprint(err), "\n") {
				t.Errorf("Checkpoint(%q): %v, want %q", path, err, part)
			}
		}
	}
}
