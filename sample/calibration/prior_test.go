package calibration

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/inverse"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// random values around 0.
func values(r *rand.Rand, n int, std float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = std * r.NormFloat64()
	}
	return v
}

// powerLaw is the covariance of exact.PowerLaw.
func powerLaw(height, width int, std, exponent float64) *mat.SymDense {
	_, covariance, err := exact.PowerLaw(height, width, exponent, std)
	if err != nil {
		panic(err)
	}
	return covariance
}

// small returns priors of images of 1x4 values.
func small(t *testing.T) map[string]Prior {
	t.Helper()
	line := inverse.Shape{Channels: 1, Height: 1, Width: 4}
	r := newRand(1)
	images := make([]float32, 6*4)
	for i := range images {
		images[i] = float32(0.5 * r.NormFloat64())
	}
	return map[string]Prior{
		"Gaussian": must(NewGaussian([]float64{0.2, -0.1, 0, 0.4}, powerLaw(1, 4, 0.5, 2))),
		"mixture": must(NewMixture([]Component{
			{1, values(r, 4, 0.5), Autoregressive(line, 0.2, 0.8)},
			{3, values(r, 4, 0.5), Autoregressive(line, 0.4, 0.3)},
			{2, values(r, 4, 0.5), powerLaw(1, 4, 0.3, 3)},
		})),
		"images": must(NewImages(images, 4)),
		"chain":  must(NewJumps(4, 5, 0.4, 0.3, 0.1)),
	}
}

