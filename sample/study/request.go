package study

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/checkpoint"
)

// A Request is what a user asks for. The zero Request asks for the newest run with the walks of its experiment.
type Request struct {
	Experiment string  // name of a built-in one, or a .toml file
	Checkpoint string  // a file, a run folder, or a closed form such as "exact:mixture"
	Data       string  // path of the images, instead of the experiment's
	Folder     string  // of the pictures
	Samples    int     // of each walk, instead of its own
	Seed       *uint64 // instead of the experiment's
	Planning   bool    // the walks are only planned, which needs no network
	Evaluating bool    // the denoiser is evaluated, with the experiment that it was trained by
}

// foreignWalks is the experiment for a file of another program, which has none: the authors' shortest.
const foreignWalks = "paper/figure1b"

// Find returns the experiment that is asked for, with the request's changes, and the options to run it with: its
// checkpoint, and the folder of its pictures. An experiment that is named is run with the newest checkpoint of its
// newest run. Otherwise, and to evaluate a run, the experiment is the one stored with the run, which knows the images
// that the network was trained on.
func Find(r Request) (e *experiments.Experiment, o Options, err error) {
	if r.Experiment != "" {
		o.Origin = r.Experiment
		if e, err = experiments.Load(r.Experiment); err != nil {
			return nil, o, &UsageError{err}
		}
	}
	o.Checkpoint, o.Override = r.Checkpoint, r.Checkpoint != ""
	var run runs.Folder
	file := "" // that was asked for
	switch {
	case isExact(r.Checkpoint): // it has no experiment of its own
		if run, err = newestRun(r.Experiment, e); e != nil {
			err = nil
		}
	case r.Checkpoint != "":
		if file, _, err = runs.Checkpoint(r.Checkpoint); err != nil {
			return nil, o, err
		}
		run = runOf(file)
	default:
		if run, err = newestRun(r.Experiment, e); err == nil {
			o.Checkpoint = string(run)
		}
	}
	// Walks can be planned before there is a network, and may all name another.
	evaluated := r.Evaluating && !isExact(r.Checkpoint)
	needed := e == nil || evaluated || !r.Planning && slices.ContainsFunc(e.Combinations(), namesNoCheckpoint)
	if err != nil && needed {
		return nil, o, err
	}
	if e == nil || evaluated && file == "" {
		if e, o.Origin, err = stored(run, file); err != nil {
			return nil, o, err
		}
	}
	if run == "" && r.Experiment != "" && file == "" { // its walks name other runs
		run = runs.Folder(filepath.Join(runs.Root, e.Name))
	}
	o.Folder, o.Report = foldersOf(run, r.Folder, o.Checkpoint)
	r.change(e)
	return e, o, nil
}

func namesNoCheckpoint(w experiments.Combination) bool { return w.Checkpoint == "" }

// foldersOf returns the folder of the pictures and the file of the report: those that are asked for, or a run's. Closed
// forms have a folder of their own beside the run's pictures.
func foldersOf(run runs.Folder, asked, checkpoint string) (folder, report string) {
	switch {
	case asked != "":
		return asked, ""
	case run != "":
		folder, report = run.Figures(), filepath.Join(string(run), reportFile)
	default:
		folder, report = "figures", reportFile
	}
	if isExact(checkpoint) {
		return filepath.Join(folder, strings.Replace(checkpoint, ":", "-", 1)), ""
	}
	return folder, report
}

// change applies the request's own images, seed and number of samples.
func (r Request) change(e *experiments.Experiment) {
	if r.Data != "" && e.Data.Path != "" {
		e.Data.Path = r.Data
	} else if r.Data != "" { // there is no [data], and so no images are held out
		for i := range e.Walks {
			if m := e.Walks[i].Measurement; m != nil {
				m.Images = r.Data
			}
		}
	}
	if r.Seed != nil {
		e.Seed = *r.Seed
	}
	if r.Samples > 0 {
		for i := range e.Walks {
			e.Walks[i].Samples = r.Samples
		}
	}
}

// newestRun returns the newest run of an experiment, which was read from a file or has a built-in name, or of all
// experiments if it is nil. A run's own experiment.toml stands for that run.
func newestRun(file string, e *experiments.Experiment) (runs.Folder, error) {
	if e == nil {
		return runs.Newest("")
	}
	if r := runs.Folder(filepath.Dir(file)); r.Experiment() == filepath.Clean(file) && r.Used() {
		return r, nil
	}
	return runs.Newest(e.Name)
}

// runOf returns the run that a checkpoint lies in, or "".
func runOf(file string) runs.Folder {
	folder := filepath.Dir(file)
	if r := runs.Folder(filepath.Dir(folder)); r.Checkpoints() == folder && r.Used() {
		return r
	}
	return ""
}

// stored returns the experiment in a checkpoint, or that of a run if there is no file, and says where it stands.
func stored(run runs.Folder, file string) (e *experiments.Experiment, origin string, err error) {
	if file == "" {
		e, err := experiments.Load(run.Experiment())
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return e, run.Experiment(), asMisuse(err)
		}
		if file, _, err = checkpoint.NewestUsable(run.Checkpoints()); err != nil {
			return nil, "", err
		}
	}
	own, err := checkpoint.IsCheckpoint(file)
	if err != nil {
		return nil, "", err
	}
	var meta checkpoint.Meta
	if own {
		if meta, err = checkpoint.ReadMeta(file); err != nil {
			return nil, "", err
		}
	}
	if meta.Experiment == "" { // of another program, or made of such a file
		e, err := experiments.Load(foreignWalks)
		return e, foreignWalks, asMisuse(err)
	}
	origin = "the experiment in " + file
	e, err = experiments.Parse(origin, []byte(meta.Experiment))
	return e, origin, asMisuse(err)
}

func asMisuse(err error) error {
	if err == nil {
		return nil
	}
	return &UsageError{err}
}
