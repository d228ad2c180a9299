package checkpoint

import (
	"errors"
	"fmt"
	"io"

	"tweedie/data/durable"
)

// zipMagic begins the files of torch 1.6 and later.
const zipMagic = "PK\x03\x04"

// ErrCheckpoint is the error of ReadWeights for a checkpoint of this program. Open and Read are for those.
var ErrCheckpoint = errors.New("a checkpoint of this program, not another's")

// ReadWeights reads the weights in a file of another program, under the names they have there, and describes the file
// in a few words. The set is Raw, the weights as training left them; EMA, their moving average, which the file must
// have; or "", the average if there is one. The content decides about the format, not the file's name: safetensors, or
// what torch.save writes.
//
// A file of torch.save is untrusted. Nothing in it is run, and reading it takes time and memory in proportion to its
// size. It may hold tensors and plain values; a class or function of any other kind is an error that names it. The
// state dict is the top level, or is under a key that programs commonly use, such as "state_dict" or "model". Anything
// else in the file, such as Adam's moments, is not read. A prefix "module." is dropped. float16, bfloat16 and float64
// become float32, and integers are left out.
func ReadWeights(path, set string) (tensors map[string]Tensor, description string, err error) {
	f, size, err := open(path)
	if err == nil {
		defer f.Close()
		tensors, description, err = decodeWeights(f, size, set)
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading %s: %w", path, durable.Reason(err))
	}
	return tensors, description, nil
}

func decodeWeights(r io.ReaderAt, size int64, set string) (tensors map[string]Tensor, description string, err error) {
	var first [9]byte // of a safetensors file: the header's length, and its brace
	if n, err := r.ReadAt(first[:], 0); err != nil && err != io.EOF {
		return nil, "", err
	} else if n == 9 && first[8] == '{' && string(first[:4]) != zipMagic {
		return decodeSafetensors(r, size, set)
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

// decodeSafetensors reads the weights in a safetensors file, which has one set and does not say which.
func decodeSafetensors(r io.ReaderAt, size int64, set string) (map[string]Tensor, string, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, "", err
	}
	if _, err := parseMeta(h.metadata); err == nil {
		return nil, "", ErrCheckpoint
	}
	if set == EMA {
		return nil, "", errors.New("it holds one set of weights; " +
			"a safetensors file of another program names no moving average")
	}
	tensors, _, err := decodeTensors(r, size, anyElements)
	return tensors, "a safetensors file", err
}

// weights returns the state dict of a set, as ReadWeights describes, and says where it is in the file.
func (f *torchFile) weights(set string) (s *stateDict, where string, err error) {
	if set != Raw {
		if s, where, err = f.average(); err != nil {
			return nil, "", err
		}
		if s != nil {
			return s, "the moving average under " + where, nil
		}
		if set == EMA {
			return nil, "", errors.New("it holds no moving average of the weights")
		}
	}
	s, where, err = f.model()
	return s, "the weights of " + where, err
}
