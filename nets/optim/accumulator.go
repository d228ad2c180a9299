package optim

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/kernel"
	"tweedie/nets/layer"
)

// An Accumulator adds up the gradients of several batches, for one step of them all.
type Accumulator struct {
	sums  []G.ValueGrad
	count int
}

// NewAccumulator returns one for a network's parameters.
func NewAccumulator(parameters *layer.Parameters) *Accumulator {
	a := new(Accumulator)
	for _, p := range parameters.All() {
		a.sums = append(a.sums, sum{p.Value, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(p.Value.Shape()...))})
	}
	return a
}

// Add adds the gradients of one batch, in the order of Parameters.All.
func (a *Accumulator) Add(model []G.ValueGrad) error {
	if len(model) != len(a.sums) {
		return fmt.Errorf("accumulator: %d gradients for %d parameters", len(model), len(a.sums))
	}
	for i, m := range model {
		g, err := m.Grad()
		if err != nil {
			return err
		}
		total := a.sums[i].(sum).gradient.Data().([]float32)
		if a.count == 0 {
			copy(total, g.Data().([]float32))
		} else {
			kernel.AddTo(total, g.Data().([]float32))
		}
	}
	a.count++
	return nil
}

// Mean returns the mean of the gradients added, at least one batch's, for one call of Solver.Step, and starts anew at the next Add.
func (a *Accumulator) Mean() []G.ValueGrad {
	for _, s := range a.sums {
		total := s.(sum).gradient.Data().([]float32)
		kernel.Scale(total, total, 1/float32(a.count))
	}
	a.count = 0
	return a.sums
}

type sum struct{ value, gradient *tensor.Dense }

func (s sum) Value() G.Value         { return s.value }
func (s sum) Grad() (G.Value, error) { return s.gradient, nil }
