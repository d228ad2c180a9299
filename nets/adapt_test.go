package nets_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
)

// InRange turns the MMSE denoiser of a prior in other units into that of the same prior in [-1, 1].
func TestInRange(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const pixels = 5
	mean, variance := make([]float32, pixels), make([]float32, pixels)
	for i := range mean {
		mean[i], variance[i] = float32(rng.Float64()-0.5), float32(rng.Float64())
	}
	want := exact.NewIsotropic(mean, variance)
	for _, r := range [][2]float64{{0, 1}, {-1, 1}, {0, 255}, {-0.5, 0.25}} {
		half := (r[1] - r[0]) / 2
		meanInRange, varianceInRange := slices.Clone(mean), slices.Clone(variance)
		for i := range mean {
			meanInRange[i] = float32(r[0] + half*(1+float64(mean[i])))
			varianceInRange[i] = float32(half * half * float64(variance[i]))
		}
		d := nets.InRange(exact.NewIsotropic(meanInRange, varianceInRange), r[0], r[1])
		for _, sigma := range []float64{0.01, 0.3, 2, 100} {
			x, got, expected := make([]float32, 3*pixels), make([]float32, 3*pixels), make([]float32, 3*pixels)
			for i := range x {
				x[i] = float32(sigma * rng.NormFloat64())
			}
			if err := d.Denoise(got, x, sigma); err != nil {
				t.Fatal(err)
			}
			if err := want.Denoise(expected, x, sigma); err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if math.Abs(float64(got[i]-expected[i])) > 1e-5*(1+sigma) {
					t.Errorf("%v, sigma %g: pixel %d is %g, want %g", r, sigma, i, got[i], expected[i])
				}
			}
		}
	}
	if err := nets.InRange(want, 0, 1).Denoise(make([]float32, 3), make([]float32, 4), 1); err == nil {
		t.Error("images of another size: no error")
	}
}
