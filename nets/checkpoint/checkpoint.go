// Package checkpoint saves a training run, and all that a sampler needs to know about it, as one safetensors file, and
// reads it back. It also reads the weights in files of other programs.
//
// A checkpoint holds float32 tensors and a map of strings:
//
//	<name>           a parameter, under the network's own name, in PyTorch's layout (OIHW)
//	ema.<name>       its exponential moving average
//	adam.m.<name>    Adam's first moment
//	adam.v.<name>    Adam's second moment
//	__metadata__     the fields of Meta, one key each: strings and JSON as they are, numbers in decimal
//
// Equal checkpoints have equal bytes. Any program that reads safetensors can read these files.
//
// A file is untrusted. Open reads its header alone and checks every size in it against the size of the file, so that
// the caller can compare names and shapes with a network before anything is allocated.
//
// The package must not know what a network is made of, what a parameterization means or how a run is configured: it
// stores their names and their text.
package checkpoint

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"tweedie/data/durable"
)

// A Tensor is an array in row-major order. The length of Data is the product of Shape. A scalar has an empty Shape and
// one value. No tensor is empty.
type Tensor struct {
	Shape []int
	Data  []float32
}

// A Checkpoint is the state of training after Meta.Step steps.
type Checkpoint struct {
	Parameters map[string]Tensor // by the network's own names; never empty
	EMA        map[string]Tensor // the averages of all Parameters, or empty
	Adam1      map[string]Tensor // Adam's first moments; empty in a checkpoint that is only for sampling
	Adam2      map[string]Tensor // Adam's second moments, of the same parameters as Adam1
	Meta       Meta
}

// The names of the sets of tensors in a checkpoint.
const (
	Raw           = "parameters" // the parameters as training left them
	EMA           = "ema"        // their exponential moving average
	FirstMoments  = "adam.m"
	SecondMoments = "adam.v"
)

// prefixes mark the tensors of a set in a file. The parameters come first: the other sets are checked against them.
var prefixes = []struct{ set, prefix string }{{Raw, ""}, {EMA, "ema."}, {FirstMoments, "adam.m."},
	{SecondMoments, "adam.v."}}

// prefixOf returns what the names of a set's tensors begin with.
func prefixOf(set string) (prefix string, err error) {
	for _, p := range prefixes {
		if p.set == set {
			return p.prefix, nil
		}
	}
	return "", fmt.Errorf("no set of tensors is called %q; parameters, ema, adam.m and adam.v are", set)
}

// split returns the set of a tensor in a file, and the name of its parameter.
func split(name string) (set, parameter string) {
	for _, p := range prefixes[1:] {
		if parameter, ok := strings.CutPrefix(name, p.prefix); ok {
			return p.set, parameter
		}
	}
	return Raw, name
}

// Set returns the tensors of a set.
func (c *Checkpoint) Set(name string) (map[string]Tensor, error) {
	if _, err := prefixOf(name); err != nil {
		return nil, err
	}
	return c.sets()[name], nil
}

func (c *Checkpoint) sets() map[string]map[string]Tensor {
	return map[string]map[string]Tensor{Raw: c.Parameters, EMA: c.EMA, FirstMoments: c.Adam1, SecondMoments: c.Adam2}
}

// Match compares a set with the tensors that a network needs, as Reader.Match does.
func (c *Checkpoint) Match(set string, want map[string][]int) error {
	tensors, err := c.Set(set)
	if err != nil {
		return err
	}
	return match(set, Shapes(tensors), len(c.Parameters), want)
}

// ReadTensor copies the values of one tensor of a set, as Reader.ReadTensor does.
func (c *Checkpoint) ReadTensor(dst []float32, set, name string) error {
	tensors, err := c.Set(set)
	if err != nil {
		return err
	}
	if n := len(tensors[name].Data); n == 0 || n != len(dst) {
		return fmt.Errorf("it has no tensor %.80q of %d values", name, len(dst))
	}
	copy(dst, tensors[name].Data)
	return nil
}

// Shapes returns the tensors' shapes by name.
func Shapes(tensors map[string]Tensor) map[string][]int {
	shapes := make(map[string][]int, len(tensors))
	for name, t := range tensors {
		shapes[name] = t.Shape
	}
	return shapes
}

