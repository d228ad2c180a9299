package inverse_test

import (
	"fmt"
	"log"
	"slices"

	"tweedie/data/random"
	"tweedie/nets/exact"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// rowMeans measures the mean of each row of a gray image. A mean over n pixels, multiplied by sqrt(n), has norm one;
// a mean has less.
type rowMeans struct{ image inverse.Shape }

func (a rowMeans) Image() inverse.Shape { return a.image }

func (a rowMeans) Measurement() inverse.Shape {
	return inverse.Shape{Channels: 1, Height: 1, Width: a.image.Height}
}

func (a rowMeans) Apply(dst, x []float32) {
	clear(dst)
	for i, v := range x {
		dst[i/a.image.Width] += v / float32(a.image.Width)
	}
}

// Adjoint gives each pixel the value of its row, with the weight that the pixel has in Apply.
func (a rowMeans) Adjoint(dst, y []float32) {
	for i := range dst {
		dst[i] = y[i/a.image.Width] / float32(a.image.Width)
	}
}

// A forward operator of your own: images are sampled that agree with the means of their rows. The prior is N(0, 0.5^2),
// independent in each pixel, so without a measurement the means of rows would be N(0, 0.25^2).
func ExampleOperator() {
	a := rowMeans{inverse.Shape{Channels: 1, Height: 2, Width: 4}}
	x := []float32{0.9, 0.8, 0.7, 0.8, -0.4, -0.6, -0.5, -0.5} // rows of mean 0.8 and -0.5
	const eta = 0.02
	y := inverse.Measure(a, x, eta, random.Stream(1, random.MeasurementNoise, 0))
	likelihood, err := inverse.NewLikelihood(a, y, eta)
	if err != nil {
		log.Fatal(err)
	}

	pixels := a.Image().Len()
	prior := exact.NewIsotropic(make([]float32, pixels), slices.Repeat([]float32{0.5 * 0.5}, pixels))
	sigma := walk.Geometric(10, 0.02, 4000)
	w := walk.Walk{
		Sigma:       sigma,
		Tau:         walk.Proportional(sigma, 0.7),
		Temperature: walk.Constant(1, len(sigma)),
		Likelihood:  likelihood,
		Seed:        1,
	}
	const samples = 100
	end, err := walk.Last(w.Run(prior, pixels, 0, samples))
	if err != nil {
		log.Fatal(err)
	}
	mean, rows := make([]float32, 2), make([]float32, 2)
	for sample := range slices.Chunk(end.X, pixels) {
		a.Apply(rows, sample)
		for i, v := range rows {
			mean[i] += v / samples
		}
	}
	fmt.Printf("measured rows of mean %.1f, samples have %.1f\n", y, mean)
	// Output:
	// measured rows of mean [0.8 -0.5], samples have [0.8 -0.5]
}
