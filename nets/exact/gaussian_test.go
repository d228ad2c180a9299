package exact

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// wiener is D = mu + C (C + sigma^2 I)^-1 (x - mu), solved densely.
func wiener(t *testing.T, mean []float64, c mat.Symmetric, x []float32, sigma float64) []float64 {
	t.Helper()
	d := len(mean)
	noisy := mat.NewDense(d, d, nil)
	noisy.Copy(c)
	residual := mat.NewVecDense(d, nil)
	for i := range d {
		noisy.Set(i, i, noisy.At(i, i)+sigma*sigma)
		residual.SetVec(i, float64(x[i])-mean[i])
	}
	var z, w mat.VecDense
	if err := z.SolveVec(noisy, residual); err != nil {
		t.Fatal(err)
	}
	w.MulVec(c, &z)
	w.AddVec(&w, mat.NewVecDense(d, mean))
	return w.RawVector().Data
}

// correlated returns n images of d pixels with a decaying spectrum and a mean.
func correlated(r *rand.Rand, n, d int) []float32 {
	images := make([]float32, 0, n*d)
	for range n {
		v := 0.0
		for j := range d {
			v = 0.8*v + 0.3*r.NormFloat64()
			images = append(images, float32(v+0.1*float64(j%3)))
		}
	}
	return images
}

func moments(images []float32, d int) ([]float64, *mat.SymDense) {
	n := len(images) / d
	x := mat.NewDense(n, d, nil)
	for i, v := range images {
		x.Set(i/d, i%d, float64(v))
	}
	mean := make([]float64, d)
	for j := range mean {
		mean[j] = stat.Mean(mat.Col(nil, j, x), nil)
	}
	var c mat.SymDense
	stat.CovarianceMatrix(&c, x, nil)
	c.ScaleSym(float64(n-1)/float64(n), &c) // divided by n
	return mean, &c
}

func checkClose(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	for i := range want {
		if math.Abs(float64(got[i])-want[i]) > tolerance*(1+math.Abs(want[i])) {
			t.Fatalf("%s: value %d is %g, want %g", what, i, got[i], want[i])
		}
	}
}

func TestTwoPixels(t *testing.T) {
	// C has the eigenvectors (1, 1)/sqrt(2) with l = 1.5 and (1, -1)/sqrt(2) with l = 0.5.
	g, err := NewGaussian([]float64{0.25, -0.5}, mat.NewSymDense(2, []float64{1, 0.5, 0.5, 1}))
	if err != nil {
		t.Fatal(err)
	}
	const sigma = 0.7
	x := []float32{1.25, 0}
	along, across := 1.5/(1.5+sigma*sigma), 0.5/(0.5+sigma*sigma)
	const sum, difference = 1.5, 0.5 // of x - mu = (1, 0.5)
	want := []float64{0.25 + (along*sum+across*difference)/2, -0.5 + (along*sum-across*difference)/2}
	got := make([]float32, 2)
	if err := g.Denoise(got, x, sigma); err != nil {
		t.Fatal(err)
	}
	checkClose(t, "D", got, want, 1e-6)
}

func TestFitGaussian(t *testing.T) {
	for _, tt := range []struct {
		name string
		n, d int
	}{
		{"one image", 1, 5},
		{"fewer images than pixels", 9, 20},
		{"as many", 20, 20},
		{"more images", 3000, 20},
		{"one pixel", 40, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 1))
			images := correlated(r, tt.n, tt.d)
			mean, c := make([]float64, tt.d), mat.NewSymDense(tt.d, nil)
			if tt.n > 1 {
				mean, c = moments(images, tt.d)
			} else {
				for j, v := range images {
					mean[j] = float64(v)
				}
			}
			g, err := FitGaussian(images, tt.d)
			if err != nil {
				t.Fatal(err)
			}
			for _, sigma := range []float64{0.01, 0.5, 157} {
				x := make([]float32, 3*tt.d)
				for i := range x {
					x[i] = float32(sigma * r.NormFloat64())
				}
				got := make([]float32, len(x))
				if err := g.Denoise(got, x, sigma); err != nil {
					t.Fatal(err)
				}
				for i := 0; i < len(x); i += tt.d {
					checkClose(t, "D", got[i:], wiener(t, mean, c, x[i:i+tt.d], sigma), 2e-6)
				}
			}
		})
	}
}