// Write stores c in the file path, and creates its folder if needed. The file appears whole or not at all: after any
// error, such as a full disk, the old file is untouched and nothing else is left behind. Errors name the path. It is an
// error if the size of a tensor disagrees with its shape, if an average or a moment has another shape than its
// parameter, or if a parameter's name begins with one of the file's own prefixes.
//
// Meta.Version is ignored: the file gets Version.
func Write(path string, c *Checkpoint) error {
	if err := durable.Write(path, c.encode); err != nil {
		return fmt.Errorf("writing checkpoint %s: %w", path, err)
	}
	return nil
}

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
	tensors := map[string]Tensor{}
	for _, p := range prefixes {
		for name, t := range c.sets()[p.set] {
			tensors[p.prefix+name] = t
		}
	}
	return encodeTensors(w, tensors, metadata)
}

func (c *Checkpoint) validate() error {
	shapes := setShapes{}
	for _, p := range prefixes {
		tensors := c.sets()[p.set]
		for _, name := range slices.Sorted(maps.Keys(tensors)) {
			if err := tensors[name].validate(); err != nil {
				return fmt.Errorf("tensor %q: %w", p.prefix+name, err)
			}
		}
		shapes[p.set] = Shapes(tensors)
	}
	return shapes.validate()
}

// validate reports an empty tensor, or one with another number of values than its shape says.
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

// setShapes holds the shapes of each set of tensors by the names of their parameters.
type setShapes map[string]map[string][]int

// validate returns an error that names the first tensor, by name, which does not fit the others.
func (s setShapes) validate() error {
	parameters := s[Raw]
	if len(parameters) == 0 {
		return errors.New("it has no parameters")
	}
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if name == "" || name == metadataKey || !utf8.ValidString(name) {
			return fmt.Errorf("%q is no name for a parameter", name)
		}
		if set, _ := split(name); set != Raw {
			return fmt.Errorf("%q is no name for a parameter: it begins like the tensors of %s", name, set)
		}
	}
	if n := len(s[EMA]); n != 0 && n != len(parameters) {
		return fmt.Errorf("it has %d averages (ema.*) for %d parameters; all or none are right", n, len(parameters))
	}
	for _, p := range prefixes[1:] {
		for _, name := range slices.Sorted(maps.Keys(s[p.set])) {
			if shape, ok := parameters[name]; !ok {
				return fmt.Errorf("tensor %q has no parameter %q", p.prefix+name, name)
			} else if got := s[p.set][name]; !slices.Equal(got, shape) {
				return fmt.Errorf("tensor %q has shape %v, its parameter %v", p.prefix+name, got, shape)
			}
		}
	}
	if !maps.EqualFunc(s[FirstMoments], s[SecondMoments], func(_, _ []int) bool { return true }) {
		return errors.New("its first moments (adam.m.*) and second moments (adam.v.*) are not of the same parameters")
	}
	return nil
}

// match compares the shapes of a set with those that a network needs. parameters is the number of parameters in the
// file.
func match(set string, have map[string][]int, parameters int, want map[string][]int) error {
	if len(have) == 0 && len(want) > 0 {
		return fmt.Errorf("the checkpoint holds no %s, only %d parameters", set, parameters)
	}
	var missing, unexpected, reshaped []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		shape, ok := have[name]
		if !ok {
			missing = append(missing, fmt.Sprintf("%s %v", name, want[name]))
		} else if !slices.Equal(shape, want[name]) {
			reshaped = append(reshaped, fmt.Sprintf("%s is %v, not %v", name, shape, want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok {
			unexpected = append(unexpected, fmt.Sprintf("%s %v", name, have[name]))
		}
	}
	var parts []string
	for _, p := range []struct {
		difference string
		tensors    []string
	}{{"missing", missing}, {"unexpected", unexpected}, {"of another shape", reshaped}} {
		if n := len(p.tensors); n > 0 {
			if n > 3 {
				p.tensors = append(p.tensors[:3], "...")
			}
			parts = append(parts, fmt.Sprintf("%d %s (%s)", n, p.difference, strings.Join(p.tensors, "; ")))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return errors.New("a checkpoint of another architecture: of its " + set + ", " + strings.Join(parts, ", "))
}
