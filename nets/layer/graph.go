package layer

import (
	"errors"
	"fmt"
	"slices"
)

// A Graph is a network for one shape of input. Several graphs can share Parameters. Building one takes no memory for
// values: call Compile when it is complete, and then Run as often as you like.
//
// Operators check the shapes of their operands. The first error stays (see Err): from then on operators do nothing and
// return an invalid node, so that the code of a network need not check each call.
type Graph struct {
	parameters *Parameters
	training   bool

	nodes   []*Node          // in the order they were added
	byName  map[string]*Node // the parameters among them
	invalid *Node
	err     error
	flops   float64
	machine machine
}

// NewGraph returns an empty graph. Parameters that its network names, and that are not among the given ones, are added
// to them. Only a graph for training can give gradients of parameters.
func NewGraph(parameters *Parameters, training bool) *Graph {
	g := &Graph{parameters: parameters, training: training, byName: map[string]*Node{}}
	g.invalid = &Node{graph: g, name: "invalid", shape: Shape{0, 0, 0, 0}}
	return g
}

// Err returns the first error of building the graph.
func (g *Graph) Err() error { return g.err }

// Fail records an error, unless there is one already, and returns an invalid node. A network calls it if its own
// settings do not fit.
func (g *Graph) Fail(err error) *Node {
	if g.err == nil {
		g.err = err
	}
	return g.invalid
}

// reject fails because operands break a rule of an operator.
func (g *Graph) reject(operator string, operands []*Node, rule string, arguments ...any) *Node {
	text := operator
	for i, n := range operands {
		text += []string{" of ", " and ", ", "}[min(i, 2)] + n.String()
	}
	return g.Fail(errors.New(text + ": " + fmt.Sprintf(rule, arguments...)))
}

// usable reports whether an operator can be added: the graph has no error, and all operands are its nodes.
func (g *Graph) usable(operator string, operands ...*Node) bool {
	for _, n := range operands {
		if n == nil {
			g.Fail(fmt.Errorf("%s: an operand is nil", operator))
		} else if n.graph != g {
			g.Fail(fmt.Errorf("%s: %v is a node of another graph", operator, n))
		}
	}
	return g.err == nil
}

// FLOPs is the number of multiplications and additions in convolutions, linear maps and attention added so far, without
// gradients. A product of an input's value and a weight, added to a sum, counts as two.
func (g *Graph) FLOPs() float64 { return g.flops }

// Input adds an input of the given shape. Set its Values before Run.
func (g *Graph) Input(name string, shape ...int) *Node {
	if g.err != nil {
		return g.invalid
	}
	if _, ok := Shape(shape).Size(); !ok {
		return g.Fail(fmt.Errorf("input %s: shape %v has an axis below 1 or too many values", name, Shape(shape)))
	}
	return g.add(&Node{name: name, shape: slices.Clone(shape)})
}

// Variable adds an input that has a gradient, in graphs of any purpose.
func (g *Graph) Variable(name string, shape ...int) *Node {
	n := g.Input(name, shape...)
	if g.err == nil {
		n.needsGradient = true
	}
	return n
}

// Parameter returns the node of a parameter. One that is new to the graph's Parameters is added to them without values;
// init will set its first values.
func (g *Graph) Parameter(name string, init Init, shape ...int) *Node {
	if g.err != nil {
		return g.invalid
	}
	p, err := g.parameters.get(name, init, shape)
	if err != nil {
		return g.Fail(err)
	}
	if n, ok := g.byName[name]; ok {
		return n
	}
	g.byName[name] = g.add(&Node{name: name, shape: p.Shape, parameter: p, needsGradient: g.training})
	return g.byName[name]
}

func (g *Graph) add(n *Node) *Node {
	n.graph = g
	g.nodes = append(g.nodes, n)
	return n
}

// Keep makes the value of a result last until the next Run. Otherwise its memory is used again when its last reader has
// run. Call Keep before the first Run.
func (g *Graph) Keep(n *Node) {
	if n.op != nil {
		n.op.kept = true
	}
}

// Gradients adds reverse-mode differentiation: the vector-Jacobian products of seed with y, which are the gradients of
// sum(seed * y), for every parameter on which y depends. The nodes it returns, by parameter name, are kept.
//
// Gorgonia's own reverse pass is not used, because its sums of gradients allocate memory in every run.
func (g *Graph) Gradients(y, seed *Node) map[string]*Node {
	nodes := g.nodes
	terms := g.reverse(y, seed)
	if g.err != nil {
		return nil
	}
	found := map[string]*Node{}
	for _, n := range nodes {
		if n.parameter != nil && len(terms[n]) > 0 {
			found[n.name] = g.sum(terms[n])
			g.Keep(found[n.name])
		}
	}
	return found
}

// Gradient is Gradients for one Variable x of the graph. It fails if y does not depend on x.
func (g *Graph) Gradient(y, seed, x *Node) *Node {
	terms := g.reverse(y, seed)
	if !g.usable("gradient", x) {
		return g.invalid
	}
	if len(terms[x]) == 0 {
		return g.reject("gradient", []*Node{y, x}, "the first does not depend on the second, or that is no variable")
	}
	dx := g.sum(terms[x])
	g.Keep(dx)
	return dx
}

// reverse adds the operations of reverse-mode differentiation, from y back. It returns, for each input and parameter,
// the terms of its gradient that are still to be added up.
func (g *Graph) reverse(y, seed *Node) map[*Node][]*Node {
	if !g.usable("gradients", y, seed) {
		return nil
	}
	if !slices.Equal(y.shape, seed.shape) {
		g.reject("gradients", []*Node{y, seed}, "the seed must have the shape of the result")
		return nil
	}
	terms := map[*Node][]*Node{y: {seed}} // of each node's gradient, from the operations that read it
	for _, node := range slices.Backward(g.nodes) {
		if node.op == nil || len(terms[node]) == 0 || !node.needsGradient {
			continue
		}
		op := node.op
		if op.backward == nil {
			g.Fail(fmt.Errorf("%v has no gradient", node))
			return nil
		}
		var partial *Node
		if first := op.inputs[0]; op.accumulates && len(terms[first]) > 0 {
			partial = g.sum(terms[first])
			terms[first] = nil
		}
		gradients := op.backward(node, g.sum(terms[node]), partial)
		for i, in := range op.inputs {
			if in.needsGradient {
				terms[in] = append(terms[in], gradients[i])
			}
		}
	}
	return terms
}
