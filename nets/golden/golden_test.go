package golden

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Every array and every network that is drawn is there, and none is drawn from another seed: write compares checksums.
func TestValuesAreThoseOfPyTorch(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.tensors"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no networks: %v", err)
	}
	for _, list := range []string{"walk/noise.json", "nets/nets.json", "unet/unet.json"} {
		var entries []drawn
		if err := readJSON(filepath.Join(folder, list), &entries); err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.CRC == nil {
				t.Errorf("%s: %s has no checksum", list, e.Name)
				continue
			}
			e.Seed++
			err := e.write(filepath.Join(folder, filepath.Dir(list)))
			if err == nil || !strings.Contains(err.Error(), "checksum") {
				t.Errorf("%s: %s drawn from another seed: error %v", list, e.Name, err)
			}
		}
	}
}

// The repository carries at most 2 MB of reference values.
func TestSize(t *testing.T) {
	total := int64(0)
	err := fs.WalkDir(stored, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil || total > 2_000_000 {
		t.Errorf("%d bytes of reference values (%v)", total, err)
	}
}
