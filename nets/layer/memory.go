package layer

// An arena lends memory to results and takes it back when their last reader has run. Operations run in the same order
// every time, so after the first run every result finds memory and nothing is allocated. Graphs that run one at a time
// share an arena.
type arena struct {
	free map[int][][]float32 // by number of values
	work []float32           // workspace of the operation that runs
}

func (a *arena) take(size int) []float32 {
	free := a.free[size]
	if len(free) == 0 {
		return make([]float32, size)
	}
	a.free[size] = free[:len(free)-1]
	return free[len(free)-1]
}

func (a *arena) release(values []float32) {
	a.free[len(values)] = append(a.free[len(values)], values)
}

// workspace returns memory that an operation may use while it runs.
func (g *Graph) workspace(n int) []float32 {
	a := g.parameters.arena
	if len(a.work) < n {
		a.work = make([]float32, n)
	}
	return a.work[:n]
}

// A packing is a form into which a kernel brings weights before it multiplies by them. The form may depend on the size
// of the images; two different forms of the same weights and the same direction also differ in size.
type packing struct {
	weights   *Parameter
	direction direction
	size      int
}

// A direction says whether weights are packed for an operator or for its gradient.
type direction int

const (
	forward direction = iota
	backward
)

// packed holds the values of a packing, for all graphs over the same Parameters.
type packed struct {
	values  []float32
	version int // of the parameters when they were packed
}

// maxPacked bounds the values that are kept packed: 32 MiB. Winograd's form has four times the values of the weights.
const maxPacked = 8 << 20

// packed returns a function that gives the packed form of weights w to an operation while it runs.
//
// For evaluation, packed forms are kept until the parameters change, as long as they are no more than maxPacked values
// in all. Other forms are packed in every run, into the workspace: in training weights change every time, and large
// forms would cost more memory than packing them costs time.
func (g *Graph) packed(w *Node, d direction, size int, pack func(dst, w []float32)) func(w []float32) []float32 {
	p := g.parameters.keep(packing{w.parameter, d, size}, g.training)
	if p == nil {
		return func(values []float32) []float32 {
			to := g.workspace(size)
			pack(to, values)
			return to
		}
	}
	return func(values []float32) []float32 {
		if p.version != g.parameters.version {
			if p.values == nil {
				p.values = make([]float32, size)
			}
			pack(p.values, values)
			p.version = g.parameters.version
		}
		return p.values
	}
}

// keep returns the place of a packed form, or nil if it is not to be kept.
func (p *Parameters) keep(form packing, training bool) *packed {
	if training || form.weights == nil {
		return nil
	}
	if p.packed[form] == nil && form.size <= maxPacked-p.kept {
		p.kept += form.size
		p.packed[form] = &packed{}
	}
	return p.packed[form]
}
