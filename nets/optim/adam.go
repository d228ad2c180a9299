// Package optim holds the optimizer: Adam (Kingma and Ba 2015) fused with an exponential moving average of the parameters.
package optim

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"tweedie/nets/kernel"
	"tweedie/nets/layer"
)

// Adam is a gorgonia.Solver over the parameters of one network. Its state is in view, so that a run can be resumed. Clip = 0
// is no limit; with EMADecay = 0 the average is the parameters.
type Adam struct {
	Rate         float64 // of learning; may change between steps
	Beta1, Beta2 float64 // of the moments
	Epsilon      float64 // added to the root of the second moment
	Clip         float64 // greatest norm of the whole gradient; a longer one is scaled down to it
	EMADecay     float64 // ema <- EMADecay ema + (1 - EMADecay) parameters

	Steps           int               // done
	GradientNorm    float64           // of the last step, before clipping
	First, Second   *layer.Parameters // moments, named and shaped as the parameters
	parameters, ema *layer.Parameters
}

var _ G.Solver = (*Adam)(nil)

// NewAdam returns Adam with the usual constants (0.9, 0.999, 1e-8). ema has the same parameters, and follows them;
// it may be nil.
func NewAdam(parameters, ema *layer.Parameters) *Adam {
	return &Adam{
		Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8,
		First: zeros(parameters), Second: zeros(parameters), parameters: parameters, ema: ema,
	}
}

// zeros returns parameters of the same names and shapes that are zero.
func zeros(p *layer.Parameters) *layer.Parameters {
	z := p.Clone()
	for _, q := range z.All() {
		clear(q.Data())
	}
	return z
}

// Step updates the parameters from their gradients, given in the order of Parameters.All. A gradient that is not finite is an
// error, and changes nothing.
func (a *Adam) Step(model []G.ValueGrad) error {
	all := a.parameters.All()
	if len(model) != len(all) {
		return fmt.Errorf("adam: %d gradients for %d parameters", len(model), len(all))
	}
	gradients := make([][]float32, len(model))
	var squares float64
	for i, m := range model {
		g, err := m.Grad()
		if err != nil {
			return fmt.Errorf("adam: gradient of %s: %w", all[i].Name, err)
		}
		gradients[i] = g.Data().([]float32)
		squares += kernel.SumSquares(gradients[i])
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
