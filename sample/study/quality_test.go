package study

import (
	"math"
	"testing"

	"tweedie/sample/inverse"
)

func TestMoments(t *testing.T) {
	// Two images of 2 channels x 1 x 2: the first pixel differs by 2 in one channel, the second by 1 in both.
	samples := []float32{0, 0.5, 3, 0, 2, -0.5, 3, 1}
	mean, spread, most := moments(samples, inverse.Shape{Channels: 2, Height: 1, Width: 2})
	for i, want := range []float32{1, 0, 3, 0.5} {
		if mean[i] != want {
			t.Errorf("mean %d is %g, want %g", i, mean[i], want)
		}
	}
	// Variances (2 + 0)/2 and (0.5 + 0.5)/2.
	if math.Abs(most-1) > 1e-6 || spread[0] != 1 || math.Abs(float64(spread[1])-(math.Sqrt2-1)) > 1e-6 || spread[2] != spread[0] {
		t.Errorf("spread %v of at most %g", spread, most)
	}
}
