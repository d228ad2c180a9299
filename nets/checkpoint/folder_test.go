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
	dir := fill(t, "step-000200.safetensors", "step-001000.safetensors", "step-999999.safetensors",
		"step-1000000.safetensors",
		"step-2000000.safetensors.tmp", "step-best.safetensors", "final.safetensors", "step-3000000.txt")
	if err := os.Mkdir(File(dir, 5000000), 0o777); err != nil {
		t.Fatal(err)
	}
	if got, err := Newest(dir); err != nil || got != File(dir, 1000000) {
		t.Errorf("got %q, %v", got, err)
	}
	for name, dir := range map[string]string{
		"an empty folder": t.TempDir(), "no folder": filepath.Join(t.TempDir(), "runs"), "another's files": fill(t,
			"model.pt"),
	} {
		_, err := Newest(dir)
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) ||
			!strings.Contains(err.Error(), "step-*.safetensors") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A damaged checkpoint is passed over, with the reason, for the newest that can be used.
func TestNewestUsable(t *testing.T) {
	c := small()
	var dir string
	save := func(step int) (path string, content []byte) {
		path = File(dir, step)
		if err := Write(path, c); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return path, content
	}
	for name, damage := range map[string]func(content []byte) []byte{
		"cut short":             func(b []byte) []byte { return b[:len(b)-1] },
		"cut within the header": func(b []byte) []byte { return b[:100] },
		"empty":                 func([]byte) []byte { return nil },
		"zeros":                 func(b []byte) []byte { return make([]byte, len(b)) },
		"another format":        func([]byte) []byte { return []byte("PK\x03\x04 a PyTorch file") },
		"longer":                func(b []byte) []byte { return append(b, 0) },
		"no metadata": func([]byte) []byte {
			return file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`,
				4)
		},
	} {
		dir = t.TempDir()
		usable, _ := save(10)
		if got, damaged, err := NewestUsable(dir); got != usable || len(damaged) != 0 || err != nil {
			t.Errorf("%s: before the damage: %q, %v, %v", name, got, damaged, err)
		}
		newer := []string{}
		for _, step := range []int{30, 20} {
			path, content := save(step)
			if err := os.WriteFile(path, damage(content), 0o666); err != nil {
				t.Fatal(err)
			}
			newer = append(newer, path)
		}
		got, damaged, err := NewestUsable(dir)
		if got != usable || len(damaged) != 2 || err != nil {
			t.Errorf("%s: %q, %v, %v", name, got, damaged, err)
			continue
		}
		for i, path := range newer {
			if text := damaged[i].Error(); !strings.Contains(text, path) || strings.Contains(text, "\n") {
				t.Errorf("%s: reason %q does not name %s in one line", name, text, path)
			}
		}
		if err := os.Remove(usable); err != nil {
			t.Fatal(err)
		}
		if got, damaged, err := NewestUsable(dir); err == nil || got != "" || len(damaged) != 2 ||
			!strings.Contains(err.Error(), "no usable checkpoint") || !strings.Contains(err.Error(), newer[0]) {
			t.Errorf("%s: none is left, but %q, %v, %v", name, got, damaged, err)
		}
	}
	if _, _, err := NewestUsable(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: error %v", err)
	}
}

// A checkpoint of a newer program is not damaged: going on from an older one would lose its steps.
func TestNewestUsableStopsAtANewerVersion(t *testing.T) {
	dir := t.TempDir()
	for _, step := range []int{10, 20} {
		if err := Write(File(dir, step), small()); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(File(dir, 20))
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(content), `"version":"1"`, `"version":"2"`, 1)
	if err := os.WriteFile(File(dir, 20), []byte(newer), 0o666); err != nil {
		t.Fatal(err)
	}
	if path, _, err := NewestUsable(dir); path != "" || err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("%q, error %v", path, err)
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
