package experiments

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// An Experiment is the contents of one file.
type Experiment struct {
	Name  string // of the built-in experiment, or of the file without folder and .toml
	Title string // one line for reports
	Seed  uint64 // of everything random; default 1
	Data  Data
	Net   Net
	Train Train
	Walks []Walk // tables [[walk]]; may be empty
}

func (e *Experiment) fields() []field {
	return []field{
		optional("title", &e.Title, ""),
		optional("seed", &e.Seed, 1),
		table("data", &e.Data),
		table("net", &e.Net),
		table("train", &e.Train),
		tables("walk", &e.Walks),
		notBuilt("sweep"),
	}
}

func (e *Experiment) check(complain func(key, message string)) {
	size := e.Data.Size + e.Data.Crop // one of them is zero
	sides := e.Net.resolutions(size)
	for _, side := range e.Net.Attention {
		if !slices.Contains(sides, side) {
			complain("net.attention", fmt.Sprintf("%d never occurs; images of %d pixels have resolutions %s",
				side, size, listed(sides)))
		}
	}
	for i, w := range e.Walks {
		if slices.ContainsFunc(e.Walks[:i], func(other Walk) bool { return other.Name == w.Name }) {
			complain(fmt.Sprintf("walk[%d].name", i), fmt.Sprintf("%q is the name of an earlier walk too; names must differ", w.Name))
		}
		if err := w.Measurement.fits(e.Data); err != nil {
			complain(fmt.Sprintf("walk[%d].measurement", i), err.Error())
		}
	}
}

// Parse reads an experiment. The file's name is for errors, and gives the experiment's.
// The error holds one line for each mistake, in order of the file.
func Parse(file string, source []byte) (*Experiment, error) {
	var e Experiment
	if err := read(file, string(source), &e); err != nil {
		return nil, err
	}
	e.Name = strings.TrimSuffix(filepath.Base(file), ".toml")
	return &e, nil
}
