package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"tweedie/nets/checkpoint"
)

// Runs is the folder, below the working folder, in which runs are kept.
const Runs = "runs"

// A Run is the folder of one training run.
type Run string

// The files of a run.
func (r Run) Experiment() string  { return filepath.Join(string(r), "experiment.toml") } // resolved
func (r Run) Checkpoints() string { return filepath.Join(string(r), "checkpoints") }
func (r Run) Metrics() string     { return filepath.Join(string(r), "metrics.csv") }
func (r Run) Previews() string    { return filepath.Join(string(r), "previews") }
func (r Run) Figures() string     { return filepath.Join(string(r), "figures") }

// Checkpoint returns the checkpoint that a walk names: the path itself if it is a file, or the newest of a run if it is the run's
// folder. An error says how to make the run.
func Checkpoint(path string) (file string, err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return path, nil
	case err == nil:
		if file, err = checkpoint.Newest(Run(path).Checkpoints()); err == nil {
			return file, nil
		}
	}
	if !errors.Is(err, fs.ErrNotExist) || filepath.Ext(path) != "" { // a file's name
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	return "", fmt.Errorf("checkpoint: %s is not the folder of a run with checkpoints: "+
		"train one with go run ./train -out %s, or all of the paper's with go run ./scripts/reproduce", path, path)
}

// Used reports whether the folder holds a run's checkpoints.
func (r Run) Used() bool {
	_, err := checkpoint.Newest(r.Checkpoints())
	return err == nil
}

// NewRun returns the folder for a new run of an experiment, one that holds no run yet: runs/NAME, or runs/NAME-2 and so on.
func NewRun(name string) Run {
	r := Run(filepath.Join(Runs, name))
	for i := 2; r.Used(); i++ {
		r = Run(filepath.Join(Runs, fmt.Sprintf("%s-%d", name, i)))
	}
	return r
}

// NewestRun returns the run with the newest checkpoint: of an experiment, or of all if name is empty.
func NewestRun(name string) (Run, error) {
	folders, err := os.ReadDir(Runs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	own := regexp.MustCompile("^" + regexp.QuoteMeta(name) + `(-\d+)?$`)
	var newest Run
	var when time.Time
	for _, f := range folders {
		r := Run(filepath.Join(Runs, f.Name()))
		last, err := checkpoint.Newest(r.Checkpoints())
		if err != nil || name != "" && !own.MatchString(f.Name()) {
			continue
		}
		if info, err := os.Stat(last); err == nil && info.ModTime().After(when) {
			newest, when = r, info.ModTime()
		}
	}
	switch {
	case newest != "":
		return newest, nil
	case name == "":
		return "", fmt.Errorf("no run in %s: train one first (go run ./train)", Runs)
	default:
		return "", fmt.Errorf("no run of experiment %s in %s: train one first (go run ./train -experiment %s)", name, Runs, name)
	}
}
