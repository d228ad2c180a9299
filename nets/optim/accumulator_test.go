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
	g := gradients(p)
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
			if err := a.Add(g); err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range flat(a.Mean()...) {
			if d := v - want[i]; !(d < 1e-6 && d > -1e-6) {
				t.Fatalf("mean %d of %d batches is %v, want %v", i, batches, v, want[i])
			}
		}
	}
	if !slices.Equal(flat(data(p)...), before) {
		t.Error("the parameters changed")
	}
}
