package layer

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A Graph is a network for one shape of input, over shared Parameters. Its methods add operations; they panic on shapes that
// do not fit, which is an error of the program. Build it, then Compile, then Run as often as you like.
type Graph struct {
	expression *G.ExprGraph
	parameters *Parameters
	training   bool

	record []*G.Node          // operations in the order they were added
	wanted map[*G.Node]bool   // nodes whose gradient is wanted
	nodes  map[string]*G.Node // of parameters
	names  map[*G.Node]*Parameter
	flops  float64
	vm     G.VM
}

// NewGraph returns an empty graph over parameters, which grow by those that the graph asks for. Only a graph for training can
// give gradients.
func NewGraph(parameters *Parameters, training bool) *Graph {
	return &Graph{
		expression: G.NewGraph(),
		parameters: parameters,
		training:   training,
		wanted:     map[*G.Node]bool{},
		nodes:      map[string]*G.Node{},
		names:      map[*G.Node]*Parameter{},
	}
}

// FLOPs is the number of multiplications and additions in the convolutions, linear maps and attention added so far, without those
// of gradients: two for each product of an input's value and a weight.
func (g *Graph) FLOPs() float64 { return g.flops }

// Input adds an input of the given shape. Write the values to Values(node) before Run.
func (g *Graph) Input(name string, shape ...int) *G.Node {
	v := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
	return G.NewTensor(g.expression, G.Float32, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(v))
}

// Parameter returns the node of a parameter, made with init if it is new to the Parameters.
func (g *Graph) Parameter(name string, init Init, shape ...int) *G.Node {
	if n, ok := g.nodes[name]; ok {
		return n
	}
	p := g.parameters.get(name, init, shape)
	n := G.NewTensor(g.expression, G.Float32, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(p.Value))
	g.nodes[name], g.names[n] = n, p
	if g.training {
		g.wanted[n] = true
	}
	return n
}

// Values returns the values of a node: an input's before Run, a kept result's after it.
func Values(n *G.Node) []float32 { return n.Value().Data().([]float32) }

// Keep makes the value of a result last until the next Run; without it the memory goes to later results. Call it before the
// first Run.
func (g *Graph) Keep(n *G.Node) {
	if o, ok := n.Op().(*operation); ok {
		o.kept = true
	}
}

// Compile makes the graph ready to Run.
func (g *Graph) Compile() { g.vm = G.NewTapeMachine(g.expression) }

// Run computes every node from the inputs and parameters as they are now.
func (g *Graph) Run() error {
	defer g.vm.Reset()
	if err := g.vm.RunAll(); err != nil {
		return fmt.Errorf("layer: %w", err)
	}
	return nil
}

// Gradients adds the gradient of sum(seed * y) with respect to every parameter that y depends on and returns, by name, nodes
// that are kept. It is Gorgonia's own reverse pass, except that terms of a sum are added by operations of this package:
// Gorgonia's allocates at every step.
func (g *Graph) Gradients(y, seed *G.Node) map[string]*G.Node {
	terms := map[*G.Node]G.Nodes{y: {seed}}
	forward := g.record
	for i := len(forward) - 1; i >= 0; i-- {
		node := forward[i]
		if len(terms[node]) == 0 || !g.wanted[node] {
			continue
		}
		op := node.Op().(*operation)
		var more *G.Node
		if first := op.inputs[0]; op.absorbs && len(terms[first]) > 0 {
			more = g.sum(terms[first])
			terms[first] = nil
		}
		gradients := op.pull(op.inputs, node, g.sum(terms[node]), more)
		for j, in := range op.inputs {
			if op.wants(j) {
				terms[in] = append(terms[in], gradients[j])
			}
		}
	}
	found := map[string]*G.Node{}
	for name, n := range g.nodes {
		if len(terms[n]) > 0 {
			found[name] = g.sum(terms[n])
			g.Keep(found[name])
		}
	}
	return found
}
