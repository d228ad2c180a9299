package nets_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
)

// A mixer is a network of two pixels, F = (sin(x_0 + x_1 + c), x_0 x_1), whose Jacobian is not symmetric.
type mixer struct{}

func (mixer) Forward(dst, x, c []float32) error {
	for i, c := range c {
		a, b := float64(x[2*i]), float64(x[2*i+1])
		dst[2*i], dst[2*i+1] = float32(math.Sin(a+b+float64(c))), float32(a*b)
	}
	return nil
}

func (mixer) Pullback(dst, x, c, v []float32) error {
	for i, c := range c {
		a, b := float64(x[2*i]), float64(x[2*i+1])
		cos := math.Cos(a + b + float64(c))
		v, w := float64(v[2*i]), float64(v[2*i+1])
		dst[2*i], dst[2*i+1] = float32(cos*v+b*w), float32(cos*v+a*w)
	}
	return nil
}

// forwardOnly hides the derivative of a network.
type forwardOnly struct{ nets.Network }

// Denoisers made of a network, for images of any range, have the derivative that differences show.
func TestPullbackOfNetworks(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for _, kind := range []nets.Kind{
		nets.PredictDenoiser, nets.PredictScore, nets.PredictEpsilon, nets.PredictVEScore, nets.PredictEDM,
	} {
		d := nets.InRange(nets.NewDenoiser(mixer{}, nets.Parameterization{Kind: kind, DataStd: 0.5}, 2), 0, 1)
		for _, sigma := range []float64{0.1, 1, 8} {
			x, v, got := make([]float32, 4), make([]float32, 4), make([]float32, 4)
			for i := range x {
				x[i], v[i] = float32(math.Hypot(1, sigma)*rng.NormFloat64()), float32(rng.NormFloat64())
			}
			if err := nets.Pullback(d, got, x, v, sigma); err != nil {
				t.Fatal(err)
			}
			h := float32(0.01 * sigma)
			for k := range x {
				difference, at := 0.0, append([]float32(nil), x...)
				for _, side := range []float32{1, -1} {
					at[k] = x[k] + side*h
					y := make([]float32, 4)
					if err := d.Denoise(y, at, sigma); err != nil {
						t.Fatal(err)
					}
					for i, y := range y {
						difference += float64(side) * float64(v[i]) * float64(y)
					}
				}
				difference /= 2 * float64(h)
				if math.Abs(difference-float64(got[k])) > 2e-3*(1+sigma) {
					t.Errorf("%s, sigma %g: value %d is %g, by differences %g", kind, sigma, k, got[k], difference)
				}
			}
		}
	}
}

func TestPullbackErrors(t *testing.T) {
	isotropic := exact.NewIsotropic([]float32{0, 0}, []float32{1, 1})
	parameterization := nets.Parameterization{Kind: nets.PredictEpsilon}
	for _, tt := range []struct {
		name string
		d    nets.Denoiser
		says string
	}{
		{"in closed form", isotropic, ""},
		{"function", nets.DenoiserFunc(isotropic.Denoise), "nets.DenoiserFunc has no derivative"},
		{"function in [0, 1]", nets.InRange(nets.DenoiserFunc(isotropic.Denoise), 0, 1), "nets.DenoiserFunc has no"},
		{"network", nets.NewDenoiser(mixer{}, parameterization, 2), ""},
		{"network without derivative", nets.NewDenoiser(forwardOnly{mixer{}}, parameterization, 2),
			"forwardOnly has no derivative"},
	} {
		err := nets.Pullback(tt.d, make([]float32, 2), make([]float32, 2), make([]float32, 2), 1)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.says)
		}
	}
	d := nets.NewDenoiser(mixer{}, parameterization, 2)
	if err := nets.Pullback(d, make([]float32, 2), make([]float32, 2), make([]float32, 4), 1); err == nil {
		t.Error("a vector of another length: no error")
	}
}
