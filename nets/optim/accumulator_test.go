package optim

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMeanOfAccumulatedGradients(t *testing.T) {
	p := parameters()
	before := flat(data(p)...)
	a := NewAccumulator(p)
	model, g := gradients(p)
	rng := rand.New(rand.NewPCG(4, 0))
	for _, batches := range []int{3, 1, 2} { // one accumulator, used again
		want := make([]float64, p.Count())
		for range batches {
			for _, v := range g {
				normal(v, rng)
			}
			for i, v := range flat(g...) {
				want[i] += v / float64(batches)
			}
			if err := a.Add(model); err != nil {
				t.Fatal(err)
			}
		}
		var got [][]float32
		for i, m := range a.Mean() {
			d, err := m.Grad()
			if err != nil {
				t.Fatal(err)
			}
			if m.Value() != p.All()[i].Value {
				t.Errorf("gradient %d is not that of %s", i, p.All()[i].Name)
			}
			got = append(got, d.Data().([]float32))
		}
		for i, v := range flat(got...) {
			if d := v - want[i]; !(d < 1e-6 && d > -1e-6) {
				t.Fatalf("mean %d of %d batches is %v, want %v", i, batches, v, want[i])
			}
		}
	}
	if !slices.Equal(flat(data(p)...), before) {
		t.Error("the parameters changed")
	}
}
