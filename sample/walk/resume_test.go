package walk

import (
	"slices"
	"testing"

	"tweedie/nets/exact"
)

// A walk that is resumed from any of its states has the same states after it, to the bit.
func TestResume(t *testing.T) {
	const pixels, first, n, K = 5, 3, 4, 20
	d := exact.NewIsotropic(slices.Repeat([]float32{0.2}, pixels), []float32{0.01, 0.25, 0.5, 1, 4})
	for name, space := range map[string]Space{"VE": VE, "VP": VP} {
		w := papersWalk(Sigmoid(50, 0.01, K), 0.7, 0.1)
		w.Space, w.Seed = space, 7
		var states []State
		for s, err := range w.Run(d, pixels, first, n) {
			if err != nil {
				t.Fatal(err)
			}
			s.X, s.Z = slices.Clone(s.X), slices.Clone(s.Z)
			states = append(states, s)
		}
		for _, from := range states[:K] {
			at := from.K
			for s, err := range w.Resume(from.K, from.Z, d, pixels, first, n) {
				if err != nil {
					t.Fatal(err)
				}
				if at++; s.K != at || !slices.Equal(s.X, states[at].X) {
					t.Fatalf("%s: resumed after step %d, state %d (%d) differs", name, from.K, s.K, at)
				}
			}
			if at != K {
				t.Fatalf("%s: resumed after step %d, the last state is %d", name, from.K, at)
			}
		}
		for _, z := range [][]float32{nil, make([]float32, 3)} {
			if _, err := Last(w.Resume(2, z, d, pixels, first, n)); err == nil {
				t.Errorf("%d values: no error", len(z))
			}
		}
	}
}
