package layer

import (
	"fmt"
	"strings"
)

// A Shape is the number of values along each axis. The last axis varies fastest in memory.
type Shape []int

// String writes a shape as (2, 8, 8, 32).
func (s Shape) String() string {
	return "(" + strings.Trim(strings.Join(strings.Fields(fmt.Sprint([]int(s))), ", "), "[]") + ")"
}

// maxValues is the largest number of values of one node. It is far beyond any memory, and small enough that sums and
// products with a node's size do not overflow.
const maxValues = 1 << 40

// Size returns the number of values, and false if there is no axis, one below 1, or more than maxValues values.
func (s Shape) Size() (n int, ok bool) {
	if len(s) == 0 {
		return 0, false
	}
	n = 1
	for _, length := range s {
		if length < 1 || length > maxValues/n {
			return 0, false
		}
		n *= length
	}
	return n, true
}

// size is Size for shapes that were checked.
func (s Shape) size() int {
	n, _ := s.Size()
	return n
}

// rows returns the shape as a matrix: the product of all axes but the last, and the last.
func (s Shape) rows() (rows, length int) {
	length = s[len(s)-1]
	return s.size() / length, length
}

// with returns a copy whose last axis has another length.
func (s Shape) with(channels int) Shape {
	c := append(Shape(nil), s...)
	c[len(c)-1] = channels
	return c
}

// A Node is a value in a Graph: an input, a parameter or the result of an operator.
//
// After an error (see Graph.Err) operators return an invalid node. Its axes all have length 0.
type Node struct {
	graph         *Graph
	name          string // of an input, a parameter or the operator
	shape         Shape
	values        []float32  // of an input or a result; nil until they are needed
	parameter     *Parameter // nil for other nodes
	op            *operation // nil for inputs and parameters
	needsGradient bool       // the node depends on a variable or, in a graph for training, on a parameter
}

// Shape returns the node's shape. Do not change it.
func (n *Node) Shape() Shape { return n.shape }

// Height returns the second axis of images (N, H, W, C), or 0 if the node has none.
func (n *Node) Height() int { return n.axis(1) }

// Width returns the third axis of images (N, H, W, C), or 0 if the node has none.
func (n *Node) Width() int { return n.axis(2) }

// Channels returns the length of the last axis.
func (n *Node) Channels() int { return n.axis(len(n.shape) - 1) }

func (n *Node) axis(i int) int {
	if i < 0 || i >= len(n.shape) {
		return 0
	}
	return n.shape[i]
}

// Values returns the node's values: an input's, to be set before Run, a parameter's, or a result's after Run. The
// memory of a result is used again for others unless Graph.Keep was called.
func (n *Node) Values() []float32 {
	if n.parameter != nil {
		return n.parameter.values
	}
	if n.values == nil && n.op == nil {
		n.values = make([]float32, n.shape.size())
	}
	return n.values
}

// String describes the node in errors, such as "conv3x3 down.0.conv1.weight (1, 8, 8, 32)". An operator is followed by
// its first parameter.
func (n *Node) String() string {
	name := n.name
	if n.op != nil {
		for _, in := range n.op.inputs {
			if in.parameter != nil {
				name += " " + in.name
				break
			}
		}
	}
	return name + " " + n.shape.String()
}
