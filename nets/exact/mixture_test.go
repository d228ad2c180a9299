package exact

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func newGaussian(t *testing.T, mean []float64, covariance ...float64) *Gaussian {
	t.Helper()
	g, err := NewGaussian(mean, mat.NewSymDense(len(mean), covariance))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The denoiser agrees with E[X | x], integrated numerically over the prior's density.
func TestMixtureIsTheConditionalMean(t *testing.T) {
	weights, means, stds := []float64{2, 1, 1}, []float64{-0.8, 0.1, 0.9}, []float64{0.3, 0.05, 0.2}
	var components []*Gaussian
	for j, mu := range means {
		components = append(components, newGaussian(t, []float64{mu}, stds[j]*stds[j]))
	}
	m, err := NewMixture(weights, components)
	if err != nil {
		t.Fatal(err)
	}
	for _, sigma := range []float64{0.03, 0.3, 1, 10} {
		for _, x := range []float32{-1.5, -0.3, 0, 0.4, 1} {
			numerator, denominator := 0.0, 0.0
			const step = 1e-4
			for u := -4.0; u < 4; u += step {
				prior := 0.0
				for j, s := range stds {
					prior += weights[j] / s * math.Exp(-(u-means[j])*(u-means[j])/(2*s*s))
				}
				p := prior * math.Exp(-(float64(x)-u)*(float64(x)-u)/(2*sigma*sigma))
				numerator += u * p
				denominator += p
			}
			got := make([]float32, 1)
			if err := m.Denoise(got, []float32{x}, sigma); err != nil {
				t.Fatal(err)
			}
			checkClose(t, "D", got, []float64{numerator / denominator}, 1e-5)
		}
	}
}

// Each image of a data set is a Gaussian without width.
func TestDataIsTheMixtureOfItsImages(t *testing.T) {
	const n, d = 5, 4
	r := rand.New(rand.NewPCG(7, 1))
	images := correlated(r, n, d)
	data, err := NewData(images, d)
	if err != nil {
		t.Fatal(err)
	}
	var weights []float64
	var points []*Gaussian
	for i := range n {
		mean := make([]float64, d)
		for k := range mean {
			mean[k] = float64(images[i*d+k])
		}
		weights, points = append(weights, 3), append(points, newGaussian(t, mean, make([]float64, d*d)...))
	}
	mixture, err := NewMixture(weights, points)
	if err != nil {
		t.Fatal(err)
	}
	for _, sigma := range []float64{1e-3, 0.02, 0.3, 1, 30, 1e3} {
		x, got, other := make([]float32, 7*d), make([]float32, 7*d), make([]float32, 7*d)
		for i := range x {
			x[i] = float32(float64(images[i%len(images)]) + sigma*r.NormFloat64())
		}
		if err := data.Denoise(got, x, sigma); err != nil {
			t.Fatal(err)
		}
		if err := mixture.Denoise(other, x, sigma); err != nil {
			t.Fatal(err)
		}
		want := make([]float64, len(x))
		for i, v := range other {
			want[i] = float64(v)
		}
		checkClose(t, "D", got, want, 1e-5)
	}
}

// For very little and for very much noise the answers are simple, although intermediate values underflow.
func TestExtremeNoise(t *testing.T) {
	images := []float32{-1, -1, 1, 0.5, 0.75, -0.5}
	data, err := NewData(images, 2)
	if err != nil {
		t.Fatal(err)
	}
	wide := newGaussian(t, []float64{-0.5, 0}, 1, 0.3, 0.3, 0.5)
	narrow := newGaussian(t, []float64{2, 2}, 1e-6, 0, 0, 1e-6)
	mixture, err := NewMixture([]float64{3, 1}, []*Gaussian{wide, narrow})
	if err != nil {
		t.Fatal(err)
	}
	few, err := FitGaussian([]float32{1, 0, 0, 0.5, 1, 1}, 3) // of rank 1
	if err != nil {
		t.Fatal(err)
	}
	round := newGaussian(t, []float64{-1, -1, -1}, 0.01, 0, 0, 0, 0.01, 0, 0, 0, 0.01)
	line, err := NewMixture([]float64{1, 1}, []*Gaussian{few, round})
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 6)
	for _, c := range []struct {
		name string
		d    interface {
			Denoise(dst, x []float32, sigma float64) error
		}
		x         []float32
		sigma     float64
		want      []float64
		tolerance float64
	}{
		{"data, little noise: the nearest image", data, []float32{0.9995, 0.5008, -1, -1.001, 5, -7}, 1e-3,
			[]float64{1, 0.5, -1, -1, 0.75, -0.5}, 1e-7},
		{"data, much noise: nearly the mean", data, []float32{0, 0, 500, -300, -900, 1200}, 1e3,
			[]float64{0.25, -1. / 3, 0.25, -1. / 3, 0.25, -1. / 3}, 2e-3},
		{"mixture, little noise: x itself, where that is likely", mixture,
			[]float32{-0.5, 0.5, 0.1, -1, 1.1, 0.2}, 1e-3, []float64{-0.5, 0.5, 0.1, -1, 1.1, 0.2}, 1e-5},
		{"mixture, much noise: nearly the mean", mixture, []float32{0, 0, 500, -300, -900, 1200}, 1e3,
			[]float64{0.125, 0.5, 0.125, 0.5, 0.125, 0.5}, 2e-3},
		// x is nearest to the line from (1, 0, 0) to (0.5, 1, 1) at its middle.
		{"a line of images", line, []float32{0.75, 0.5005, 0.4995, -1, -1, -1}, 1e-3,
			[]float64{0.75, 0.5, 0.5, -1, -1, -1}, 1e-5},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.d.Denoise(got, c.x, c.sigma); err != nil {
				t.Fatal(err)
			}
			checkClose(t, "D", got, c.want, c.tolerance)
		})
	}
}

