package inverse

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The gradient is that of -||y - A(x)||^2/2 by central differences, for a linear and for the nonlinear operator.
func TestGradientByDifferences(t *testing.T) {
	image := Shape{3, 4, 3}
	rng := rand.New(rand.NewPCG(4, 1))
	for name, a := range map[string]Operator{
		"bicubic":         must[Operator](t)(SuperResolution(Shape{3, 4, 8}, 2, Bicubic)),
		"phase":           must[Nonlinear](t)(PhaseRetrieval(image, 20, rng)),
		"phase, 4 blocks": must[Nonlinear](t)(PhaseRetrieval(image, 200, rng)),
	} {
		pixels := a.Image().Len()
		x := random(2*pixels, rng) // two images, one y
		y := Measure(a, random(pixels, rng), 0.1, rng)
		l, err := NewLikelihood(a, y, 0.1)
		if err != nil {
			t.Fatal(err)
		}
		gradient := make([]float32, len(x))
		if err := l.Gradient(gradient, x); err != nil {
			t.Fatal(err)
		}
		loss := func(x []float32) (sum float64) {
			ax := make([]float32, len(y))
			a.Apply(ax, x)
			for i, v := range ax {
				d := float64(y[i]) - float64(v)
				sum -= d * d / 2
			}
			return sum
		}
		const h = 1e-3
		for j := range x {
			image := x[j/pixels*pixels:][:pixels]
			at := slices.Clone(image)
			at[j%pixels] = image[j%pixels] + h
			above := loss(at)
			at[j%pixels] = image[j%pixels] - h
			if want := (above - loss(at)) / (2 * h); math.Abs(float64(gradient[j])-want) > 2e-3 {
				t.Errorf("%s: gradient %d is %g, by differences %g", name, j, gradient[j], want)
			}
		}
	}
}

// Amplitudes do not depend on the sign of an image. Many of them determine everything else: gradient ascent from near
// the image finds it.
func TestPhaseRetrieval(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	a, err := PhaseRetrieval(Shape{1, 8, 8}, 4*64, rng)
	if err != nil {
		t.Fatal(err)
	}
	truth := random(64, rng)
	opposite := make([]float32, 64)
	for i, v := range truth {
		opposite[i] = -v
	}
	y, y2 := make([]float32, 256), make([]float32, 256)
	a.Apply(y, truth)
	a.Apply(y2, opposite)
	if !slices.Equal(y, y2) {
		t.Error("the opposite image is measured differently")
	}
	l, err := NewLikelihood(a, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	x, gradient := slices.Clone(truth), make([]float32, 64)
	for i := range x {
		x[i] += 0.3 * float32(rng.NormFloat64())
	}
	for range 200 {
		if err := l.Gradient(gradient, x); err != nil {
			t.Fatal(err)
		}
		for i, g := range gradient {
			x[i] += g
		}
	}
	for i := range x {
		if math.Abs(float64(x[i]-truth[i])) > 1e-3 {
			t.Fatalf("pixel %d is %g, want %g", i, x[i], truth[i])
		}
	}
}

func TestMeasureAddsItsNoise(t *testing.T) {
	const eta, n = 0.3, 100 * 100
	a := must[Operator](t)(Denoising(Shape{1, 100, 100}))
	x := make([]float32, n)
	y := Measure(a, x, eta, rand.New(rand.NewPCG(9, 1)))
	if variance := dot(y, y) / n; math.Abs(variance/(eta*eta)-1) > 5*math.Sqrt(2./n) {
		t.Errorf("the noise has variance %g, want %g", variance, eta*eta)
	}
	if !slices.Equal(y, Measure(a, x, eta, rand.New(rand.NewPCG(9, 1)))) {
		t.Error("one seed gives two measurements")
	}
}

func TestGradientOfPartOfAnImage(t *testing.T) {
	a := must[Operator](t)(Denoising(Shape{1, 2, 2}))
	l, err := NewLikelihood(a, make([]float32, 4), 1)
	if err != nil {
		t.Fatal(err)
	}
	err = l.Gradient(make([]float32, 6), make([]float32, 6))
	if err == nil || !strings.Contains(err.Error(), "1x2x2") {
		t.Errorf("error %v", err)
	}
	if err := l.Gradient(make([]float32, 4), make([]float32, 8)); err == nil {
		t.Error("a gradient of another length: no error")
	}
}
