package runs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"

	"tweedie/data/durable"
)

// ErrInUse is the reason why a folder that another training has locked cannot be taken.
var ErrInUse = errors.New("another training is writing into it")

// A Run is a folder that this process has locked, until Close.
type Run struct {
	Folder
	lock *flock.Flock
}

// Create makes and locks a folder for a new run: runs/NAME, or runs/NAME-2 and so on if others have taken that. It
// writes the experiment's source into the folder.
func Create(name string, experiment []byte) (*Run, error) {
	f := Folder(filepath.Join(Root, name))
	for i := 2; ; i++ {
		r, err := CreateAt(f, experiment)
		if _, taken := errors.AsType[*takenError](err); !taken && !errors.Is(err, ErrInUse) {
			return r, err
		}
		f = Folder(filepath.Join(Root, fmt.Sprintf("%s-%d", name, i)))
	}
}

// CreateAt makes and locks the folder f for a new run and writes the experiment's source into it. It is an error if f
// is not vacant.
func CreateAt(f Folder, experiment []byte) (*Run, error) {
	if err := f.Vacant(experiment); err != nil {
		return nil, err
	}
	r, err := hold(f)
	if err != nil {
		return nil, err
	}
	err = f.Vacant(experiment) // now that nobody else can write into it
	if err == nil {
		err = r.WriteExperiment(experiment)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Open locks the folder of a run that has checkpoints.
func Open(f Folder) (*Run, error) {
	if !f.Used() {
		return nil, fmt.Errorf("no checkpoint in %s", f.Checkpoints())
	}
	return hold(f)
}

// Close lets others take the folder.
func (r *Run) Close() error { return r.lock.Close() }

// Restore makes the folder again if it was deleted since it was locked, with the experiment's source, and reports
// whether it had to. It is an error if another run has taken the place.
func (r *Run) Restore(experiment []byte) (restored bool, err error) {
	if !r.holds() {
		r.lock.Close()
		again, err := CreateAt(r.Folder, experiment)
		if err != nil {
			return false, fmt.Errorf("the folder of this run was deleted meanwhile: %w", err)
		}
		r.lock = again.lock
		return true, nil
	}
	if _, err := os.Stat(r.Experiment()); !errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return true, r.WriteExperiment(experiment)
}

// WriteExperiment replaces the experiment's source, at once or not at all.
func (r *Run) WriteExperiment(source []byte) error {
	err := durable.Write(r.Experiment(), func(w io.Writer) error {
		_, err := w.Write(source)
		return err
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", r.Experiment(), err)
	}
	return nil
}

// hold makes the folder if needed and locks it.
func hold(f Folder) (*Run, error) {
	for {
		if err := os.MkdirAll(string(f), 0o777); err != nil {
			return nil, err
		}
		r := &Run{f, flock.New(f.lockFile(), flock.SetPermissions(0o666))}
		locked, err := r.lock.TryLock()
		switch {
		case errors.Is(err, fs.ErrNotExist): // the folder was deleted just now
			continue
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
			return r, nil // some network file systems have no locks
		case err != nil:
			return nil, fmt.Errorf("locking %s: %w", f, err)
		case !locked:
			return nil, fmt.Errorf("%s: %w", f, ErrInUse)
		case r.holds():
			return r, nil
		}
		r.lock.Close() // the folder was replaced between opening the file and locking it
	}
}

// holds reports whether the locked file is still the one in the folder.
func (r *Run) holds() bool {
	held, err := r.lock.Stat()
	if err != nil {
		return false
	}
	found, err := os.Stat(r.lockFile())
	return err == nil && os.SameFile(held, found)
}

// Vacant returns an error if a new run of the experiment would overwrite something in the folder. A run of the same
// experiment that was killed before its first checkpoint does not count: it can be begun again.
func (f Folder) Vacant(experiment []byte) error {
	if f.Used() {
		return &takenError{f, fmt.Sprintf("holds a run already; continue it with -resume %s, or name another folder", f)}
	}
	old, err := os.ReadFile(f.Experiment())
	switch {
	case err == nil && bytes.Equal(old, experiment):
		return nil
	case err == nil:
		return &takenError{f, "holds another experiment.toml, which would be overwritten; name another folder"}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if _, err := os.Stat(f.Metrics()); !errors.Is(err, fs.ErrNotExist) {
		return &takenError{f, "holds a metrics.csv, which would be overwritten; name another folder"}
	}
	return nil
}

// A takenError says what is in a folder that a new run cannot have.
type takenError struct {
	folder Folder
	reason string
}

func (e *takenError) Error() string { return fmt.Sprintf("%s: %s", e.folder, e.reason) }
