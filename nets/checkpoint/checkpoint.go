// Package checkpoint saves a training run, and all that a sampler needs of it,
// as one safetensors file, and reads it back.
//
// The file holds float32 tensors and a map of strings:
//
//	<name>           a parameter, under the network's own name, in PyTorch's layout (OIHW)
//	ema.<name>       its exponential moving average
//	adam.m.<name>    Adam's first moment
//	adam.v.<name>    Adam's second moment
//	__metadata__     the fields of Meta, a key each; strings (and the network's
//	                 configuration, which is JSON) as they are, numbers in decimal
//
// A checkpoint has the same bytes whenever it is written. Any program that reads
// safetensors reads these files.
//
// The package must not know what a network is made of, what a parameterization
// means or how a run is configured: it stores their names and their text.
package checkpoint

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"tweedie/data/durable"
)

// A Tensor is an array in row-major order: len(Data) is the product of Shape,
// 1 for a scalar, whose Shape is empty. No tensor is without elements.
type Tensor struct {
	Shape []int
	Data  []float32
}

// A Checkpoint is the state of training after Meta.Step steps.
type Checkpoint struct {
	Parameters map[string]Tensor // by the network's own names; never empty
	EMA        map[string]Tensor // the averages of all Parameters, or empty
	Adam1      map[string]Tensor // Adam's first moments; empty in a checkpoint meant only for sampling
	Adam2      map[string]Tensor // Adam's second moments, of the same parameters as Adam1
	Meta       Meta
}

// Write stores c in the file path, and creates its folder when there is none.
// The file appears whole or not at all: on any error, a full disk included, what
// was there before is untouched, nothing else is left behind, and the error
// names the path. It is an error for a tensor's size to disagree with its shape,
// for an average or a moment to differ in shape from its parameter, and for a
// name to begin with one of the file's own prefixes.
//
// Meta.Version is not looked at: the file gets Version.
func Write(path string, c *Checkpoint) error {
	if err := durable.Write(path, c.encode); err != nil {
		return fmt.Errorf("writing checkpoint %s: %w", path, err)
	}
	return nil
}

// Read returns the checkpoint in the file path. It is an error, of one line that
// names the path, for the file to be cut short, no safetensors file, of another
// element type than float32, without the metadata of this package, of a newer
// Version, or inconsistent as Write describes. The memory used is in proportion
// to the size of the file, whatever the file claims.
func Read(path string) (*Checkpoint, error) {
	c, err := fromFile(path, decode)
	if err != nil {
		return nil, fmt.Errorf("reading checkpoint %s: %w", path, err)
	}
	return c, nil
}

