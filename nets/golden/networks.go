package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// A Network is an entry of nets/nets.json: an authors' network with random weights, and what it makes of some images.
type Network struct {
	Name   string
	Arch   string // "adm" or "ncsnpp"
	Config json.RawMessage
	File   string // as PyTorch saved it
	folder string
}

// Networks returns the entries of an architecture. The test is skipped if there are no reference values.
func Networks(t testing.TB, arch string) []Network {
	t.Helper()
	folder := filepath.Join(Folder(t), "nets")
	list, err := os.ReadFile(filepath.Join(folder, "nets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all, found []Network
	if err := json.Unmarshal(list, &all); err != nil {
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
		n.File, n.folder = files[0], folder
		found = append(found, n)
	}
	return found
}

// Values returns the images x, NCHW, their noise conditioning t, and the network's output y.
func (n Network) Values(t testing.TB) (x, c, y []float32) {
	t.Helper()
	read := func(part string) []float32 { return NPY[float32](t, filepath.Join(n.folder, n.Name+"_"+part+".npy")) }
	return read("x"), read("t"), read("y")
}
