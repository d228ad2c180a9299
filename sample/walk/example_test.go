package walk_test

import (
	"fmt"
	"log"
	"math"
	"slices"

	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/walk"
)

// A walk with a denoiser in closed form. Images are one pixel, -1 or 1 with equal probability. Their MMSE denoiser is
// D(x, sigma) = tanh(x/sigma^2), and the walk has the paper's simple choice of sigma, tau and T.
func Example() {
	d := nets.DenoiserFunc(func(dst, x []float32, sigma float64) error {
		for i, v := range x {
			dst[i] = float32(math.Tanh(float64(v) / (sigma * sigma)))
		}
		return nil
	})
	sigma := walk.Sigmoid(157.407, 0.01, 100)
	w := walk.Walk{
		Sigma:       sigma,
		Tau:         walk.Proportional(sigma, 0.7),
		Temperature: walk.LinearTemperature(0.1, 1, len(sigma)),
		Seed:        1,
	}
	const pixels, samples = 1, 1000
	end, err := walk.Last(w.Run(d, pixels, 0, samples))
	if err != nil {
		log.Fatal(err)
	}
	light, near := 0, 0
	for _, x := range end.X {
		if x > 0 {
			light++
		}
		if math.Abs(math.Abs(float64(x))-1) < 0.05 {
			near++
		}
	}
	fmt.Printf("%.0f%% are near -1 or 1, and %.1f of them near 1\n", 100*float64(near)/samples, float64(light)/samples)
	// Output:
	// 100% are near -1 or 1, and 0.5 of them near 1
}

// A schedule of your own is a list of noise levels. These levels are evenly spaced in their fourth root. Without a
// network, the plan shows how many steps they need.
func Example_schedule() {
	const high, low = 40, 0.01
	newWalk := func(K int) walk.Walk {
		sigma := make([]float64, K)
		for k := range sigma {
			u := float64(k) / float64(K-1)
			sigma[k] = math.Pow((1-u)*math.Pow(high, 0.25)+u*math.Pow(low, 0.25), 4)
		}
		return walk.Walk{
			Sigma:       sigma,
			Tau:         walk.Proportional(sigma, 0.7),
			Temperature: walk.LinearTemperature(0.1, 1, K),
			Seed:        1,
		}
	}
	const std = 0.5 // of the images' pixels
	for _, K := range []int{50, 200} {
		plan := newWalk(K).Plan(std)
		fmt.Printf("%d steps: pixels have standard deviation %.2f at the end\n", K, plan.Steps[K-1].RMS)
	}

	const pixels = 1000
	variance := slices.Repeat([]float32{std * std}, pixels)
	end, err := walk.Last(newWalk(200).Run(exact.NewIsotropic(make([]float32, pixels), variance), pixels, 0, 10))
	if err != nil {
		log.Fatal(err)
	}
	squares := 0.0
	for _, x := range end.X {
		squares += float64(x) * float64(x) / float64(len(end.X))
	}
	fmt.Printf("samples have %.1f\n", math.Sqrt(squares))
	// Output:
	// 50 steps: pixels have standard deviation 0.58 at the end
	// 200 steps: pixels have standard deviation 0.50 at the end
	// samples have 0.5
}