// ReadTensors returns the tensors in the safetensors file path, of any program's
// making, under the names it has there, and the file's metadata. They must be float32.
func ReadTensors(path string) (tensors map[string]Tensor, metadata map[string]string, err error) {
	tensors, err = fromFile(path, func(r io.Reader, size int64) (map[string]Tensor, error) {
		h, err := readHeader(r, size)
		if err != nil {
			return nil, err
		}
		metadata = h.metadata
		return h.readTensors(r, ownElements)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reading tensors of %s: %w", path, err)
	}
	return tensors, metadata, nil
}

// WriteTensors stores tensors and metadata as a safetensors file that any program reads,
// whole or not at all as Write does. A tensor whose size disagrees with its shape is an error.
func WriteTensors(path string, tensors map[string]Tensor, metadata map[string]string) error {
	for name, t := range tensors {
		if err := t.validate(); err != nil {
			return fmt.Errorf("writing tensors to %s: tensor %q: %w", path, name, err)
		}
	}
	if err := durable.Write(path, func(w io.Writer) error { return encodeTensors(w, tensors, metadata) }); err != nil {
		return fmt.Errorf("writing tensors to %s: %w", path, err)
	}
	return nil
}

func fromFile[T any](path string, decode func(r io.Reader, size int64) (T, error)) (result T, err error) {
	f, size, err := open(path)
	if err != nil {
		return result, err
	}
	defer f.Close()
	result, err = decode(f, size)
	return result, durable.Reason(err)
}

// open opens a file that is no folder or device, and tells its size.
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

const emaPrefix, adam1Prefix, adam2Prefix = "ema.", "adam.m.", "adam.v."

func (c *Checkpoint) encode(w io.Writer) error {
	meta := c.Meta
	meta.Version = Version
	if err := cmp.Or(meta.validate(), c.validate()); err != nil {
		return err
	}
	metadata, err := meta.strings()
	if err != nil {
		return err
	}
	tensors := maps.Clone(c.Parameters)
	for prefix, set := range map[string]map[string]Tensor{emaPrefix: c.EMA, adam1Prefix: c.Adam1, adam2Prefix: c.Adam2} {
		for name, t := range set {
			tensors[prefix+name] = t
		}
	}
	return encodeTensors(w, tensors, metadata)
}

// decode reads a checkpoint of size bytes.
func decode(r io.Reader, size int64) (*Checkpoint, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	meta, err := parseMeta(h.metadata)
	if err != nil {
		return nil, err
	}
	tensors, err := h.readTensors(r, ownElements)
	if err != nil {
		return nil, err
	}
	c := &Checkpoint{
		Parameters: map[string]Tensor{},
		EMA:        map[string]Tensor{},
		Adam1:      map[string]Tensor{},
		Adam2:      map[string]Tensor{},
		Meta:       meta,
	}
	for name, t := range tensors {
		if ema, ok := strings.CutPrefix(name, emaPrefix); ok {
			c.EMA[ema] = t
		} else if m, ok := strings.CutPrefix(name, adam1Prefix); ok {
			c.Adam1[m] = t
		} else if v, ok := strings.CutPrefix(name, adam2Prefix); ok {
			c.Adam2[v] = t
		} else {
			c.Parameters[name] = t
		}
	}
	return c, c.validate()
}

// validate reports the first tensor, by name, that does not fit the others.
func (c *Checkpoint) validate() error {
	if len(c.Parameters) == 0 {
		return errors.New("it has no parameters")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Parameters)) {
		if name == "" || name == metadataKey || !utf8.ValidString(name) {
			return fmt.Errorf("%q is no name for a parameter", name)
		}
		for _, prefix := range []string{emaPrefix, adam1Prefix, adam2Prefix} {
			if strings.HasPrefix(name, prefix) {
				return fmt.Errorf("%q is no name for a parameter: %q marks another kind of tensor", name, prefix)
			}
		}
		if err := c.Parameters[name].validate(); err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
	}
	if n := len(c.EMA); n != 0 && n != len(c.Parameters) {
		return fmt.Errorf("it has %d averages (%s*) for %d parameters; all or none are right", n, emaPrefix, len(c.Parameters))
	}
	for _, s := range []struct {
		prefix string
		set    map[string]Tensor
	}{{emaPrefix, c.EMA}, {adam1Prefix, c.Adam1}, {adam2Prefix, c.Adam2}} {
		for _, name := range slices.Sorted(maps.Keys(s.set)) {
			t := s.set[name]
			parameter, ok := c.Parameters[name]
			if !ok {
				return fmt.Errorf("tensor %q has no parameter %q", s.prefix+name, name)
			}
			if !slices.Equal(t.Shape, parameter.Shape) {
				return fmt.Errorf("tensor %q has shape %v, its parameter %v", s.prefix+name, t.Shape, parameter.Shape)
			}
			if err := t.validate(); err != nil {
				return fmt.Errorf("tensor %q: %w", s.prefix+name, err)
			}
		}
	}
	if !maps.EqualFunc(c.Adam1, c.Adam2, func(_, _ Tensor) bool { return true }) {
		return fmt.Errorf("its first moments (%s*) and second moments (%s*) are not of the same parameters", adam1Prefix, adam2Prefix)
	}
	return nil
}

func (t Tensor) validate() error {
	n := 1
	for _, d := range t.Shape {
		if d <= 0 || n > math.MaxInt/d {
			return fmt.Errorf("%v is no shape; dimensions are positive", t.Shape)
		}
		n *= d
	}
	if n != len(t.Data) {
		return fmt.Errorf("shape %v takes %d values, it has %d", t.Shape, n, len(t.Data))
	}
	return nil
}
