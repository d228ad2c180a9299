package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/nlpodyssey/safetensors"

	"tweedie/data/durable"
)

// A Reader is an open checkpoint. Its header has been read and checked, so names, shapes and metadata are known. The
// values of tensors are read when they are asked for: a sampler reads one set of weights and not the other three.
type Reader struct {
	Meta Meta

	path   string
	file   io.ReaderAt
	header *header
	shapes setShapes
}

// Open reads the header of the checkpoint in the file path. It is an error, of one line that names the path, if the
// file is cut short, is no safetensors file, has other elements than float32, lacks the metadata of this package, is of
// a newer Version, or is inconsistent in a way that Write refuses. The time and memory it takes are in proportion to
// the header. The caller must Close the reader.
func Open(path string) (*Reader, error) {
	f, size, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("reading checkpoint %s: %w", path, err)
	}
	r, err := newReader(path, f, size)
	if err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

// newReader opens a checkpoint of size bytes. The path is for errors.
func newReader(path string, file io.ReaderAt, size int64) (r *Reader, err error) {
	r = &Reader{path: path, file: file, shapes: setShapes{}}
	if r.header, err = readHeader(file, size); err == nil {
		r.Meta, err = parseMeta(r.header.metadata)
	}
	if err == nil {
		err = r.sortTensors()
	}
	if err != nil {
		return nil, r.failed(err)
	}
	return r, nil
}

// sortTensors fills the shapes from the header.
func (r *Reader) sortTensors() error {
	for _, p := range prefixes {
		r.shapes[p.set] = map[string][]int{}
	}
	for _, name := range r.header.names {
		info := r.header.infos[name]
		if info.DType != safetensors.F32 {
			return unsupported(name, info.DType)
		}
		set, parameter := split(name)
		r.shapes[set][parameter] = shapeOf(info)
	}
	return r.shapes.validate()
}

func (r *Reader) failed(err error) error {
	return fmt.Errorf("reading checkpoint %s: %w", r.path, durable.Reason(err))
}

// Close closes the file.
func (r *Reader) Close() error {
	if c, ok := r.file.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Has reports whether the file has a set: Raw, EMA, FirstMoments or SecondMoments.
func (r *Reader) Has(set string) bool { return len(r.shapes[set]) > 0 }

// Match compares the names and shapes of a set (Raw, EMA, FirstMoments or SecondMoments) with those that a network
// needs. It reads no values. Its error, of one line, counts the tensors that are missing, unexpected or of another
// shape, and names the first few. The caller adds the file's name.
func (r *Reader) Match(set string, want map[string][]int) error {
	if _, err := prefixOf(set); err != nil {
		return err
	}
	return match(set, r.shapes[set], len(r.shapes[Raw]), want)
}

// Read reads the tensors of one set, by the names of their parameters.
func (r *Reader) Read(set string) (map[string]Tensor, error) {
	tensors := make(map[string]Tensor, len(r.shapes[set]))
	for _, name := range slices.Sorted(maps.Keys(r.shapes[set])) {
		shape := r.shapes[set][name]
		n := 1
		for _, d := range shape {
			n *= d
		}
		tensors[name] = Tensor{Shape: shape, Data: make([]float32, n)}
		if err := r.ReadTensor(tensors[name].Data, set, name); err != nil {
			return nil, err
		}
	}
	return tensors, nil
}

// ReadTensor reads the values of one tensor of a set, which has as many as dst.
func (r *Reader) ReadTensor(dst []float32, set, name string) error {
	prefix, err := prefixOf(set)
	if err == nil {
		err = r.header.read(dst, r.file, prefix+name, float32s)
	}
	if err != nil {
		return r.failed(err)
	}
	return nil
}

// Read reads the whole checkpoint in the file path. Errors are those of Open. The memory used is in proportion to the
// size of the file.
func Read(path string) (*Checkpoint, error) {
	r, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.all()
}

func (r *Reader) all() (*Checkpoint, error) {
	c := &Checkpoint{Meta: r.Meta}
	for set, tensors := range map[string]*map[string]Tensor{
		Raw: &c.Parameters, EMA: &c.EMA, FirstMoments: &c.Adam1, SecondMoments: &c.Adam2,
	} {
		var err error
		if *tensors, err = r.Read(set); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// ReadMeta reads the metadata of the checkpoint in the file path, and no tensors.
func ReadMeta(path string) (Meta, error) {
	r, err := Open(path)
	if err != nil {
		return Meta{}, err
	}
	defer r.Close()
	return r.Meta, nil
}

// IsCheckpoint reports whether the file path is a checkpoint of this program, judging by its header. A damaged
// checkpoint is one if its header can still be read. Only a file that cannot be opened is an error.
func IsCheckpoint(path string) (bool, error) {
	f, size, err := open(path)
	if err != nil {
		return false, fmt.Errorf("reading checkpoint %s: %w", path, err)
	}
	defer f.Close()
	h, err := readHeader(f, size)
	if err != nil {
		return false, nil
	}
	_, err = parseMeta(h.metadata)
	return err == nil || h.metadata["network"] != "", nil
}

// open opens a regular file and returns its size.
func open(path string) (f *os.File, size int64, err error) {
	if f, err = os.Open(path); err != nil {
		return nil, 0, durable.Reason(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		f.Close()
		return nil, 0, durable.Reason(err)
	}
	return f, info.Size(), nil
}

// Hash returns the SHA-256 of a file of any format, in hexadecimal. It tells a checkpoint from all others.
func Hash(path string) (string, error) {
	f, _, err := open(path)
	if err == nil {
		defer f.Close()
		h := sha256.New()
		if _, err = io.Copy(h, f); err == nil {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
	}
	return "", fmt.Errorf("reading checkpoint %s: %w", path, durable.Reason(err))
}
