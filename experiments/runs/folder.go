// Package runs owns run folders, the folders of trainings. It knows which files they have, finds them, and gives a
// training the right to write into one: Create makes a folder that no other training uses, Open takes an existing one,
// and both lock it until Close. Files are written whole, or appended to in a way that survives a cut.
//
// The package must not know how a network is trained, or what an experiment says.
package runs

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

// Root is the folder, below the working folder, in which runs are kept.
const Root = "runs"

// A Folder is the path of a run folder.
type Folder string

// Experiment is the file with every setting of the run, defaults filled in.
func (f Folder) Experiment() string { return filepath.Join(string(f), "experiment.toml") }

// Checkpoints is the folder of the run's checkpoints.
func (f Folder) Checkpoints() string { return filepath.Join(string(f), "checkpoints") }

// Metrics is the table of losses and errors, a CSV file.
func (f Folder) Metrics() string { return filepath.Join(string(f), "metrics.csv") }

// Previews is the folder of pictures drawn while training.
func (f Folder) Previews() string { return filepath.Join(string(f), "previews") }

// Figures is the folder of pictures drawn after training.
func (f Folder) Figures() string { return filepath.Join(string(f), "figures") }

// lockFile is locked by the training that writes into the folder. The lock is the operating system's, so it ends with
// the process; the file itself stays and means nothing.
func (f Folder) lockFile() string { return filepath.Join(string(f), ".lock") }

// Used reports whether the folder has checkpoints.
func (f Folder) Used() bool {
	_, err := checkpoint.Newest(f.Checkpoints())
	return err == nil
}

// Trained returns the newest checkpoint if it was written after so many steps or more, so that nothing is left to
// train. It returns "" otherwise, and also if there is no checkpoint or the newest is damaged.
func (f Folder) Trained(steps int) string {
	newest, err := checkpoint.Newest(f.Checkpoints())
	if err != nil {
		return ""
	}
	if meta, err := checkpoint.ReadMeta(newest); err != nil || meta.Step < steps {
		return ""
	}
	return newest
}

// Newest returns the folder with the newest checkpoint among the runs of an experiment, or among all if name is empty.
func Newest(name string) (Folder, error) {
	folders, err := os.ReadDir(Root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	named := regexp.MustCompile("^" + regexp.QuoteMeta(name) + `(-\d+)?$`)
	var newest Folder
	var when time.Time
	for _, entry := range folders {
		f := Folder(filepath.Join(Root, entry.Name()))
		last, err := checkpoint.Newest(f.Checkpoints())
		if err != nil || name != "" && !named.MatchString(entry.Name()) {
			continue
		}
		if info, err := os.Stat(last); err == nil && info.ModTime().After(when) {
			newest, when = f, info.ModTime()
		}
	}
	switch {
	case newest != "":
		return newest, nil
	case name == "":
		return "", fmt.Errorf("no run in %s: train one first (go run ./train)", Root)
	default:
		return "", fmt.Errorf("no run of experiment %s in %s: train one first (go run ./train -experiment %s)",
			name, Root, name)
	}
}

// Checkpoint returns the checkpoint that a walk names by path: path itself if it is a file, or the newest usable
// checkpoint if it is a run folder. damaged says why newer ones were passed over. If there is none, the error
// says how to train one.
func Checkpoint(path string) (file string, damaged []error, err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return path, nil, nil
	case err == nil:
		file, damaged, err = checkpoint.NewestUsable(Folder(path).Checkpoints())
		if err == nil || len(damaged) > 0 {
			return file, damaged, err
		}
	}
	if !errors.Is(err, fs.ErrNotExist) || filepath.Ext(path) != "" { // with an extension, path was meant to be a file
		return "", nil, fmt.Errorf("checkpoint: %w", err)
	}
	return "", nil, fmt.Errorf("checkpoint: %s is not a run folder with checkpoints: "+
		"train one with go run ./train -out %s, or all of the paper's with go run ./scripts/reproduce", path, path)
}
