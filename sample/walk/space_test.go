package walk

import (
	"math"
	"slices"
	"testing"

	"tweedie/nets/exact"
)

// The walk in the coordinates sqrt(alphaBar) x has the same images as that in x (paper section 4), at every step, to
// the rounding of float32 in a thousand steps.
func TestSpacesAgree(t *testing.T) {
	const pixels, n = 6, 4
	d := exact.NewIsotropic(slices.Repeat([]float32{0.2}, pixels), []float32{0, 1e-4, 0.01, 0.25, 1, 4})
	walks := map[string]Walk{
		"sigmoid": papersWalk(Sigmoid(157.407, 0.01, 200), 0.7, 0.1),
		"conditional": {
			Sigma: Geometric(100, 0.01, 300), Tau: Proportional(Geometric(100, 0.01, 300), 0.3),
			Temperature: LinearTemperature(0, 1, 300), Likelihood: gain{0.5, 0.1, 0.2},
		},
	}
	for _, name := range Presets() {
		preset, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		walks[name] = preset.Walk()
	}
	for name, w := range walks {
		t.Run(name, func(t *testing.T) {
			w.Space = VE
			var images [][]float32
			for state, err := range w.Run(d, pixels, 0, n) {
				if err != nil {
					t.Fatal(err)
				}
				images = append(images, slices.Clone(state.X))
			}
			w.Space = VP
			for state, err := range w.Run(d, pixels, 0, n) {
				if err != nil {
					t.Fatal(err)
				}
				if apart := distance(state.X, images[state.K]); !(apart <= 2e-5) {
					t.Fatalf("step %d: the images of the spaces are %g apart", state.K, apart)
				}
			}
		})
	}
}

// distance is the largest difference of two images, divided by the second's root mean square if that is above 1: a
// noisy image is as large as its noise.
func distance[F float32 | float64](a []float32, b []F) float64 {
	worst, squares := 0.0, 0.0
	for i := range a {
		worst = max(worst, math.Abs(float64(a[i])-float64(b[i])))
		squares += float64(b[i]) * float64(b[i])
	}
	return worst / max(1, math.Sqrt(squares/float64(len(b))))
}
