package unet_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/model"
	"tweedie/nets/unet"
)

// small is a network with every kind of layer, for images that are padded.
var small = unet.Config{Channels: 2, Height: 11, Width: 9, Base: 8, Multipliers: []int{1, 2, 1}, Blocks: 1, Attention: []int{6}}

const smallBatch, smallValues = 3, 3 * 2 * 11 * 9

// randomModel is a network all of whose parameters matter: in training, some start at zero.
func randomModel(c unet.Config) *model.Model {
	m := model.New(c, rng())
	r := rng()
	for _, p := range m.Parameters.All() {
		for i := range p.Data() {
			p.Data()[i] += float32(0.1 * r.NormFloat64())
		}
	}
	m.Parameters.Changed()
	return m
}

func normal(n int, rng *rand.Rand) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

func gradient(t *testing.T, trainer *model.Trainer, i int) []float32 {
	g, err := trainer.ParameterGradients()[i].Grad()
	if err != nil {
		t.Fatal(err)
	}
	return g.Data().([]float32)
}

// TestGradientOfTheLoss compares the gradient of the loss with respect to every parameter with central differences of the
// loss, computed from the network's output, along a random direction.
func TestGradientOfTheLoss(t *testing.T) {
	m := randomModel(small)
	trainer, network := m.Trainer(smallBatch), m.Network()
	weight := []float32{1, 0.5, 2}
	y, r := make([]float32, smallValues), rng()
	for run := range 2 { // of one trainer
		x, c, target := normal(smallValues, r), normal(smallBatch, r), normal(smallValues, r)
		loss, err := trainer.Run(x, c, target, weight)
		if err != nil {
			t.Fatal(err)
		}
		value := func() (sum float64) {
			m.Parameters.Changed()
			if err := network.Forward(y, x, c); err != nil {
				t.Fatal(err)
			}
			for i, f := range y {
				sum += float64(weight[i*smallBatch/len(y)]) * math.Pow(float64(f)-float64(target[i]), 2)
			}
			return sum
		}
		for i, p := range m.Parameters.All() {
			g, at := gradient(t, trainer, i), slices.Clone(p.Data())
			var squares float64
			for _, v := range g {
				squares += float64(v) * float64(v)
			}
			norm := math.Sqrt(squares)
			h := min(1e-3*loss/norm, 1e-2) // changes the loss by about a thousandth
			direction := normal(len(at), r)
			var slope float64
			for j, d := range direction {
				slope += float64(g[j]) * float64(d)
			}
			along := func(h float64) float64 {
				for j, d := range direction {
					p.Data()[j] = at[j] + float32(h)*d
				}
				return value()
			}
			// The difference of fourth order: networks are curved.
			difference := (8*(along(h)-along(-h)) - (along(2*h) - along(-2*h))) / (12 * h)
			copy(p.Data(), at)
			if e := math.Abs(difference-slope) / norm; !(e < 1e-2) {
				t.Errorf("run %d: gradient of %s is off by %.2g of its size", run, p.Name, e)
			}
		}
		m.Parameters.Changed()
	}
}
