package modeltest

import (
	"math"
	"slices"
	"testing"

	"tweedie/nets/model"
)

// Pullback checks the network's vector-Jacobian product with respect to the images, in two calls with different
// batches. It compares the slope of <v, F> along random directions with central differences, and each image alone with
// the batch.
func Pullback(t *testing.T, a model.Architecture, c []float32) {
	t.Helper()
	m := Random(t, a)
	network, r := m.Network(), RNG()
	channels, height, width := a.Shape()
	pixels := channels * height * width
	for _, n := range []int{len(c), 1} {
		c, size := c[:n], n*pixels
		x, v, y, gradient := Normal(size, r), Normal(size, r), make([]float32, size), make([]float32, size)
		if err := network.Pullback(gradient, x, c, v); err != nil {
			t.Fatal(err)
		}
		along := func(direction []float32, h float64) (sum float64) {
			at := slices.Clone(x)
			for i, d := range direction {
				at[i] += float32(h) * d
			}
			if err := network.Forward(y, at, c); err != nil {
				t.Fatal(err)
			}
			for i, f := range y {
				sum += float64(v[i]) * float64(f)
			}
			return sum
		}
		for i := range n { // a direction for each image: images must not mix
			direction, slope := make([]float32, size), 0.0
			copy(direction[i*pixels:], Normal(pixels, r))
			for j, d := range direction {
				slope += float64(gradient[j]) * float64(d)
			}
			const h = 1e-2
			difference := (8*(along(direction, h)-along(direction, -h)) -
				(along(direction, 2*h) - along(direction, -2*h))) / (12 * h)
			if e := math.Abs(difference-slope) / norm(gradient[i*pixels:][:pixels]); !(e < 2e-2) {
				t.Errorf("%d images: the gradient of image %d is off by %.2g of its size", n, i, e)
			}
		}
		alone := make([]float32, pixels)
		if err := network.Pullback(alone, x[:pixels], c[:1], v[:pixels]); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(alone, gradient[:pixels]) {
			t.Errorf("%d images: the first has another gradient alone", n)
		}
	}
}
