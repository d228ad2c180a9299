package runs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckpoint(t *testing.T) {
	t.Chdir(t.TempDir())
	old, latest := Folder("runs/vp").Checkpoints()+"/step-000001.safetensors", Folder("runs/vp").Checkpoints()+"/step-000020.safetensors"
	for _, path := range []string{old, latest, "net.pt", "bare/experiment.toml"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{"runs/vp": latest, "runs/vp/": latest, old: old, "net.pt": "net.pt"} {
		if got, err := Checkpoint(path); err != nil || filepath.ToSlash(got) != filepath.ToSlash(want) {
			t.Errorf("Checkpoint(%q) = %q, %v, want %q", path, got, err, want)
		}
	}
	for path, parts := range map[string][]string{
		"runs/paper/vp":    {"runs/paper/vp", "go run ./train -out runs/paper/vp", "go run ./scripts/reproduce"},
		"bare":             {"bare", "go run ./train -out bare"},
		"gone.safetensors": {"gone.safetensors"},
	} {
		_, err := Checkpoint(path)
		for _, part := range parts {
			if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(fmt.Sprint(err), "\n") {
				t.Errorf("Checkpoint(%q): %v, want %q", path, err, part)
			}
		}
	}
}
