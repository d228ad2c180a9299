package runs

import (
	"fmt"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
)

// save writes a small checkpoint.
func save(t *testing.T, path string) {
	t.Helper()
	err := checkpoint.Write(path, &checkpoint.Checkpoint{
		Parameters: map[string]checkpoint.Tensor{"w": {Data: []float32{1}}},
		Meta: checkpoint.Meta{Network: "unet", Config: []byte("{}"), Parameterization: "edm", Range: [2]float64{-1, 1},
			Channels: 1, Height: 1, Width: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheckpoint(t *testing.T) {
	t.Chdir(t.TempDir())
	of := func(run Folder, step int) string { return checkpoint.File(run.Checkpoints(), step) }
	old, latest, damaged := of("runs/vp", 1), of("runs/vp", 20), of("runs/vp", 30)
	save(t, old)
	save(t, latest)
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
