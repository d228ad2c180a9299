// Package golden gives tests the reference values that they compare with: trajectories and networks of the paper's
// authors, and networks computed by PyTorch. They lie in testdata, whose README.md says how they were made.
//
// Weights and noise were drawn from PyTorch's generator, so only their seeds are stored, and this package draws the
// same numbers, to the bit. The package is for tests alone. It must not know what it tests: it writes files, as
// PyTorch and NumPy would have, and reads back arrays.
package golden

import (
	"embed"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/sbinet/npyio"
)

//go:embed testdata
var stored embed.FS

// Folder returns a folder of reference values, which is removed when the test ends. Its subfolders are schedule, walk,
// unet and nets. If TWEEDIE_GOLDEN names a folder of the same layout, Folder returns that one.
func Folder(t testing.TB) string {
	t.Helper()
	if folder := os.Getenv("TWEEDIE_GOLDEN"); folder != "" {
		if _, err := os.Stat(folder); err != nil {
			t.Fatalf("TWEEDIE_GOLDEN: %v", err)
		}
		return folder
	}
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatalf("golden: %v", err)
	}
	return folder
}

// write writes all files to a folder: the stored ones as they are, and the others from drawn numbers.
func write(folder string) error {
	root, err := fs.Sub(stored, "testdata")
	if err != nil {
		return err
	}
	if err := os.CopyFS(folder, root); err != nil {
		return err
	}
	lists, err := fs.Glob(root, "*/*.json")
	if err != nil {
		return err
	}
	for _, list := range lists {
		var entries []drawn
		if err := readJSON(filepath.Join(folder, list), &entries); err != nil {
			return err
		}
		for _, e := range entries {
			if err := e.write(filepath.Join(folder, filepath.Dir(list))); err != nil {
				return err
			}
		}
	}
	return nil
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// NPY reads a .npy file of NumPy whose values are of type F.
func NPY[F float32 | float64](t testing.TB, path string) []F {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var values []F
	if err := npyio.Read(file, &values); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return values
}

// A Network is an entry of nets/nets.json: a network by the authors' code with random weights, and its output for some
// images.
type Network struct {
	Name   string
	Arch   string // "adm" or "ncsnpp"
	Config json.RawMessage
	File   string // as PyTorch saved it
}

// Networks returns the entries of an architecture. There must be one.
func Networks(t testing.TB, arch string) []Network {
	t.Helper()
	folder := filepath.Join(Folder(t), "nets")
	var all, found []Network
	if err := readJSON(filepath.Join(folder, "nets.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, n := range all {
		if n.Arch != arch {
			continue
		}
		files, err := filepath.Glob(filepath.Join(folder, n.Name+".pt*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s has the files %q (%v), want one", n.Name, files, err)
		}
		n.File = files[0]
		found = append(found, n)
	}
	if len(found) == 0 {
		t.Fatalf("%s has no network of architecture %q", folder, arch)
	}
	return found
}

// Values returns the images x, NCHW, their noise conditioning c, and the network's output y.
func (n Network) Values(t testing.TB) (x, c, y []float32) {
	t.Helper()
	stem := strings.TrimSuffix(n.File, filepath.Ext(n.File))
	read := func(part string) []float32 { return NPY[float32](t, stem+"_"+part+".npy") }
	return read("x"), read("t"), read("y")
}
