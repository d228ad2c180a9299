package exact

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tweedie/nets"
)

// everyDenoiser returns each closed form for images of d pixels.
func everyDenoiser(t *testing.T, d int) map[string]nets.Differentiable {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 1))
	many, few := correlated(r, 3*d, d), correlated(r, d-2, d)
	must := func(g *Gaussian, err error) *Gaussian {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	data, err := NewData(many, d)
	if err != nil {
		t.Fatal(err)
	}
	apart := make([]float64, d)
	for k := range apart {
		apart[k] = 0.5
	}
	mixture, err := NewMixture([]float64{1, 2, 0.5}, []*Gaussian{
		must(FitGaussian(many, d)), must(FitGaussian(few, d)), must(NewGaussian(apart, mat.NewDiagDense(d, apart))),
	})
	if err != nil {
		t.Fatal(err)
	}
	mean, variance := make([]float32, d), make([]float32, d)
	for k := range mean {
		mean[k], variance[k] = float32(r.NormFloat64()), float32(r.Float64())
	}
	return map[string]nets.Differentiable{
		"isotropic": NewIsotropic(mean, variance), "Gaussian": must(FitGaussian(many, d)),
		"Gaussian of few images": must(FitGaussian(few, d)), "mixture": mixture, "data": data,
	}
}

// The vector-Jacobian product agrees with differences of the denoiser along every pixel. The images are those that a
// walk denoises, where several components and images of the data set have a share.
func TestPullbackByDifferences(t *testing.T) {
	const d, n = 6, 3
	r := rand.New(rand.NewPCG(6, 1))
	for name, denoiser := range everyDenoiser(t, d) {
		for _, sigma := range []float64{0.3, 1, 20} {
			x, v, got := make([]float32, n*d), make([]float32, n*d), make([]float32, n*d)
			for i := range x {
				x[i], v[i] = float32(0.5*math.Hypot(1, sigma)*r.NormFloat64()), float32(r.NormFloat64())
			}
			if err := denoiser.Pullback(got, x, v, sigma); err != nil {
				t.Fatal(err)
			}
			low, high := make([]float32, n*d), make([]float32, n*d)
			h := float32(sigma / 64)
			want, largest := make([]float64, n*d), 0.0
			for k := range d { // pixel k of all images at once
				at := append([]float32(nil), x...)
				step := func(dst []float32, by float32) {
					for i := k; i < n*d; i += d {
						at[i] = x[i] + by
					}
					if err := denoiser.Denoise(dst, at, sigma); err != nil {
						t.Fatal(err)
					}
				}
				step(high, h)
				step(low, -h)
				for i := range x {
					want[i/d*d+k] += float64(v[i]) * (float64(high[i]) - float64(low[i])) / (2 * float64(h))
				}
			}
			for _, w := range want {
				largest = max(largest, math.Abs(w))
			}
			for i, w := range want {
				if !(math.Abs(float64(got[i])-w) <= 3e-3*largest) {
					t.Errorf("%s, sigma %g: value %d is %g, by differences %g", name, sigma, i, got[i], w)
				}
			}
		}
		if err := denoiser.Pullback(make([]float32, d), make([]float32, d), make([]float32, 2*d), 1); err == nil {
			t.Errorf("%s: a vector of another length: no error", name)
		}
		if err := denoiser.Pullback(nil, nil, nil, 1); err != nil {
			t.Errorf("%s: no images: error %v", name, err)
		}
	}
}
