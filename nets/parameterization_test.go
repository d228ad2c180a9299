package nets

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

const (
	gaussMean = 0.2
	gaussStd  = 0.5
)

// gaussDenoiser is the MMSE estimator of X ~ N(gaussMean, gaussStd^2) (paper section 7).
func gaussDenoiser(x, sigma float64) float64 {
	s2 := gaussStd * gaussStd
	return (s2*x + sigma*sigma*gaussMean) / (s2 + sigma*sigma)
}

type networkFunc func(dst, x, c []float32) error

func (f networkFunc) Forward(dst, x, c []float32) error { return f(dst, x, c) }

// perPixel is a network that applies f to each pixel.
func perPixel(f func(in, c float64) float64) Network {
	return networkFunc(func(dst, x, c []float32) error {
		pixels := len(x) / len(c)
		for i, v := range x {
			dst[i] = float32(f(float64(v), float64(c[i/pixels])))
		}
		return nil
	})
}

var kinds = []Kind{PredictDenoiser, PredictScore, PredictEpsilon, PredictVEScore, PredictEDM}

// Each network below takes the inputs that its publication defines, and predicts exactly what it would be trained to
// predict. All of them must become the same denoiser.
func TestNetworksOfEveryKindMakeTheSameDenoiser(t *testing.T) {
	const s2, sd = gaussStd * gaussStd, 0.7 // sd need not be the prior's
	ddpm := LinearBetas(1e-4, 0.02, 1000)
	unscale := func(in, c float64) (x, sigma float64) {
		sigma = math.Exp(4 * c)
		return in * math.Sqrt(sigma*sigma+sd*sd), sigma
	}
	networks := map[Kind]Network{
		PredictDenoiser: perPixel(func(in, c float64) float64 {
			return gaussDenoiser(unscale(in, c))
		}),
		// NCSN: F = sigma s, with s the score of N(mu, s^2 + sigma^2).
		PredictScore: perPixel(func(in, c float64) float64 {
			x, sigma := unscale(in, c)
			return sigma * (gaussMean - x) / (s2 + sigma*sigma)
		}),
		// DDPM: z = sqrt(alphaBar) X + sqrt(1-alphaBar) n; F = E[n | z] at 1000 c = t.
		PredictEpsilon: perPixel(func(z, c float64) float64 {
			sigma := ddpm.Sigma(1000 * c)
			alphaBar := 1 / (1 + sigma*sigma)
			return math.Sqrt(1-alphaBar) * (z - math.Sqrt(alphaBar)*gaussMean) / (alphaBar*s2 + 1 - alphaBar)
		}),
		// NCSN++: the score itself, of x as it is, at sigma as it is.
		PredictVEScore: perPixel(func(x, sigma float64) float64 { return (gaussMean - x) / (s2 + sigma*sigma) }),
		// EDM: F = (D - c_skip x)/c_out, with Karras's coefficients as printed.
		PredictEDM: perPixel(func(in, c float64) float64 {
			x, sigma := unscale(in, c)
			skip := sd * sd / (sigma*sigma + sd*sd)
			out := sigma * sd / math.Sqrt(sigma*sigma+sd*sd)
			return (gaussDenoiser(x, sigma) - skip*x) / out
		}),
	}
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			d := NewDenoiser(networks[kind], Parameterization{Kind: kind, DataStd: sd}, 3)
			r := rand.New(rand.NewPCG(1, 1))
			for _, sigma := range []float64{0.0123, 0.1, 1, 7.5, 120} {
				x, got := make([]float32, 6), make([]float32, 6)
				for i := range x {
					x[i] = float32(gaussMean + math.Hypot(gaussStd, sigma)*r.NormFloat64())
				}
				if err := d.Denoise(got, x, sigma); err != nil {
					t.Fatal(err)
				}
				for i := range x {
					want := gaussDenoiser(float64(x[i]), sigma)
					// float32 rounds x and F: D is as exact as they are.
					if math.Abs(float64(got[i])-want) > 1e-5*(1+0.1*sigma) {
						t.Errorf("sigma %g: D(%g) = %g, want %g", sigma, x[i], got[i], want)
					}
				}
			}
		})
	}
}

func TestTargetMakesTheCleanImage(t *testing.T) {
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			p := Parameterization{Kind: kind, DataStd: 0.5}
			for _, sigma := range []float64{1e-5, 0.01, 1, 157.4} {
				const X, n = 0.3, -1.7
				c := p.At(sigma)
				a, b := p.Target(sigma)
				if got := c.Skip*(X+sigma*n) + c.Out*(a*X+b*n); math.Abs(got-X) > 1e-12 {
					t.Errorf("sigma %g: D = %.15g, want %g", sigma, got, X)
				}
			}
		})
	}
}

// A network's input and its target have about unit variance at every sigma.
func TestEDMHasUnitVariance(t *testing.T) {
	const sd = 0.4
	p := Parameterization{Kind: PredictEDM, DataStd: sd}
	for _, sigma := range []float64{1e-4, 0.1, 1, 300} {
		a, b := p.Target(sigma)
		if v := a*a*sd*sd + b*b; math.Abs(v-1) > 1e-12 {
			t.Errorf("sigma %g: the target's variance is %g", sigma, v)
		}
		in := p.At(sigma).In
		if v := in * in * (sd*sd + sigma*sigma); math.Abs(v-1) > 1e-12 {
			t.Errorf("sigma %g: the input's variance is %g", sigma, v)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		p    Parameterization
		says string // part of the error; none if empty
	}{
		{Parameterization{Kind: PredictEDM, DataStd: 0.5}, ""},
		{Parameterization{Kind: PredictEpsilon}, ""},
		{Parameterization{Kind: PredictEDM}, "data std 0"},
		{Parameterization{Kind: PredictScore, DataStd: math.NaN()}, "data std NaN"},
		{Parameterization{Kind: "eps"}, `unknown parameterization "eps"`},
	} {
		err := tt.p.Validate()
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: error %v, want %q", tt.p, err, tt.says)
		}
	}
}

func TestDenoiseErrors(t *testing.T) {
	broken := errors.New("broken")
	d := NewDenoiser(networkFunc(func(_, _, _ []float32) error { return broken }),
		Parameterization{Kind: PredictEpsilon}, 4)
	for _, tt := range []struct {
		name   string
		dst, x int
		sigma  float64
	}{
		{"part of an image", 6, 6, 1},
		{"unequal lengths", 4, 8, 1},
		{"no noise", 4, 4, 0},
		{"NaN", 4, 4, math.NaN()},
		{"infinite", 4, 4, math.Inf(1)},
	} {
		err := d.Denoise(make([]float32, tt.dst), make([]float32, tt.x), tt.sigma)
		if err == nil || errors.Is(err, broken) {
			t.Errorf("%s: error %v, want one of its own", tt.name, err)
		}
	}
	if err := d.Denoise(make([]float32, 4), make([]float32, 4), 1); !errors.Is(err, broken) {
		t.Errorf("error %v does not wrap the network's", err)
	}
}
