package layer

import "gorgonia.org/tensor"

// An arena lends memory to results and takes it back when their last reader has run. Operations run in the same order
// every time, so after the first run every result finds memory and nothing is allocated. Graphs that run one at a time share an
// arena.
type arena struct {
	free map[int][]*tensor.Dense // by number of values
	work []float32               // of the operation that runs
}

// workspace returns memory for the length of one operation.
func (g *Graph) workspace(n int) []float32 {
	a := g.parameters.arena
	if len(a.work) < n {
		a.work = make([]float32, n)
	}
	return a.work[:n]
}

// take returns memory for a result that had last in the run before; a result that is its own never released that.
func (a *arena) take(shape tensor.Shape, last *tensor.Dense, own bool) *tensor.Dense {
	if own && last != nil {
		return last
	}
	free := a.free[shape.TotalSize()]
	if len(free) == 0 {
		return tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
	}
	d := free[len(free)-1]
	a.free[shape.TotalSize()] = free[:len(free)-1]
	if d.Shape().Eq(shape) {
		return d
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(d.Data()))
}

func (a *arena) release(d *tensor.Dense) {
	n := d.Shape().TotalSize()
	a.free[n] = append(a.free[n], d)
}
