package optim

import (
	"fmt"

	"tweedie/nets/kernel"
	"tweedie/nets/layer"
)

// An Accumulator averages the gradients of several batches, for one step of the optimizer.
type Accumulator struct {
	parameters []*layer.Parameter
	sums       [][]float32
	count      int // batches added since the last Mean
}

// NewAccumulator returns an accumulator for a network's parameters.
func NewAccumulator(parameters *layer.Parameters) *Accumulator {
	a := &Accumulator{parameters: parameters.All()}
	for _, p := range a.parameters {
		a.sums = append(a.sums, make([]float32, len(p.Data())))
	}
	return a
}

// Add adds the gradients of one batch, in the order of Parameters.All.
func (a *Accumulator) Add(gradients [][]float32) error {
	if err := check(a.parameters, gradients); err != nil {
		return fmt.Errorf("accumulator: %w", err)
	}
	for i, g := range gradients {
		if a.count == 0 {
			copy(a.sums[i], g)
		} else {
			kernel.AddTo(a.sums[i], g)
		}
	}
	a.count++
	return nil
}

// Mean returns the mean of the gradients added since the last call. At least one batch must have been added. The next
// Add overwrites it.
func (a *Accumulator) Mean() [][]float32 {
	for _, sum := range a.sums {
		kernel.Scale(sum, sum, 1/float32(a.count))
	}
	a.count = 0
	return a.sums
}
