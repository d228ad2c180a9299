package layer

import (
	"errors"
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A machine runs the operations of a graph. It is Gorgonia's; nothing outside this file knows that.
type machine struct{ vm G.VM }

// Compile makes the graph ready to Run. It returns the graph's error (see Err), and an error if a parameter has no
// values.
func (g *Graph) Compile() error {
	if g.err != nil {
		return g.err
	}
	expression := G.NewGraph()
	nodes := make(map[*Node]*G.Node, len(g.nodes))
	for i, n := range g.nodes {
		if n.op == nil {
			if n.parameter != nil && n.parameter.values == nil {
				return fmt.Errorf("parameter %s has no values", n.name)
			}
			// Gorgonia treats nodes of equal name and shape as one, so the name gets a number.
			nodes[n] = G.NewTensor(expression, G.Float32, len(n.shape), G.WithShape(n.shape...),
				G.WithName(fmt.Sprintf("%s#%d", n.name, i)), G.WithValue(wrap(n.shape, n.Values())))
			continue
		}
		inputs := make([]*G.Node, len(n.op.inputs))
		for j, in := range n.op.inputs {
			inputs[j] = nodes[in]
		}
		var err error
		op := &gorgoniaOp{node: n, number: i, tensors: map[*float32]*tensor.Dense{}}
		if nodes[n], err = G.ApplyOp(op, inputs...); err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
	}
	g.machine.vm = G.NewTapeMachine(expression)
	return nil
}

// Run computes every node from the inputs and parameters as they are now.
func (g *Graph) Run() error {
	if g.machine.vm == nil {
		return errors.New("a graph runs before it is compiled")
	}
	defer g.machine.vm.Reset()
	return g.machine.vm.RunAll()
}

// wrap returns a tensor over values.
func wrap(shape Shape, values []float32) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
}

// A gorgoniaOp is a node as a Gorgonia operation.
type gorgoniaOp struct {
	node   *Node
	number int // of the node in the graph: Gorgonia treats operations of equal hash as one

	// tensors holds a tensor for each piece of memory that the arena has lent for the result, by its first element.
	// There are few, and keeping the tensors saves an allocation in every run.
	tensors map[*float32]*tensor.Dense
}

var _ G.Op = (*gorgoniaOp)(nil)

func (o *gorgoniaOp) Arity() int { return len(o.node.op.inputs) }

func (o *gorgoniaOp) Type() hm.Type {
	var types []hm.Type
	for _, in := range o.node.op.inputs {
		types = append(types, typeOf(in))
	}
	return hm.NewFnType(append(types, typeOf(o.node))...)
}

func typeOf(n *Node) hm.Type { return G.TensorType{Dims: len(n.shape), Of: G.Float32} }

func (o *gorgoniaOp) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.Shape(o.node.shape).Clone(), nil
}

// Do computes the result.
func (o *gorgoniaOp) Do(inputs ...G.Value) (G.Value, error) {
	values := o.node.op.values
	for i := range values {
		v, ok := inputs[i].Data().([]float32)
		if !ok {
			return nil, fmt.Errorf("%v: input %d holds %T, want float32", o.node, i, inputs[i].Data())
		}
		values[i] = v
	}
	o.node.run(values)
	result := o.node.values
	if o.tensors[&result[0]] == nil {
		o.tensors[&result[0]] = wrap(o.node.shape, result)
	}
	return o.tensors[&result[0]], nil
}

func (o *gorgoniaOp) ReturnsPtr() bool     { return false }
func (o *gorgoniaOp) CallsExtern() bool    { return false }
func (o *gorgoniaOp) OverwritesInput() int { return -1 }

func (o *gorgoniaOp) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }

func (o *gorgoniaOp) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

func (o *gorgoniaOp) String() string { return fmt.Sprintf("%s#%d", o.node.name, o.number) }
