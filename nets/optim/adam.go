// Package optim holds the optimizer: Adam (Kingma and Ba 2015) fused with an exponential moving average of the
// parameters, and the accumulation of gradients over several batches.
//
// The package must not know a network, a loss or a schedule of learning rates.
package optim

import (
	"fmt"
	"math"

	"tweedie/nets/kernel"
	"tweedie/nets/layer"
)

// Adam is the optimizer of one network's parameters. Its state is exported, so that a training can be resumed. Clip = 0
// means no limit. With EMADecay = 0 the average equals the parameters.
type Adam struct {
	Rate         float64 // of learning; may change between steps
	Beta1, Beta2 float64 // of the moments
	Epsilon      float64 // added to the root of the second moment
	Clip         float64 // largest norm of the whole gradient; a longer one is scaled down to it
	EMADecay     float64 // ema <- EMADecay ema + (1 - EMADecay) parameters

	Steps           int               // done
	GradientNorm    float64           // of the last step, before clipping
	First, Second   *layer.Parameters // moments, with the parameters' names and shapes
	parameters, ema *layer.Parameters
}

// NewAdam returns Adam with the usual constants (0.9, 0.999, 1e-8). ema is a copy of the parameters that holds their
// moving average. It may be nil.
func NewAdam(parameters, ema *layer.Parameters) *Adam {
	return &Adam{
		Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8,
		First: zeros(parameters), Second: zeros(parameters), parameters: parameters, ema: ema,
	}
}

// zeros returns parameters of the same names and shapes whose values are zero.
func zeros(p *layer.Parameters) *layer.Parameters {
	z := p.Clone()
	for _, q := range z.All() {
		clear(q.Data())
	}
	return z
}

// Step updates the parameters from their gradients, given in the order of Parameters.All. A gradient that is not
// finite is an error. After an error the parameters and moments are as before.
func (a *Adam) Step(gradients [][]float32) error {
	all := a.parameters.All()
	if err := check(all, gradients); err != nil {
		return fmt.Errorf("adam: %w", err)
	}
	var squares float64
	for _, g := range gradients {
		squares += kernel.SumSquares(g)
	}
	a.GradientNorm = math.Sqrt(squares)
	if math.IsNaN(squares) || math.IsInf(squares, 0) {
		return fmt.Errorf("adam: the gradient's norm is %v", a.GradientNorm)
	}
	a.Steps++
	step := kernel.AdamStep{
		Rate: a.Rate, Beta1: a.Beta1, Beta2: a.Beta2, Epsilon: a.Epsilon,
		Correction1: 1 - math.Pow(a.Beta1, float64(a.Steps)),
		Correction2: 1 - math.Pow(a.Beta2, float64(a.Steps)),
		GradScale:   1, EMADecay: a.EMADecay,
	}
	if a.Clip > 0 && a.GradientNorm > a.Clip {
		step.GradScale = a.Clip / a.GradientNorm
	}
	first, second := a.First.All(), a.Second.All()
	average := func(i int) []float32 { return nil }
	if a.ema != nil {
		average = func(i int) []float32 { return a.ema.All()[i].Data() }
	}
	kernel.Parallel(len(all), func(_ *kernel.Scratch, i int) {
		kernel.Adam(all[i].Data(), gradients[i], first[i].Data(), second[i].Data(), average(i), step)
	})
	a.parameters.Changed()
	if a.ema != nil {
		a.ema.Changed()
	}
	return nil
}

// check is an error unless there is a gradient of the right length for each parameter.
func check(parameters []*layer.Parameter, gradients [][]float32) error {
	if len(gradients) != len(parameters) {
		return fmt.Errorf("%d gradients for %d parameters", len(gradients), len(parameters))
	}
	for i, p := range parameters {
		if len(gradients[i]) != len(p.Data()) {
			return fmt.Errorf("gradient of %s has %d values, want %d", p.Name, len(gradients[i]), len(p.Data()))
		}
	}
	return nil
}
