package walk

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
)

// papersWalk is a walk over sigma with the paper's choices, tau = epsilon sigma^2 and T from t0 to 1.
func papersWalk(sigma []float64, epsilon, t0 float64) Walk {
	return Walk{
		Sigma:       sigma,
		Tau:         Proportional(sigma, epsilon),
		Temperature: LinearTemperature(t0, 1, len(sigma)),
		Seed:        1,
	}
}

// A sample does not depend on the batch that it is drawn in.
func TestSamplesDoNotDependOnTheirBatch(t *testing.T) {
	const pixels, n = 7, 6
	d := exact.NewIsotropic(make([]float32, pixels), slices.Repeat([]float32{0.25}, pixels))
	w := papersWalk(Sigmoid(50, 0.01, 20), 0.7, 0.1)
	sample := func(first, n int) []float32 {
		s, err := Last(w.Run(d, pixels, first, n))
		if err != nil {
			t.Fatal(err)
		}
		return s.X
	}
	all := sample(0, n)
	for _, cut := range [][]int{{4, 2}, {0, 1}, {1, 3}, {5, 1}} {
		first, n := cut[0], cut[1]
		if want := all[first*pixels : (first+n)*pixels]; !slices.Equal(sample(first, n), want) {
			t.Errorf("samples %d to %d differ from those of the whole batch", first, first+n-1)
		}
	}
	w.Seed++
	if slices.Equal(sample(0, n), all) {
		t.Error("another seed gives the same samples")
	}
}

// Neighbouring samples and seeds must be independent from their first pixel on.
func TestStreamsAreUncorrelated(t *testing.T) {
	const pixels, n = 3, 20000
	noise := func(seed uint64, first int) []float32 {
		x := make([]float32, n*pixels)
		Walk{Seed: seed}.noise(pixels, first, n)(-1, x)
		return x
	}
	x := noise(1, 0)
	for name, y := range map[string][]float32{"next sample": noise(1, 1), "next seed": noise(2, 0)} {
		for j := range pixels {
			var correlation, squares float64
			for i := j; i < len(x); i += pixels {
				a, b := float64(x[i]), float64(y[i])
				correlation += a * b / n
				squares += (a*a - 1) * (b*b - 1) / 2 / n
			}
			if limit := 5 / math.Sqrt(n); math.Abs(correlation) > limit || math.Abs(squares) > limit {
				t.Errorf("%s, pixel %d: correlation %g, of squares %g", name, j, correlation, squares)
			}
		}
	}
}

func TestTemperatureAloneKeepsTheNoise(t *testing.T) {
	const pixels = 4
	d := exact.NewIsotropic(make([]float32, pixels), make([]float32, pixels)) // D = 0
	cold, hot := papersWalk([]float64{1, 1}, 1, 0), papersWalk([]float64{1, 1}, 1, 0)
	cold.LastNoise, hot.LastNoise = true, true
	cold.Temperature, hot.Temperature = []float64{0, 1}, []float64{2, 1}
	a, _ := Last(cold.Run(d, pixels, 0, 1))
	b, _ := Last(hot.Run(d, pixels, 0, 1))
	for i := range a.X { // tau = sigma^2 and D = 0: only the last noise is left
		if math.Abs(float64(a.X[i]-b.X[i])) > 1e-6 {
			t.Errorf("last noise %v at T_0 = 0 and %v at T_0 = 2", a.X, b.X)
		}
	}
}

func TestDivergenceIsAnError(t *testing.T) {
	const pixels, sigma = 2, 0.5
	d := exact.NewIsotropic(make([]float32, pixels), make([]float32, pixels))
	w := papersWalk(slices.Repeat([]float64{sigma}, 400), 3, 0) // 1 - tau/V = -2
	s, err := Last(w.Run(d, pixels, 8, 1))
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"sample 8", "sigma 0.5", "tau 0.75"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not name %q", err, part)
		}
	}
	if s.K < 100 || s.K > 200 { // 2^128 overflows float32
		t.Errorf("the walk ended after %d steps", s.K)
	}
	if warnings := w.Warnings(0.5); len(warnings) != 1 || !strings.Contains(warnings[0], "diverges") {
		t.Errorf("warnings %q", warnings)
	}
}

func TestDenoiserErrorNamesTheStep(t *testing.T) {
	broken := errors.New("broken")
	d := nets.DenoiserFunc(func(_, _ []float32, sigma float64) error {
		if sigma < 1 {
			return broken
		}
		return nil
	})
	_, err := Last(papersWalk([]float64{3, 2, 0.5}, 0.1, 0).Run(d, 1, 0, 1))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "step 2") {
		t.Errorf("error %v", err)
	}
}

func TestStoppingEarly(t *testing.T) {
	calls := 0
	d := nets.DenoiserFunc(func(dst, x []float32, _ float64) error {
		calls++
		copy(dst, x)
		return nil
	})
	for s, err := range papersWalk(Linear(1, 0.1, 10), 0.1, 0).Run(d, 1, 0, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if s.K == 4 {
			break
		}
	}
	if calls != 4 {
		t.Errorf("the denoiser was called %d times in 4 steps", calls)
	}
}

func TestValidate(t *testing.T) {
	good := func() Walk { return papersWalk([]float64{2, 1}, 0.5, 0) }
	for _, tt := range []struct {
		name  string
		spoil func(w *Walk)
		says  string
	}{
		{"no levels", func(w *Walk) { *w = Walk{} }, "at least one step"},
		{"a short list", func(w *Walk) { w.Tau = w.Tau[:1] }, "equal length"},
		{"no noise level", func(w *Walk) { w.Sigma[1] = 0 }, "step 1: sigma 0"},
		{"negative tau", func(w *Walk) { w.Tau[0] = -1 }, "step 0: tau -1"},
		{"temperature NaN", func(w *Walk) { w.Temperature[1] = math.NaN() }, "step 1: temperature NaN"},
		{"space", func(w *Walk) { w.Space = 7 }, "unknown space 7"},
		{"eta", func(w *Walk) { w.Likelihood = gain{1, 0, 0} }, "eta 0"},
		{"start", func(w *Walk) { w.Start = 7 }, "unknown start 7"},
	} {
		w := good()
		tt.spoil(&w)
		if err := w.Validate(); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.says)
		}
	}
	w := good()
	if err := w.Validate(); err != nil {
		t.Errorf("a good walk: %v", err)
	}
	if _, err := Last(w.Run(nil, 3, 0, 0)); err == nil {
		t.Error("no samples: no error")
	}
}
