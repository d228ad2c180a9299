package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Parameter is a named tensor that training changes, in PyTorch's layout.
type Parameter struct {
	Name   string
	Shape  Shape
	init   Init
	values []float32 // nil until Initialize or Fill
}

// Data returns the parameter's values, row by row, or nil if it has none yet.
func (p *Parameter) Data() []float32 { return p.values }

// Parameters are the tensors of one network, shared by all its graphs. Graphs add parameters by name and shape.
// Initialize or Fill then gives them values, so that the shapes of a network are known before any memory is taken.
//
// Graphs over the same Parameters, or over clones of them, share memory and must run one at a time.
type Parameters struct {
	list    []*Parameter
	byName  map[string]*Parameter
	version int // counts changes of values
	packed  map[packing]*packed
	kept    int // number of packed values
	arena   *arena
}

// NewParameters returns an empty set.
func NewParameters() *Parameters {
	return &Parameters{byName: map[string]*Parameter{}, version: 1, packed: map[packing]*packed{},
		arena: &arena{free: map[int][][]float32{}}}
}

// Initialize gives first values to all parameters that have none, drawn from rng in the order of All.
func (p *Parameters) Initialize(rng *rand.Rand) {
	for _, q := range p.list {
		if q.values == nil {
			q.values = make([]float32, q.Shape.size())
			q.init(q.values, rng)
		}
	}
	p.Changed()
}

// Fill copies values into all parameters, by name, and allocates those that have none. It is an error, and changes
// nothing, if a parameter is missing or has another number of values. Other names are ignored.
func (p *Parameters) Fill(values map[string][]float32) error {
	for _, q := range p.list {
		if v, ok := values[q.Name]; !ok {
			return fmt.Errorf("parameter %s %v is missing", q.Name, q.Shape)
		} else if len(v) != q.Shape.size() {
			return fmt.Errorf("parameter %s %v has %d values, want %d", q.Name, q.Shape, len(v), q.Shape.size())
		}
	}
	for _, q := range p.list {
		if q.values == nil {
			q.values = make([]float32, q.Shape.size())
		}
		copy(q.values, values[q.Name])
	}
	p.Changed()
	return nil
}

// Load allocates the parameters that have no values yet, and calls read once for each parameter, to set its values. An
// error of read ends it; parameters that were read before then keep their new values.
func (p *Parameters) Load(read func(name string, values []float32) error) error {
	defer p.Changed()
	for _, q := range p.list {
		if q.values == nil {
			q.values = make([]float32, q.Shape.size())
		}
		if err := read(q.Name, q.values); err != nil {
			return err
		}
	}
	return nil
}

// All returns the parameters in the order in which the network added them.
func (p *Parameters) All() []*Parameter { return p.list }

// Get returns a parameter, or nil.
func (p *Parameters) Get(name string) *Parameter { return p.byName[name] }

// Changed must be called after values were changed: graphs then pack their weights anew.
func (p *Parameters) Changed() { p.version++ }

// Count returns the number of values of all parameters, whether or not they have been allocated.
func (p *Parameters) Count() (n int) {
	for _, q := range p.list {
		n += q.Shape.size()
	}
	return n
}

// Shapes returns the shape of every parameter by name.
func (p *Parameters) Shapes() map[string][]int {
	shapes := map[string][]int{}
	for _, q := range p.list {
		shapes[q.Name] = q.Shape
	}
	return shapes
}

// Clone returns a copy whose values can change on their own.
func (p *Parameters) Clone() *Parameters {
	c := NewParameters()
	c.arena = p.arena
	for _, q := range p.list {
		c.add(&Parameter{Name: q.Name, Shape: q.Shape, init: q.init, values: slices.Clone(q.values)})
	}
	return c
}

func (p *Parameters) add(q *Parameter) {
	p.list = append(p.list, q)
	p.byName[q.Name] = q
}

func (p *Parameters) get(name string, init Init, shape Shape) (*Parameter, error) {
	if q := p.byName[name]; q != nil {
		if !slices.Equal(q.Shape, shape) {
			return nil, fmt.Errorf("parameter %s has shape %v, the graph asks for %v", name, q.Shape, shape)
		}
		return q, nil
	}
	if _, ok := shape.Size(); !ok {
		return nil, fmt.Errorf("parameter %s: shape %v has an axis below 1 or too many values", name, shape)
	}
	if init == nil {
		return nil, fmt.Errorf("parameter %s is new, but nothing sets its first values", name)
	}
	q := &Parameter{Name: name, Shape: slices.Clone(shape), init: init}
	p.add(q)
	return q, nil
}

// Init sets the first values of a parameter.
type Init func(values []float32, rng *rand.Rand)

// Zeros is all zero.
func Zeros(v []float32, _ *rand.Rand) { clear(v) }

// Ones is all one.
func Ones(v []float32, _ *rand.Rand) {
	for i := range v {
		v[i] = 1
	}
}

// Uniform is PyTorch's default for convolutions and linear maps, for weights and biases alike:
// U(-1/sqrt(fanIn), 1/sqrt(fanIn)).
func Uniform(fanIn int) Init {
	return func(v []float32, rng *rand.Rand) {
		bound := 1 / math.Sqrt(float64(fanIn))
		for i := range v {
			v[i] = float32((2*rng.Float64() - 1) * bound)
		}
	}
}