// mask measures the first and the third of 4 values.
func mask(t *testing.T) inverse.Operator {
	t.Helper()
	a, err := inverse.Inpainting(inverse.Shape{Channels: 1, Height: 1, Width: 4}, []bool{true, false, true, false})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestPosteriorOfDrawnImages compares posteriors with images of the prior, weighted by their likelihood.
func TestPosteriorOfDrawnImages(t *testing.T) {
	const n, eta = 200000, 0.3
	for name, prior := range small(t) {
		t.Run(name, func(t *testing.T) {
			a := mask(t)
			r := newRand(2)
			x := make([]float32, 4)
			prior.Draw(x, r)
			y := inverse.Measure(a, x, eta, r)
			posterior := must(prior.Posterior(a, y, eta))
			mean, covariance := posterior.Mean(), posterior.Covariance()
			var weights, squares float64
			sum, products := make([]float64, 4), mat.NewDense(4, 4, nil)
			for range n {
				prior.Draw(x, r)
				w := math.Exp(-inverse.ChiSquare(a, x, y, eta) / 2)
				weights, squares = weights+w, squares+w*w
				for i := range x {
					e := float64(x[i]) - mean[i]
					sum[i] += w * e
					for j := range x {
						products.Set(i, j, products.At(i, j)+w*e*(float64(x[j])-mean[j]))
					}
				}
			}
			enough := weights * weights / squares // as many unweighted samples
			for i := range 4 {
				std := math.Sqrt(covariance.At(i, i))
				if e := sum[i] / weights; math.Abs(e) > 5*std/math.Sqrt(enough)+1e-6 {
					t.Errorf("mean of value %d is %.4f beside that of weighted images", i, e)
				}
				for j := range 4 {
					got, want := covariance.At(i, j), products.At(i, j)/weights
					scale := std * math.Sqrt(covariance.At(j, j))
					if math.Abs(got-want) > 10*scale/math.Sqrt(enough)+1e-6 {
						t.Errorf("covariance (%d, %d) is %.5f, of weighted images %.5f", i, j, got, want)
					}
				}
			}
		})
	}
}

// TestDraws compares the moments of drawn images with the posterior's.
func TestDraws(t *testing.T) {
	const n, eta = 40000, 0.3
	for name, prior := range small(t) {
		r := newRand(3)
		a := mask(t)
		posterior := must(prior.Posterior(a, []float32{0.3, -0.2}, eta))
		mean, covariance := posterior.Mean(), posterior.Covariance()
		x, sum, products := make([]float32, 4), make([]float64, 4), mat.NewDense(4, 4, nil)
		for range n {
			posterior.Draw(x, r)
			for i := range x {
				e := float64(x[i]) - mean[i]
				sum[i] += e / n
				for j := range x {
					products.Set(i, j, products.At(i, j)+e*(float64(x[j])-mean[j])/n)
				}
			}
		}
		for i := range 4 {
			std := math.Sqrt(covariance.At(i, i))
			if math.Abs(sum[i]) > 5*std/math.Sqrt(n)+1e-6 {
				t.Errorf("%s: mean of value %d is %g off", name, i, sum[i])
			}
			for j := range 4 {
				scale := std * math.Sqrt(covariance.At(j, j))
				if e := products.At(i, j) - covariance.At(i, j); math.Abs(e) > 10*scale/math.Sqrt(n)+1e-6 {
					t.Errorf("%s: covariance (%d, %d) is %g off", name, i, j, e)
				}
			}
		}
	}
}

// TestDenoiserIsThePosteriorMean measures the image itself: then E[X|y] is the MMSE denoiser's value.
func TestDenoiserIsThePosteriorMean(t *testing.T) {
	a := must(inverse.Denoising(inverse.Shape{Channels: 1, Height: 1, Width: 4}))
	for name, prior := range small(t) {
		for _, sigma := range []float64{0.05, 0.5, 5} {
			r := newRand(4)
			y, denoised := make([]float32, 4), make([]float32, 4)
			for i := range y {
				y[i] = float32(r.NormFloat64())
			}
			if err := prior.Denoise(denoised, y, sigma); err != nil {
				t.Fatal(err)
			}
			for i, want := range must(prior.Posterior(a, y, sigma)).Mean() {
				if math.Abs(float64(denoised[i])-want) > 1e-5 {
					t.Errorf("%s, sigma %g: value %d denoised is %g, E[X|y] is %g", name, sigma, i, denoised[i], want)
				}
			}
		}
	}
}

// TestDensityGivesTheScore compares log densities with Tweedie's formula at a noise that changes the prior little.
func TestDensityGivesTheScore(t *testing.T) {
	const sigma, step = 0.003, 0.01
	for name, prior := range small(t) {
		dense, ok := prior.(Dense)
		if !ok {
			continue
		}
		r := newRand(5)
		for range 5 {
			x, denoised := make([]float32, 4), make([]float32, 4)
			prior.Draw(x, r)
			if err := prior.(nets.Denoiser).Denoise(denoised, x, sigma); err != nil {
				t.Fatal(err)
			}
			for i := range x {
				up, down := slices.Clone(x), slices.Clone(x)
				up[i], down[i] = up[i]+step, down[i]-step
				got := (dense.LogDensity(up) - dense.LogDensity(down)) / float64(up[i]-down[i])
				want := (float64(denoised[i]) - float64(x[i])) / (sigma * sigma)
				if math.Abs(got-want) > 0.03*(10+math.Abs(want)) {
					t.Errorf("%s: the log density rises by %.4f in direction %d, the score is %.4f", name, got, i, want)
				}
			}
		}
	}
}

// TestWeightsAreMeanShares compares the weights of a posterior's modes with the shares of its samples.
func TestWeightsAreMeanShares(t *testing.T) {
	const n = 20000
	for name, prior := range small(t) {
		modal, ok := prior.(Modal)
		if !ok {
			continue
		}
		r := newRand(6)
		posterior := must(prior.Posterior(mask(t), []float32{0.1, 0}, 0.5))
		weights := posterior.(Weighted).Weights()
		x, p, sum := make([]float32, 4), make([]float64, len(weights)), make([]float64, len(weights))
		for range n {
			posterior.Draw(x, r)
			modal.Shares(p, x)
			for j := range p {
				sum[j] += p[j] / n
			}
		}
		for j, want := range weights {
			if math.Abs(sum[j]-want) > 4*math.Sqrt(want/n)+1e-9 {
				t.Errorf("%s: mode %d has the share %.4f of samples and the weight %.4f", name, j, sum[j], want)
			}
		}
	}
}

func TestUnknownPosteriors(t *testing.T) {
	line := inverse.Shape{Channels: 1, Height: 1, Width: 4}
	blur := must(inverse.GaussianBlur(line, 1, inverse.Symmetric))
	if _, err := small(t)["chain"].Posterior(blur, make([]float32, 4), 0.1); err == nil {
		t.Error("a chain has a posterior under blur")
	}
	for name, prior := range small(t) {
		if _, err := prior.Posterior(mask(t), make([]float32, 3), 0.1); err == nil {
			t.Errorf("%s: a measurement of the wrong length has a posterior", name)
		}
		if _, err := prior.Posterior(mask(t), make([]float32, 2), 0); err == nil {
			t.Errorf("%s: a measurement without noise has a posterior", name)
		}
	}
}

// TestAlignedMixture compares the fast denoiser of covariances with equal eigenvectors with exact.Mixture.
func TestAlignedMixture(t *testing.T) {
	r := newRand(9)
	var all []Component
	var weights []float64
	var gaussians []*exact.Gaussian
	for j := range 4 {
		c := Component{float64(j + 1), values(r, 16, 0.4), powerLaw(4, 4, 0.1*float64(j+1), 2)}
		all, weights = append(all, c), append(weights, c.Weight)
		gaussians = append(gaussians, must(exact.NewGaussian(c.Mean, c.Covariance)))
	}
	m := must(NewMixture(all))
	if _, ok := m.Differentiable.(*aligned); !ok {
		t.Error("multiples of one covariance are not seen to be aligned")
	}
	want := must(exact.NewMixture(weights, gaussians))
	x, a, b := make([]float32, 20*16), make([]float32, 20*16), make([]float32, 20*16)
	v := make([]float32, len(x))
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	for _, sigma := range []float64{0.01, 0.3, 1, 50} {
		for i := range x {
			x[i] = float32((0.4 + sigma) * r.NormFloat64())
		}
		compare := func(what string, errs ...error) {
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			for i := range a {
				if math.Abs(float64(a[i]-b[i])) > 3e-6*(1+sigma) {
					t.Fatalf("sigma %g, %s: value %d is %g, by exact.Mixture %g", sigma, what, i, a[i], b[i])
				}
			}
		}
		compare("denoised", m.Denoise(a, x, sigma), want.Denoise(b, x, sigma))
		compare("pulled back", m.Pullback(a, x, v, sigma), want.Pullback(b, x, v, sigma))
	}
	all[2].Covariance = Autoregressive(square, 0.3, 0.5)
	if _, ok := must(NewMixture(all)).Differentiable.(*aligned); ok {
		t.Error("covariances with different eigenvectors are taken to be aligned")
	}
}
