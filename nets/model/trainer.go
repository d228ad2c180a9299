package model

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tweedie/nets/layer"
)

// A Trainer computes the loss of batches of one size and its gradients.
type Trainer struct {
	*Model
	network
	target, weight, loss *G.Node
	gradients            []G.ValueGrad
}

// Trainer returns a trainer for batches of n images.
func (m *Model) Trainer(n int) *Trainer {
	t := &Trainer{Model: m, network: m.build(n, true)}
	t.target = t.Input("target", t.x.Shape()...)
	t.weight = t.Input("weight", n)
	t.loss = t.SquaredError(t.y, t.target, t.weight)
	t.Keep(t.loss)
	seed := t.Input("seed", n)
	layer.Ones(layer.Values(seed), nil)
	found := t.Gradients(t.loss, seed)
	for _, p := range m.Parameters.All() {
		t.gradients = append(t.gradients, valueGrad{p.Value, found[p.Name]})
	}
	t.Compile()
	return t
}

// Run computes sum_n weight_n ||F(x_n, c_n) - target_n||^2 and its gradients. x and target are images, NCHW; c and weight have one value per image.
func (t *Trainer) Run(x, c, target, weight []float32) (loss float64, err error) {
	n := len(layer.Values(t.c))
	if size := len(layer.Values(t.x)); len(x) != size || len(target) != size || len(c) != n || len(weight) != n {
		return 0, fmt.Errorf("%s: %d, %d, %d and %d values for a batch of %d images with %d values in all",
			t.Kind(), len(x), len(c), len(target), len(weight), n, size)
	}
	t.toNHWC(layer.Values(t.x), x)
	t.toNHWC(layer.Values(t.target), target)
	copy(layer.Values(t.c), c)
	copy(layer.Values(t.weight), weight)
	if err := t.network.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w", t.Kind(), err)
	}
	for _, l := range layer.Values(t.loss) {
		loss += float64(l)
	}
	return loss, nil
}

// ParameterGradients returns each parameter's value with the gradient of the last Run, in the order of Parameters.All: what a gorgonia.Solver takes.
func (t *Trainer) ParameterGradients() []G.ValueGrad { return t.gradients }

type valueGrad struct {
	value    *tensor.Dense
	gradient *G.Node
}

func (v valueGrad) Value() G.Value { return v.value }

func (v valueGrad) Grad() (G.Value, error) { return v.gradient.Value(), nil }