func TestMMSEIsTheErrorOnSamples(t *testing.T) {
	const n, d = 20000, 12
	r := rand.New(rand.NewPCG(5, 1))
	for _, tt := range []struct {
		name string
		fit  int // images that the prior comes from
	}{{"full rank", 200}, {"rank below the number of pixels", 6}} {
		t.Run(tt.name, func(t *testing.T) {
			prior := correlated(r, tt.fit, d)
			g, err := FitGaussian(prior, d)
			if err != nil {
				t.Fatal(err)
			}
			// mu + sum_i (X_i - mu) n_i / sqrt(fit) has the covariance of the fit.
			x := make([]float64, n*d)
			for i := range n {
				for k := range tt.fit {
					w := r.NormFloat64() / math.Sqrt(float64(tt.fit))
					for j := range d {
						x[i*d+j] += w * (float64(prior[k*d+j]) - g.mean[j])
					}
				}
				for j := range d {
					x[i*d+j] += g.mean[j]
				}
			}
			for _, sigma := range []float64{0.05, 0.4, 3} {
				noisy, denoised := make([]float32, n*d), make([]float32, n*d)
				for i := range noisy {
					noisy[i] = float32(x[i] + sigma*r.NormFloat64())
				}
				if err := g.Denoise(denoised, noisy, sigma); err != nil {
					t.Fatal(err)
				}
				perImage := make([]float64, n)
				for i := range denoised {
					e := float64(denoised[i]) - x[i]
					perImage[i/d] += e * e / d
				}
				mean, std := stat.MeanStdDev(perImage, nil)
				if want := g.MMSE(sigma); math.Abs(mean-want) > 4*std/math.Sqrt(n) {
					t.Errorf("sigma %g: mean squared error %g, want %g within %g",
						sigma, mean, want, 4*std/math.Sqrt(n))
				}
			}
		})
	}
}

func TestIsotropicIsTheDiagonalGaussian(t *testing.T) {
	mean, variance := []float32{0.5, -0.25, 0}, []float32{1, 0.125, 0}
	g, err := NewGaussian([]float64{0.5, -0.25, 0}, mat.NewDiagDense(3, []float64{1, 0.125, 0}))
	if err != nil {
		t.Fatal(err)
	}
	x := []float32{1, 2, 3, -4, 5, -6}
	a, b := make([]float32, 6), make([]float64, 6)
	for _, sigma := range []float64{0.01, 1, 100} {
		if err := g.Denoise(a, x, sigma); err != nil {
			t.Fatal(err)
		}
		for i, v := range a {
			b[i] = float64(v)
		}
		if err := NewIsotropic(mean, variance).Denoise(a, x, sigma); err != nil {
			t.Fatal(err)
		}
		checkClose(t, "D", a, b, 1e-6)
	}
}

func TestErrors(t *testing.T) {
	nan := float32(math.NaN())
	for name, images := range map[string][]float32{
		"no images": {}, "part of an image": {1, 2, 3}, "not finite": {1, 2, nan, 4},
	} {
		if _, err := FitGaussian(images, 2); err == nil {
			t.Errorf("FitGaussian of %s: no error", name)
		}
	}
	if _, err := NewGaussian([]float64{0, 0}, mat.NewSymDense(2, []float64{1, 2, 2, 1})); err == nil {
		t.Error("NewGaussian of an indefinite covariance: no error")
	}
	if _, err := NewGaussian([]float64{0}, mat.NewSymDense(2, nil)); err == nil {
		t.Error("NewGaussian of unequal sizes: no error")
	}
	g, err := FitGaussian([]float32{1, 2, 3, 5, 4, 1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Denoise(make([]float32, 3), make([]float32, 3), 1); err == nil {
		t.Error("Denoise of one and a half images: no error")
	}
	if err := g.Denoise(make([]float32, 2), make([]float32, 2), 0); err == nil {
		t.Error("Denoise at sigma 0: no error")
	}
}
