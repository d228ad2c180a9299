package model

import (
	"fmt"

	"tweedie/nets/layer"
)

// A Trainer computes the loss of batches of one size and its gradients.
type Trainer struct {
	model                *Model
	network              network
	target, weight, loss *layer.Node
	gradientNodes        []*layer.Node // in the order of Parameters.All
	gradients            [][]float32   // of these nodes
}

// Trainer returns a trainer for batches of n images.
func (m *Model) Trainer(n int) (*Trainer, error) {
	g, err := m.build(n, true)
	if err != nil {
		return nil, err
	}
	t := &Trainer{model: m, network: g}
	t.target = g.Input("target", g.x.Shape()...)
	t.weight = g.Input("weight", n)
	t.loss = g.SquaredError(g.y, t.target, t.weight)
	g.Keep(t.loss)
	seed := g.Input("seed", n)
	layer.Ones(seed.Values(), nil)
	found := g.Gradients(t.loss, seed)
	if err := g.Compile(); err != nil {
		return nil, fmt.Errorf("%s: %w", m.Kind(), err)
	}
	for _, p := range m.Parameters.All() {
		if found[p.Name] == nil {
			return nil, fmt.Errorf("%s: the output does not depend on parameter %s", m.Kind(), p.Name)
		}
		t.gradientNodes = append(t.gradientNodes, found[p.Name])
	}
	t.gradients = make([][]float32, len(t.gradientNodes))
	return t, nil
}

// Run computes sum_n weight_n ||F(x_n, c_n) - target_n||^2 and its gradients. x and target are images, NCHW. c and
// weight have one value for each image.
func (t *Trainer) Run(x, c, target, weight []float32) (loss float64, err error) {
	inputX, inputC := t.network.x.Values(), t.network.c.Values()
	n, size := len(inputC), len(inputX)
	if len(x) != size || len(target) != size || len(c) != n || len(weight) != n {
		return 0, fmt.Errorf("%s: %d, %d, %d and %d values for a batch of %d images with %d values in all",
			t.model.Kind(), len(x), len(c), len(target), len(weight), n, size)
	}
	t.model.toNHWC(inputX, x)
	t.model.toNHWC(t.target.Values(), target)
	copy(inputC, c)
	copy(t.weight.Values(), weight)
	if err := t.network.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w", t.model.Kind(), err)
	}
	for _, l := range t.loss.Values() {
		loss += float64(l)
	}
	return loss, nil
}

// ParameterGradients returns the gradient of the last Run for each parameter, in the order of Parameters.All. The
// next Run overwrites them.
func (t *Trainer) ParameterGradients() [][]float32 {
	for i, n := range t.gradientNodes {
		t.gradients[i] = n.Values()
	}
	return t.gradients
}
