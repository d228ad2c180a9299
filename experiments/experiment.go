package experiments

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// An Experiment is the contents of one file. One that trains has the tables [data], [net] and [train];
// one that only samples may have [data], images to compare with or to measure. Tables that the file does
// not have are zero.
type Experiment struct {
	Name    string // of the built-in experiment, or of the file without folder and .toml
	Title   string // one line for reports
	Seed    uint64 // of everything random; default 1
	Data    Data
	Net     Net
	Train   Train
	Walks   []Walk   // tables [[walk]]; may be empty. Combinations has what a sweep makes of them
	Metrics *Metrics // nil: samples are not scored
	Figures []Figure // tables [[figure]]; none: a picture of each walk

	sweep sweep
}

// Trains reports whether the experiment trains a network; it has [data], [net] and [train] if so.
func (e *Experiment) Trains() bool { return e.Net.Kind != "" }

func (e *Experiment) fields() []field {
	return []field{
		optional("title", &e.Title, ""),
		optional("seed", &e.Seed, 1),
		section("data", &e.Data),
		section("net", &e.Net),
		section("train", &e.Train),
		e.walksField(),
		e.sweepField(), // of walks that have been read
		optionalTable("metrics", &e.Metrics),
		tables("figure", &e.Figures),
	}
}

func (e *Experiment) check(complain func(key, message string)) {
	e.checkSections(complain)
	if e.Trains() && e.Train.Batch > 0 && e.Data.Path != "" {
		e.checkNetwork(complain)
	}
	for i, w := range e.Walks {
		if slices.ContainsFunc(e.Walks[:i], func(other Walk) bool { return other.Name == w.Name }) {
			complain(fmt.Sprintf("walk[%d].name", i), fmt.Sprintf("%q is the name of an earlier walk too; names must differ", w.Name))
		}
		if err := w.Measurement.fits(e.Data); err != nil {
			complain(fmt.Sprintf("walk[%d].measurement", i), err.Error())
		}
		if e.Data.Path == "" && w.Measurement != nil && w.Measurement.Images == "" {
			complain(fmt.Sprintf("walk[%d].measurement.images", i), "is missing: without [data] there are no held-out images to measure")
		}
	}
	for i, f := range e.Figures {
		e.checkFigure(i, f, func(key, message string) { complain(fmt.Sprintf("figure[%d].%s", i, key), message) })
	}
}

// checkSections refuses an experiment that can neither train nor sample as its tables promise.
func (e *Experiment) checkSections(complain func(key, message string)) {
	needs := func(given, needed, why string) {
		complain(given, fmt.Sprintf("needs [%s], %s; an experiment that only samples has neither [net] nor [train]", needed, why))
	}
	trains := e.Train.Batch > 0
	switch {
	case e.Trains() && !trains:
		needs("net", "train", "how the network is trained")
	case trains && !e.Trains():
		needs("train", "net", "the network that is trained")
	case trains && e.Data.Path == "":
		needs("train", "data", "the images to train on")
	case e.Metrics != nil && e.Data.Path == "":
		complain("metrics", "needs [data], the images that samples are compared with")
	}
	if !trains || !e.Trains() {
		return
	}
	size := e.Data.Size + e.Data.Crop // one of them is zero
	sides := e.Net.resolutions(size)
	for _, side := range e.Net.Attention {
		if !slices.Contains(sides, side) {
			complain("net.attention", fmt.Sprintf("%d never occurs; images of %d pixels have resolutions %s",
				side, size, listed(sides)))
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
