// Package whole writes files that appear whole or not at all.
//
// It must not know what is in them.
package whole

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Suffix ends the name of a file that is being written. One that is found was left behind by a crash.
const Suffix = ".tmp"

// Write makes write's output the file path, at once: it goes to a temporary
// file in the same folder, which is made when there is none, is synced, and takes the name by a rename, which the
// folder's sync makes last. On an error the temporary file is removed and what was there before is untouched.
// Errors do not name the file: the caller knows it by a better name.
func Write(path string, write func(io.Writer) error) (err error) {
	dir, temporary := filepath.Dir(path), path+Suffix
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.Create(temporary)
	if err != nil {
		return Reason(err)
	}
	defer func() {
		if err != nil {
			os.Remove(temporary)
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err == nil {
		err = syncFolder(dir)
	}
	return Reason(err)
}

// syncFolder makes a rename in dir last. Some network file systems cannot, which
// is no error.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// Reason strips the file's name from an error of the operating system: the
// caller gives the one that the user knows.
func Reason(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