func TestMixtureAndDataErrors(t *testing.T) {
	one, two := newGaussian(t, []float64{0}, 1), newGaussian(t, []float64{0, 0}, 1, 0, 0, 1)
	for name, c := range map[string]struct {
		weights    []float64
		components []*Gaussian
	}{
		"none": {}, "a weight missing": {[]float64{1}, []*Gaussian{one, one}},
		"weight 0": {[]float64{1, 0}, []*Gaussian{one, one}}, "unequal sizes": {[]float64{1, 1}, []*Gaussian{one, two}},
	} {
		if _, err := NewMixture(c.weights, c.components); err == nil {
			t.Errorf("NewMixture, %s: no error", name)
		}
	}
	inf := float32(math.Inf(1))
	for name, images := range map[string][]float32{
		"no images": {}, "part of an image": {1, 2, 3}, "not finite": {1, 2, inf, 4},
	} {
		if _, err := NewData(images, 2); err == nil {
			t.Errorf("NewData of %s: no error", name)
		}
	}
	m, err := NewMixture([]float64{1}, []*Gaussian{two})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Denoise(make([]float32, 3), make([]float32, 3), 1); err == nil {
		t.Error("Denoise of one and a half images: no error")
	}
}

// Fitting images of a mixture whose components are far apart gives the mixture.
func TestFitMixture(t *testing.T) {
	const n, d = 3000, 2
	r := rand.New(rand.NewPCG(9, 1))
	means, shares := [][]float64{{-2, 0}, {2, 1}, {0, 4}}, []float64{0.5, 0.3, 0.2}
	var images []float32
	for range n {
		u, j := r.Float64(), 0
		for j < 2 && u > shares[j] {
			u -= shares[j]
			j++
		}
		a, b := r.NormFloat64(), r.NormFloat64()
		images = append(images, float32(means[j][0]+0.3*a), float32(means[j][1]+0.1*a+0.2*b))
	}
	var components []*Gaussian
	for _, mean := range means {
		components = append(components, newGaussian(t, mean, 0.09, 0.03, 0.03, 0.05))
	}
	truth, err := NewMixture(shares, components)
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := FitMixture(images, d, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, sigma := range []float64{0.1, 1, 10} {
		x, want, got := make([]float32, 100*d), make([]float32, 100*d), make([]float32, 100*d)
		for i := range x {
			x[i] = images[i] + float32(sigma*r.NormFloat64())
		}
		if err := truth.Denoise(want, x, sigma); err != nil {
			t.Fatal(err)
		}
		if err := fitted.Denoise(got, x, sigma); err != nil {
			t.Fatal(err)
		}
		squares := 0.0
		for i := range got {
			squares += float64(got[i]-want[i]) * float64(got[i]-want[i])
		}
		if rms := math.Sqrt(squares / float64(len(got))); !(rms < 0.05) {
			t.Errorf("sigma %g: the fitted mixture's D differs by %g", sigma, rms)
		}
	}
	if _, err := FitMixture(images[:4], d, 3, 1); err == nil {
		t.Error("three Gaussians of two images: no error")
	}
	if _, err := FitMixture([]float32{1, 2, 1, 2, 1, 2}, d, 2, 1); err != nil {
		t.Errorf("equal images: %v", err)
	}
}
