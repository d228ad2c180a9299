package checkpoint

import (
	"errors"
	"fmt"
	"io"

	"tweedie/data/durable"
)

// zipMagic begins the files of torch 1.6 and later.
const zipMagic = "PK\x03\x04"

// ErrOwn is the error of ReadForeign for a checkpoint of this program, which Read reads.
var ErrOwn = errors.New("a checkpoint of this program, not another's")

// ReadForeign returns the weights in a file of another program, under the names they have there, and says in a few words what
// the file is. The content decides, not the name: it is what torch.save writes, or safetensors. The weights are the moving average where the
// file has one; ReadForeignSet has the choice.
//
// A file of torch.save is untrusted: nothing in it is run, and it takes no more time and memory than a file of its size may. It may
// hold tensors and plain values; a class or function of any other kind is an error that names it. The state dict is its top level, or
// under a key that programs use, such as "state_dict" or "model"; what else the file has, such as Adam's moments, is not read.
// A prefix "module." is dropped. float16, bfloat16 and float64 become float32, integers are left out.
func ReadForeign(path string) (tensors map[string]Tensor, description string, err error) {
	return ReadForeignSet(path, "")
}

// ReadForeignSet is ReadForeign of one set of weights: "parameters", as training left them; "ema", their moving average, which the
// file must have; or "", the average where there is one.
func ReadForeignSet(path, set string) (tensors map[string]Tensor, description string, err error) {
	f, size, err := open(path)
	if err == nil {
		defer f.Close()
		tensors, description, err = decodeForeign(f, size, set)
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading %s: %w", path, durable.Reason(err))
	}
	return tensors, description, nil
}

// IsOwn reports whether the file path is a checkpoint of this program, which Read reads, by the beginning of its contents. Only a file
// that cannot be read is an error.
func IsOwn(path string) (bool, error) {
	f, size, err := open(path)
	if err != nil {
		return false, fmt.Errorf("reading checkpoint %s: %w", path, durable.Reason(err))
	}
	defer f.Close()
	h, err := readHeader(io.NewSectionReader(f, 0, size), size)
	if err != nil {
		return false, nil
	}
	_, err = parseMeta(h.metadata)
	return err == nil || h.metadata["network"] != "", nil
}

func decodeForeign(r io.ReaderAt, size int64, set string) (tensors map[string]Tensor, description string, err error) {
	var first [9]byte // of a safetensors file: the header's length, and its brace
	if n, err := r.ReadAt(first[:], 0); err != nil && err != io.EOF {
		return nil, "", err
	} else if n == 9 && first[8] == '{' && string(first[:4]) != zipMagic {
		s := io.NewSectionReader(r, 0, size)
		h, err := readHeader(s, size)
		if err != nil {
			return nil, "", err
		}
		if _, err := parseMeta(h.metadata); err == nil {
			return nil, "", ErrOwn
		}
		if set == "ema" {
			return nil, "", errors.New("it holds one set of weights; a safetensors file of another program names no moving average")
		}
		tensors, err = h.readTensors(s, foreignElements)
		return tensors, "a safetensors file", err
	}
	f, err := openTorch(r, size)
	if err != nil {
		return nil, "", err
	}
	s, where, err := f.weights(set)
	if err != nil {
		return nil, "", err
	}
	tensors, err = f.read(s.tensors)
	return tensors, "a PyTorch file, " + where, err
}

// weights returns a set of weights as ReadForeignSet describes, and says where it is.
func (f *torchFile) weights(set string) (s *stateDict, where string, err error) {
	if set != "parameters" {
		if s, where, err = f.average(); err != nil {
			return nil, "", err
		}
		if s != nil {
			return s, "the moving average under " + where, nil
		}
		if set == "ema" {
			return nil, "", errors.New("it holds no moving average of the weights")
		}
	}
	s, where, err = f.model()
	return s, "the weights of " + where, err
}
