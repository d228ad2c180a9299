package checkpoint

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func fill(t *testing.T, names ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestNewest(t *testing.T) {
	dir := fill(t, "step-000200.safetensors", "step-001000.safetensors", "step-999999.safetensors", "step-1000000.safetensors",
		"step-2000000.safetensors.tmp", "step-best.safetensors", "final.safetensors", "step-3000000.txt")
	if err := os.Mkdir(File(dir, 5000000), 0o777); err != nil {
		t.Fatal(err)
	}
	if got, err := Newest(dir); err != nil || got != File(dir, 1000000) {
		t.Errorf("got %q, %v", got, err)
	}
	for name, dir := range map[string]string{
		"an empty folder": t.TempDir(), "no folder": filepath.Join(t.TempDir(), "runs"), "another's files": fill(t, "model.pt"),
	} {
		_, err := Newest(dir)
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "step-*.safetensors") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestPrune(t *testing.T) {
	names := []string{"best.safetensors", "step-000010.safetensors", "step-000020.safetensors",
		"step-000030.safetensors", "step-1000000.safetensors"}
	for keep, want := range map[int][]string{
		1: {"best.safetensors", "step-1000000.safetensors"},
		2: {"best.safetensors", "step-000030.safetensors", "step-1000000.safetensors"},
		9: names,
	} {
		dir := fill(t, append(names, "step-000025.safetensors.tmp")...)
		if err := Prune(dir, keep); err != nil {
			t.Fatal(err)
		}
		var left []string
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if !slices.Equal(left, want) {
			t.Errorf("keeping %d left %v", keep, left)
		}
	}
	dir := fill(t, names...)
	if err := Prune(dir, 0); err == nil {
		t.Error("keeping 0 is no error")
	}
	if left, _ := os.ReadDir(dir); len(left) != len(names) {
		t.Error("keeping 0 removed files")
	}
}
