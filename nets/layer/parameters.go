package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"
)

// A Parameter is a named tensor that training changes, in PyTorch's layout.
type Parameter struct {
	Name  string
	Value *tensor.Dense
}

// Data returns the parameter's values, row by row.
func (p *Parameter) Data() []float32 { return p.Value.Data().([]float32) }

// Parameters are the tensors of one network, shared by all its graphs. Graphs over the same Parameters, or over clones of
// them, share memory and must run one at a time.
type Parameters struct {
	list    []*Parameter
	byName  map[string]*Parameter
	rng     *rand.Rand
	version int
	packed  map[packing]*packed
	kept    int    // values of packed
	arena   *arena // of the graphs
}

// NewParameters returns an empty set whose tensors are drawn from rng as graphs ask for them, in that order.
func NewParameters(rng *rand.Rand) *Parameters {
	return &Parameters{byName: map[string]*Parameter{}, rng: rng, version: 1, packed: map[packing]*packed{},
		arena: &arena{free: map[int][]*tensor.Dense{}}}
}

// All returns the parameters in the order in which the network made them.
func (p *Parameters) All() []*Parameter { return p.list }

// Get returns a parameter, or nil.
func (p *Parameters) Get(name string) *Parameter { return p.byName[name] }

// Changed must be called after values were changed: graphs then pack their weights anew.
func (p *Parameters) Changed() { p.version++ }

// Count returns the number of values.
func (p *Parameters) Count() (n int) {
	for _, q := range p.list {
		n += len(q.Data())
	}
	return n
}

// Shapes returns the shape of every parameter by name.
func (p *Parameters) Shapes() map[string][]int {
	shapes := map[string][]int{}
	for _, q := range p.list {
		shapes[q.Name] = q.Value.Shape()
	}
	return shapes
}

// Clone returns a copy whose values can change on their own.
func (p *Parameters) Clone() *Parameters {
	c := NewParameters(nil)
	c.arena = p.arena
	for _, q := range p.list {
		c.add(&Parameter{Name: q.Name, Value: q.Value.Clone().(*tensor.Dense)})
	}
	return c
}

func (p *Parameters) add(q *Parameter) {
	p.list = append(p.list, q)
	p.byName[q.Name] = q
}

func (p *Parameters) get(name string, init Init, shape []int) *Parameter {
	if q := p.byName[name]; q != nil {
		if !slices.Equal(q.Value.Shape(), shape) {
			panic(fmt.Sprintf("layer: parameter %s is %v, a graph wants %v", name, q.Value.Shape(), shape))
		}
		return q
	}
	q := &Parameter{Name: name, Value: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))}
	init(q.Data(), p.rng)
	p.add(q)
	return q
}

// Init sets the first values of a parameter.
type Init func(values []float32, rng *rand.Rand)

// Zeros and Ones are constant.
func Zeros(v []float32, _ *rand.Rand) { clear(v) }
func Ones(v []float32, _ *rand.Rand) {
	for i := range v {
		v[i] = 1
	}
}

// Uniform is PyTorch's default for convolutions and linear maps, weights and biases alike: U(-1/sqrt(fanIn), 1/sqrt(fanIn)).
func Uniform(fanIn int) Init {
	bound := 1 / math.Sqrt(float64(fanIn))
	return func(v []float32, rng *rand.Rand) {
		for i := range v {
			v[i] = float32((2*rng.Float64() - 1) * bound)
		}
	}
}
