// Package durable writes files that survive a crash or a full disk: whole files that are replaced at once or not at
// all, and files that only grow, which lose nothing when the disk is full for a while.
//
// The package must not know what is in the files.
package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Suffix ends the name of a file while Write writes it. A file of that name which is found later was left by a crash.
const Suffix = ".tmp"

// Write makes the output of write the content of the file path, and creates the folder if needed.
//
// The output goes to a temporary file in the same folder. That file is synced and then renamed to path, and a sync of
// the folder makes the rename permanent. After an error the temporary file is gone and the old content of path is
// untouched.
//
// Errors do not name the file; the caller knows it by a better name.
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

// syncFolder makes a rename in dir permanent. Windows and some network file systems have no such operation; that is not
// an error.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
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

// Reason removes the file's name from an error of the operating system, for a caller that gives a better name.
func Reason(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
