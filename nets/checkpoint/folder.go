package checkpoint

import (
	"cmp"
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

// File returns the name of the checkpoint of a step in the folder dir:
// dir/step-000123.safetensors.
func File(dir string, step int) string {
	return filepath.Join(dir, fmt.Sprintf("%s%06d%s", filePrefix, step, fileSuffix))
}

// Newest returns the checkpoint of the highest step in the folder dir. Where
// there is none the error is an fs.ErrNotExist.
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

// Prune removes all checkpoints of the folder dir but the keep (1 or more) of the
// highest steps, and what a Write that was killed left there. It must not run
// during a Write into the same folder.
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

// list returns the files step-<number><suffix> of a folder, by number.
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
