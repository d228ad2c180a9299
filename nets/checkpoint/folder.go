package checkpoint

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tweedie/data/durable"
)

const filePrefix, fileSuffix = "step-", ".safetensors"

// File returns the name of a step's checkpoint in the folder dir: dir/step-000123.safetensors.
func File(dir string, step int) string {
	return filepath.Join(dir, fmt.Sprintf("%s%06d%s", filePrefix, step, fileSuffix))
}

// Newest returns the checkpoint of the highest step in the folder dir, damaged or not. The error is an fs.ErrNotExist
// if there is none.
func Newest(dir string) (string, error) {
	files, err := list(dir, fileSuffix)
	if err == nil && len(files) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return "", fmt.Errorf("looking for a checkpoint, %s*%s, in %s: %w", filePrefix, fileSuffix, dir, durable.Reason(err))
	}
	return files[len(files)-1], nil
}

// NewestUsable returns the checkpoint of the highest step in the folder dir that can be opened: its header is intact,
// and its sizes agree with the size of the file. The format has no checksums, so wrong bits within tensors are not
// noticed. The check reads only headers.
//
// damaged says why newer files were passed over, one error for each, newest first. A file that may well be intact is
// not passed over: if the newest cannot be opened for lack of permission, or was written by a newer program, that is
// the error. It is an fs.ErrNotExist if there is no checkpoint at all.
func NewestUsable(dir string) (path string, damaged []error, err error) {
	newest, err := Newest(dir)
	if err != nil {
		return "", nil, err
	}
	files, err := list(dir, fileSuffix)
	if err != nil {
		return "", nil, fmt.Errorf("looking for a checkpoint in %s: %w", dir, durable.Reason(err))
	}
	for _, file := range slices.Backward(files) {
		r, err := Open(file)
		switch {
		case err == nil:
			return file, damaged, r.Close()
		case errors.Is(err, fs.ErrPermission) || errors.Is(err, errNewer):
			return "", damaged, err
		}
		damaged = append(damaged, err)
	}
	if len(damaged) == 0 { // removed meanwhile
		return "", nil, fmt.Errorf("%s: %w", newest, fs.ErrNotExist)
	}
	return "", damaged, fmt.Errorf("no usable checkpoint in %s: %w", dir, damaged[0])
}

// Prune keeps the checkpoints of the highest steps in the folder dir, as many as keep says (1 or more), and removes the
// others. It also removes what an interrupted Write left behind, so it must not run during a Write into the same
// folder.
func Prune(dir string, keep int) error {
	if keep < 1 {
		return fmt.Errorf("pruning checkpoints in %s: keeping %d would leave none; 1 or more is right", dir, keep)
	}
	files, err := list(dir, fileSuffix)
	if err != nil {
		return fmt.Errorf("pruning checkpoints in %s: %w", dir, durable.Reason(err))
	}
	leftovers, err := list(dir, fileSuffix+durable.Suffix)
	if err != nil {
		return fmt.Errorf("pruning checkpoints in %s: %w", dir, durable.Reason(err))
	}
	for _, file := range append(leftovers, files[:max(0, len(files)-keep)]...) {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("pruning checkpoints: %w", err)
		}
	}
	return nil
}

// list returns the files step-<number><suffix> of a folder in the order of their numbers.
func list(dir, suffix string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	steps := map[string]uint64{}
	var files []string
	for _, e := range entries {
		name, isStep := strings.CutPrefix(e.Name(), filePrefix)
		name, isFile := strings.CutSuffix(name, suffix)
		step, err := strconv.ParseUint(name, 10, 63)
		if isStep && isFile && err == nil && !e.IsDir() {
			file := filepath.Join(dir, e.Name())
			files, steps[file] = append(files, file), step
		}
	}
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(steps[a], steps[b]) })
	return files, nil
}
