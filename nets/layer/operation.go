package layer

import "slices"

// An operation computes one node from others.
type operation struct {
	inputs []*Node

	// forward writes the result for the values of the inputs.
	forward func(result []float32, inputs [][]float32)

	// backward adds the operations that compute the vector-Jacobian product for each input, given dy, the gradient of
	// the result y. It may return nil for inputs that need no gradient. An operation without backward is not
	// differentiable.
	//
	// If accumulates is set, partial is the part of the first input's gradient that other operations gave, or nil. The
	// returned gradient of the first input must include it. This saves a pass over memory.
	backward    func(y, dy, partial *Node) []*Node
	accumulates bool

	// recompute, if set, is a cheaper forward that uses statistics saved by the last one. The result then need not be
	// kept for the backward pass: see rematerialise.
	recompute func(result []float32, inputs [][]float32)

	// unread is the number of inputs, at the end of the list, whose values are not read. They only make the operation
	// run after them.
	unread int

	values  [][]float32 // of the inputs; kept here so that no run allocates the list
	readers int         // operations that read the result
	pending int         // readers that have not run yet in this run
	kept    bool        // the result keeps its memory
}

// apply adds an operation whose result has the given shape.
func (g *Graph) apply(name string, shape Shape, op operation, inputs ...*Node) *Node {
	op.inputs = inputs
	node := &Node{name: name, shape: shape, op: &op}
	if g.err != nil {
		return g.invalid
	}
	if _, ok := shape.Size(); !ok {
		return g.reject(name, inputs, "a result of shape %v has an axis below 1 or too many values", shape)
	}
	read := inputs[:len(inputs)-op.unread]
	for _, in := range read {
		if in.op != nil {
			in.op.readers++
		}
	}
	op.values = make([][]float32, len(read))
	node.needsGradient = slices.ContainsFunc(inputs, func(in *Node) bool { return in.needsGradient })
	return g.add(node)
}

// rematerialise returns a node with the value of x, for a gradient that needs x once dy is known. If x can be
// recomputed cheaply, it is, so that the memory of x itself is free between the two passes.
func (g *Graph) rematerialise(x, dy *Node) *Node {
	if x.op == nil || x.op.recompute == nil {
		return x
	}
	op := operation{forward: x.op.recompute, unread: 1}
	return g.apply(x.name+" recomputed", x.shape, op, append(slices.Clone(x.op.inputs), dy)...)
}

// run computes the node in memory of the arena, and returns there the memory of inputs that no later operation reads.
func (n *Node) run(inputs [][]float32) {
	op, arena := n.op, n.graph.parameters.arena
	if keeps := op.kept || op.readers == 0; !keeps || n.values == nil {
		n.values = arena.take(n.shape.size())
	}
	op.pending = op.readers
	op.forward(n.values, inputs)
	for _, in := range op.inputs[:len(inputs)] {
		if in.op == nil {
			continue
		}
		if in.op.pending--; in.op.pending == 0 && !in.op.kept {
			arena.release(in.values)
		}
	}
}
