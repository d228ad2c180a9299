package experiments

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/experiments/strict"
	"tweedie/experiments/sweep"
)

// An Experiment is the contents of one file. One that trains has the tables [data], [net] and [train]. One that only
// samples may have [data]: its images are measured, or samples are compared with them. Tables that the file does not
// have are zero.
type Experiment struct {
	Name    string // of the built-in experiment, or of the file without folder and .toml
	Title   string
	Seed    uint64
	Data    Data
	Net     Net
	Train   Train
	Walks   []Walk   // tables [[walk]], before a sweep changes them
	Metrics *Metrics // nil: samples are not scored
	Figures []Figure // tables [[figure]]; none: a picture of each walk

	sweep    sweep.Sweep
	variants []sweep.Variant[Walk] // of all Walks
	// decoded holds each walk that is swept, by name, as the file has it, but without samples. Encode must write it
	// without defaults, which may depend on values that are swept.
	decoded map[string]map[string]any
}

// Trains reports whether the experiment trains a network. It then has [data], [net] and [train].
func (e *Experiment) Trains() bool { return e.Net.Kind != "" }

// Fields are the keys of a file.
func (e *Experiment) Fields() []strict.Field {
	return []strict.Field{
		strict.Optional("title", &e.Title, "").Doc("one line for reports"),
		strict.Optional("seed", &e.Seed, 1).Doc("seed of everything random; two runs with one seed are equal"),
		strict.Section("data", &e.Data).DefaultDoc("none, for sampling only").Doc("the images"),
		strict.Section("net", &e.Net).DefaultDoc("none, for sampling only").
			Doc("the network that is trained; needs `[train]`"),
		strict.Section("train", &e.Train).DefaultDoc("none, for sampling only").
			Doc("how the network is trained; needs `[net]` and `[data]`"),
		e.walks().Doc("random walks that draw samples, one for each table"),
		e.sweeps().TypeDoc("table of lists").DefaultDoc("none").
			Doc("settings of the walks, each with the list of values that it takes in turn: " +
				"every combination becomes a walk; a key of an inner table is written in quotes, " +
				"`\"step.epsilon\" = [0.2, 0.4]`"),
		strict.OptionalGroup("metrics", &e.Metrics).DefaultDoc("none: nothing is scored").
			Doc("how samples are scored against training images; needs `[data]`"),
		strict.Groups("figure", &e.Figures).DefaultDoc("a picture of each walk").
			Doc("figures of samples or scores, one for each table"),
	}
}

// walks is the field of the tables [[walk]]. Those that are swept are written without defaults.
func (e *Experiment) walks() strict.Field {
	complete := strict.Groups("walk", &e.Walks)
	return complete.WriteAs(func() any {
		if len(e.sweep) == 0 {
			return complete.Value()
		}
		tables := make([]strict.Table, len(e.Walks))
		for i := range e.Walks {
			w := &e.Walks[i]
			tables[i] = strict.RawTable{Table: w, Values: e.decoded[w.Name], Live: live(w)}
		}
		return tables
	})
}

// live returns the keys of a swept walk whose present values are written, since a command may have changed them.
func live(w *Walk) []string {
	if w.Checkpoint == "" {
		return []string{"samples"}
	}
	return []string{"samples", "checkpoint"}
}

// Parse reads an experiment. The file's name appears in errors, and gives the experiment's name. An error has one line
// for each mistake, in the order of the file.
func Parse(file string, source []byte) (*Experiment, error) {
	var e Experiment
	if err := strict.Read(file, string(source), &e); err != nil {
		return nil, err
	}
	e.Name = strings.TrimSuffix(filepath.Base(file), ".toml")
	return &e, nil
}

// Encode writes the experiment as TOML with every default filled in. Parse reads it back to the same experiment, except
// for its name, which is not part of the file. Walks that are swept are written without defaults, which may depend on
// values that are swept. An experiment that Parse would refuse, such as one changed to have no steps, is an error.
func (e *Experiment) Encode() ([]byte, error) {
	source := strict.Encode(e)
	if _, err := Parse(e.Name, source); err != nil {
		return nil, fmt.Errorf("experiments: cannot encode an invalid experiment: %w", err)
	}
	return source, nil
}

// Check complains about tables that are right by themselves but do not go together.
func (e *Experiment) Check(complain func(key, message string)) {
	e.checkSections(complain)
	if e.Trains() && e.Train.Batch > 0 && e.Data.Path != "" {
		e.checkNetwork(complain)
	}
	for i, w := range e.Walks {
		complain := func(key, message string) { complain(fmt.Sprintf("walk[%d].%s", i, key), message) }
		if slices.ContainsFunc(e.Walks[:i], func(other Walk) bool { return other.Name == w.Name }) {
			complain("name", fmt.Sprintf("%q is the name of an earlier walk too; names must differ", w.Name))
		}
		e.checkMeasurement(w, complain)
	}
	for i, f := range e.Figures {
		e.checkFigure(i, f, func(key, message string) { complain(fmt.Sprintf("figure[%d].%s", i, key), message) })
	}
}

// checkMeasurement complains about a walk's measurement if there are no images that it can measure.
func (e *Experiment) checkMeasurement(w Walk, complain func(key, message string)) {
	if w.Measurement == nil {
		return
	}
	if err := w.Measurement.fits(e.Data); err != nil {
		complain("measurement", err.Error())
	}
	switch {
	case w.Measurement.Images != "":
	case e.Data.Path == "":
		complain("measurement.images", "is missing: without [data] there are no held-out images to measure")
	case e.Data.Validation == Validation{}:
		complain("measurement.images", "is missing: with data.validation = 0 there are no held-out images to measure")
	}
}

// checkSections complains about tables that need others.
func (e *Experiment) checkSections(complain func(key, message string)) {
	needs := func(given, needed, why string) {
		complain(given, fmt.Sprintf("needs [%s], %s; an experiment that only samples has neither [net] nor [train]",
			needed, why))
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
}
