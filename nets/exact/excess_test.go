package exact

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/nets"
)

var levels = []float64{0.1, 0.3, 1, 2}

// twoModes returns the prior of x = +-m u + s n, with the unit vector u, and n images of it. Along u it is a mixture of
// two Gaussians in one dimension, and across u a Gaussian.
func twoModes(t *testing.T, m, s float64, n int) (prior *Mixture, images []float32) {
	t.Helper()
	u := []float64{0.5, -0.5, 0.5, 0.5}
	c := mat.NewSymDense(4, nil)
	for i := range 4 {
		c.SetSym(i, i, s*s)
	}
	var components []*Gaussian
	for _, sign := range []float64{1, -1} {
		mean := make([]float64, 4)
		floats.AddScaled(mean, sign*m, u)
		g, err := NewGaussian(mean, c)
		if err != nil {
			t.Fatal(err)
		}
		components = append(components, g)
	}
	prior, err := NewMixture([]float64{1, 1}, components)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	images = make([]float32, 4*n)
	for i := range n {
		prior.Draw(images[4*i:][:4], rng)
	}
	return prior, images
}

func mustMeasure(t *testing.T, d, mmse nets.Denoiser, images []float32) []Excess {
	t.Helper()
	measured, err := Measure(d, mmse, images, 4, levels, 5)
	if err != nil {
		t.Fatal(err)
	}
	return measured
}

// TestExcessOfTheLinearEstimator compares the excess of Wiener's estimator on a mixture with the closed form. Across u,
// and for the linear estimator along u, it has formulas; the mixture's MMSE along u is an integral in one dimension.
func TestExcessOfTheLinearEstimator(t *testing.T) {
	const m, s = 0.8, 0.25
	prior, images := twoModes(t, m, s, 5000)
	linear, err := prior.Linear()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range mustMeasure(t, linear, prior, images) {
		least := alongModes(m, s, e.Sigma)
		v := m*m + s*s
		want := (v*e.Sigma*e.Sigma/(v+e.Sigma*e.Sigma) - least) / 4
		if math.Abs(e.Value-want) > 4*e.ValueError+1e-7 {
			t.Errorf("sigma %g: the excess of the linear estimator is %.6f +- %.6f, want %.6f",
				e.Sigma, e.Value, e.ValueError, want)
		}
		mmse := (least + 3*s*s*e.Sigma*e.Sigma/(s*s+e.Sigma*e.Sigma)) / 4
		if math.Abs(e.MMSE-mmse) > 4*e.MMSEError {
			t.Errorf("sigma %g: the MMSE is %.6f +- %.6f, want %.6f", e.Sigma, e.MMSE, e.MMSEError, mmse)
		}
	}
}

// alongModes returns the MMSE of +-m + s n1 from y = +-m + s n1 + sigma n2, in one dimension: E[X^2] - E[D(y)^2] with
// D(y) = (s^2 y + sigma^2 m tanh(m y/(s^2+sigma^2)))/(s^2+sigma^2), by the trapezoidal rule.
func alongModes(m, s, sigma float64) float64 {
	v := s*s + sigma*sigma
	density := func(y float64) float64 { return math.Exp(-y*y/(2*v)) / math.Sqrt(2*math.Pi*v) }
	const steps = 20000
	limit := m + 10*math.Sqrt(v)
	sum := 0.0
	for i := range steps {
		y := limit * (2*float64(i)/steps - 1)
		d := (s*s*y + sigma*sigma*m*math.Tanh(m*y/v)) / v
		sum += d * d * (density(y-m) + density(y+m)) / 2
	}
	return m*m + s*s - sum*2*limit/steps
}

// TestExcessIsTheDifference checks the theorem of projection: both estimates of the excess agree for any denoiser.
// Those of the MMSE denoiser itself are zero.
func TestExcessIsTheDifference(t *testing.T) {
	prior, images := twoModes(t, 0.8, 0.25, 5000)
	half := nets.DenoiserFunc(func(dst, x []float32, sigma float64) error {
		for i, v := range x {
			dst[i] = v/2 + 0.1
		}
		return nil
	})
	same := nets.DenoiserFunc(func(dst, x []float32, sigma float64) error {
		copy(dst, x)
		return nil
	})
	for _, d := range []nets.Denoiser{half, same} {
		for _, e := range mustMeasure(t, d, prior, images) {
			if math.Abs(e.Value-e.Difference) > 4*e.DifferenceError || !(e.Value > 0) {
				t.Errorf("sigma %g: the excess is %.6f, but the difference of the errors %.6f +- %.6f",
					e.Sigma, e.Value, e.Difference, e.DifferenceError)
			}
		}
	}
	for _, e := range mustMeasure(t, same, prior, images) { // a score of 0, which is wrong by all of the score
		if math.Abs(e.RelativeScore()-1) > 0.03 {
			t.Errorf("sigma %g: a score of 0 is wrong by %.3f of the score, want 1", e.Sigma, e.RelativeScore())
		}
	}
	for _, e := range mustMeasure(t, prior, prior, images) {
		if e.Value != 0 || e.Difference != 0 {
			t.Errorf("sigma %g: the MMSE denoiser has the excess %g and the difference %g",
				e.Sigma, e.Value, e.Difference)
		}
	}
}

// TestExcessOverAnotherDenoiser: if what is called the MMSE denoiser is not that of the images, the estimates disagree.
func TestExcessOverAnotherDenoiser(t *testing.T) {
	prior, images := twoModes(t, 0.8, 0.25, 5000)
	linear, err := prior.Linear()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range mustMeasure(t, prior, linear, images) {
		if e.Sigma < 0.3 || e.Sigma > 1 { // the two denoisers differ little there
			continue
		}
		if e.Difference > 0 || math.Abs(e.Value-e.Difference) < 10*e.DifferenceError {
			t.Errorf("sigma %g: over the linear estimator, the excess %.6f and the difference %.6f +- %.6f agree",
				e.Sigma, e.Value, e.Difference, e.DifferenceError)
		}
	}
}

// TestLinear compares the best affine denoiser of a mixture with the Gaussian fitted to many of its images, and that of
// a mixture of one with itself, whether or not it was made of few images.
func TestLinear(t *testing.T) {
	prior, images := twoModes(t, 0.8, 0.25, 5000)
	linear, err := prior.Linear()
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := FitGaussian(images, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		if math.Abs(linear.mean[i]-fitted.mean[i]) > 0.03 {
			t.Errorf("pixel %d has the mean %g, in the images %g", i, linear.mean[i], fitted.mean[i])
		}
		for j := range 4 {
			if a, b := linear.covariance().At(i, j), fitted.covariance().At(i, j); math.Abs(a-b) > 0.02 {
				t.Errorf("pixels %d and %d have the covariance %g, in the images %g", i, j, a, b)
			}
		}
	}
	few, err := FitGaussian(images[:3*4], 4)
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range map[string]*Gaussian{"many": fitted, "few": few} {
		alone, err := NewMixture([]float64{1}, []*Gaussian{g})
		if err != nil {
			t.Fatal(err)
		}
		linear, err := alone.Linear()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range mustMeasure(t, linear, g, images[:400]) {
			if e.Value > 1e-10 {
				t.Errorf("Gaussian of %s images: sigma %g: excess %g over itself", name, e.Sigma, e.Value)
			}
		}
	}
}
