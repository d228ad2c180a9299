package inverse

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// At the proximal point z the gradient of |y - A z|^2 + rho |z - x|^2 is zero: A^T (y - A z) = rho (z - x).
func TestCorrectionLeadsToTheProximalPoint(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	all := everyLinear(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a := all[name]
		pixels := a.Image().Len()
		x := random(2*pixels, rng) // two images, one y
		l, err := NewLikelihood(a, random(a.Measurement().Len(), rng), 0.1)
		if err != nil {
			t.Fatal(err)
		}
		for _, rho := range []float64{1e-3, 0.1, 20} {
			z, correction, gradient := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
			if err := l.Correction(correction, x, rho); err != nil {
				t.Fatal(err)
			}
			for i := range x {
				z[i] = x[i] + correction[i]
			}
			if err := l.Gradient(gradient, z); err != nil {
				t.Fatal(err)
			}
			var left, size float64
			for i, g := range gradient {
				left += math.Pow(float64(g)-rho*float64(correction[i]), 2)
				size += math.Pow(float64(g), 2) + float64(x[i])*float64(x[i])
			}
			for _, v := range l.y {
				size += float64(v) * float64(v)
			}
			// Rounding in float32 operators grows by 1/rho.
			if !(math.Sqrt(left/size) < 1e-5+2e-7/rho) {
				t.Errorf("%s, rho %g: the gradient at the proximal point is %g of x and y",
					name, rho, math.Sqrt(left/size))
			}
		}
	}
}

// Several likelihoods give each image what its own likelihood gives it.
func TestLikelihoodsCorrectTheirOwnImages(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	a := must[Operator](t)(SuperResolution(Shape{1, 4, 4}, 2, Bicubic))
	const pixels, n, rho = 16, 3, 0.2
	x := random(n*pixels, rng)
	var ls Likelihoods
	var corrections []float32
	for i := range n {
		l, err := NewLikelihood(a, random(4, rng), 0.1)
		if err != nil {
			t.Fatal(err)
		}
		ls = append(ls, l)
		corrected := make([]float32, pixels)
		if err := l.Correction(corrected, x[i*pixels:][:pixels], rho); err != nil {
			t.Fatal(err)
		}
		corrections = append(corrections, corrected...)
	}
	got := make([]float32, n*pixels)
	if err := ls.Correction(got, x, rho); err != nil {
		t.Fatal(err)
	}
	distances, err := ls.Distances(x)
	if err != nil || len(distances) != n {
		t.Fatalf("distances %v, error %v", distances, err)
	}
	for i, l := range ls {
		for k := i * pixels; k < (i+1)*pixels; k++ {
			if got[k] != corrections[k] {
				t.Fatalf("value %d is corrected by %g, alone by %g", k, got[k], corrections[k])
			}
		}
		want := math.Sqrt(ChiSquare(a, x[i*pixels:][:pixels], l.y, 1))
		if math.Abs(distances[i]-want) > 1e-6*want {
			t.Errorf("image %d has distance %g, want %g", i, distances[i], want)
		}
	}
}

func TestCorrectionErrors(t *testing.T) {
	image := Shape{1, 2, 2}
	linear := must[Operator](t)(Denoising(image))
	phase := must[Nonlinear](t)(PhaseRetrieval(image, 4, rand.New(rand.NewPCG(1, 1))))
	for _, tt := range []struct {
		a      Operator
		values int
		rho    float64
		says   string
	}{
		{linear, 8, 1, ""},
		{linear, 6, 1, "1x2x2"},
		{linear, 4, 0, "rho = 0"},
		{linear, 4, math.NaN(), "rho = NaN"},
		{phase, 4, 1, "not linear"},
	} {
		l, err := NewLikelihood(tt.a, make([]float32, 4), 1)
		if err != nil {
			t.Fatal(err)
		}
		err = l.Correction(make([]float32, tt.values), make([]float32, tt.values), tt.rho)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("rho %g: error %v, want %q", tt.rho, err, tt.says)
		}
	}
}
