package layer

import (
	"fmt"
	"hash"
	"hash/fnv"
	"slices"
	"sync/atomic"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An operation is a node's G.SDOp. Gorgonia shares nodes of equal hash, so each has a number of its own.
type operation struct {
	name  string
	shape tensor.Shape

	// compute writes the result for the inputs' values.
	compute func(result []float32, inputs [][]float32)

	// pull returns the gradient of each input for the gradient of the result: nil for inputs that are not wanted,
	// see operation.wants. An operation that absorbs adds to the gradient of its first input what it is given as more, what
	// other operations found for it: nil, if nothing.
	pull    func(inputs G.Nodes, result, gradient, more *G.Node) G.Nodes
	absorbs bool

	// again, where there is one, repeats compute from what that saved, cheaply: gradients that read the result read a repetition,
	// so that the result itself need not be kept from the forward pass to them.
	again func(result []float32, inputs [][]float32)

	// after is how many of the last inputs are not read: the operation only runs after them.
	after int

	number int64
	graph  *Graph
	inputs []*G.Node
	values [][]float32 // of the inputs, kept to save the allocation
	buffer *tensor.Dense
	// readers counts the operations that read the result, pending those that have yet to in this run; a result that is
	// kept is not given back to the arena.
	readers, pending int
	kept             bool
}

var (
	_       G.SDOp = (*operation)(nil)
	numbers atomic.Int64
)

// apply adds an operation to the graph. Shapes are the caller's business: a mismatch here is a programming error and panics.
func (g *Graph) apply(op operation, inputs ...*G.Node) *G.Node {
	o := &op
	o.number, o.graph, o.inputs = numbers.Add(1), g, inputs
	for _, in := range inputs[:len(inputs)-o.after] {
		if from, ok := in.Op().(*operation); ok {
			from.readers++
		}
	}
	o.values = make([][]float32, len(inputs)-o.after)
	node := G.Must(G.ApplyOp(o, inputs...))
	if slices.ContainsFunc(inputs, func(in *G.Node) bool { return g.wanted[in] }) {
		g.wanted[node] = true
	}
	g.record = append(g.record, node)
	return node
}

// late returns a node with the value of x for a gradient that reads it when dy is known.
func (g *Graph) late(x, dy *G.Node) *G.Node {
	o, ok := x.Op().(*operation)
	if !ok || o.again == nil {
		return x
	}
	return g.apply(operation{name: o.name + " again", shape: o.shape, compute: o.again, after: 1}, append(slices.Clone(o.inputs), dy)...)
}

// wants reports whether the gradient of input i is wanted.
func (o *operation) wants(i int) bool { return o.graph.wanted[o.inputs[i]] }

func typeOf(dims int) hm.Type {
	if dims == 0 {
		return G.Float32
	}
	return G.TensorType{Dims: dims, Of: G.Float32}
}

func (o *operation) Arity() int { return len(o.inputs) }

func (o *operation) Type() hm.Type {
	var types []hm.Type
	for _, in := range o.inputs {
		types = append(types, typeOf(in.Dims()))
	}
	return hm.NewFnType(append(types, typeOf(o.shape.Dims()))...)
}

func (o *operation) InferShape(...G.DimSizer) (tensor.Shape, error) { return o.shape.Clone(), nil }

// Do computes the result in memory of the arena, and gives back the memory of inputs that nothing else will read.
func (o *operation) Do(inputs ...G.Value) (G.Value, error) {
	for i := range o.values {
		v, ok := inputs[i].Data().([]float32)
		if !ok {
			return nil, fmt.Errorf("%s: input %d holds %T, want float32", o, i, inputs[i].Data())
		}
		o.values[i] = v
	}
	o.buffer = o.graph.parameters.arena.take(o.shape, o.buffer, o.kept || o.readers == 0)
	o.pending = o.readers
	o.compute(o.buffer.Data().([]float32), o.values)
	for i := range o.values {
		if from, ok := o.inputs[i].Op().(*operation); ok {
			if from.pending--; from.pending == 0 && !from.kept {
				o.graph.parameters.arena.release(from.buffer)
			}
		}
	}
	return o.buffer, nil
}

func (o *operation) DiffWRT(inputs int) []bool {
	wrt := make([]bool, inputs)
	for i := range wrt {
		wrt[i] = o.wants(i)
	}
	return wrt
}

func (o *operation) SymDiff(inputs G.Nodes, result, gradient *G.Node) (G.Nodes, error) {
	if o.pull == nil {
		return nil, fmt.Errorf("%s has no gradient", o)
	}
	return o.pull(inputs, result, gradient, nil), nil
}

func (o *operation) ReturnsPtr() bool     { return false }
func (o *operation) CallsExtern() bool    { return false }
func (o *operation) OverwritesInput() int { return -1 }

func (o *operation) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }

func (o *operation) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

func (o *operation) String() string { return fmt.Sprintf("%s#%d", o.name, o.number) }
