package walk_test

import (
	"fmt"
	"log"

	"tweedie/nets/exact"
	"tweedie/sample/walk"
)

// The paper's simple choice, on a prior whose MMSE denoiser is known: one pixel, N(0.5, 0.2^2).
func Example() {
	sigma := walk.Sigmoid(157.407, 0.01, 100)
	w := walk.Walk{
		Sigma:       sigma,
		Tau:         walk.Proportional(sigma, 0.7),
		Temperature: walk.LinearTemperature(0.1, 1, len(sigma)),
		Seed:        1,
	}
	d := exact.NewIsotropic([]float32{0.5}, []float32{0.2 * 0.2})

	const samples = 10000
	for state, err := range w.Run(d, 1, 0, samples) {
		if err != nil {
			log.Fatal(err)
		}
		if state.K > 0 && state.K%25 == 0 {
			mean := 0.0
			for _, x := range state.X {
				mean += float64(x) / samples
			}
			fmt.Printf("%3d steps: sigma %6.2f, mean %.1f\n", state.K, state.Sigma, mean)
		}
	}
	// Output:
	//  25 steps: sigma  25.60, mean 0.6
	//  50 steps: sigma   2.21, mean 0.5
	//  75 steps: sigma   0.17, mean 0.5
	// 100 steps: sigma   0.01, mean 0.5
}
