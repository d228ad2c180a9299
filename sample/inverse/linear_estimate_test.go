package inverse

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// correlated draws images of 3 x 4 from N(mu, L L^T), row after row.
func correlated(n int, rng *rand.Rand) (images []float32, mean []float64, factor *mat.Dense) {
	const pixels = 12
	factor = mat.NewDense(pixels, pixels, nil)
	mean = make([]float64, pixels)
	for i := range pixels {
		mean[i] = 0.3 * rng.NormFloat64()
		for j := range i + 1 {
			factor.Set(i, j, 0.4*rng.NormFloat64())
		}
	}
	for range n {
		z := make([]float64, pixels)
		for i := range z {
			z[i] = rng.NormFloat64()
		}
		for i := range pixels {
			v := mean[i]
			for j := range i + 1 {
				v += factor.At(i, j) * z[j]
			}
			images = append(images, float32(v))
		}
	}
	return images, mean, factor
}

// dense is the matrix of a linear operator, column by column.
func dense(a Operator) *mat.Dense {
	m := mat.NewDense(a.Measurement().Len(), a.Image().Len(), nil)
	column, unit := make([]float32, a.Measurement().Len()), make([]float32, a.Image().Len())
	for j := range unit {
		unit[j] = 1
		a.Apply(column, unit)
		unit[j] = 0
		for i, v := range column {
			m.Set(i, j, float64(v))
		}
	}
	return m
}

func linearOperators(t *testing.T) map[string]Operator {
	t.Helper()
	shape := Shape{1, 3, 4}
	all := map[string]Operator{}
	add := func(name string, a Operator, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all[name] = a
	}
	a, err := Denoising(shape)
	add("denoising", a, err)
	a, err = Inpainting(shape, []bool{true, false, false, true, true, false, true, false, false, false, true, true})
	add("inpainting", a, err)
	a, err = CompressedSensing(shape, 5, rand.New(rand.NewPCG(1, 1)))
	add("sensing", a, err)
	a, err = GaussianBlur(shape, 0.7, Symmetric)
	add("blur", a, err)
	return all
}

// The estimate has the closed form, whether there are more images than pixels or fewer.
func TestLinearEstimate(t *testing.T) {
	const pixels, eta = 12, 0.2
	for _, n := range []int{7, 200} {
		images, _, _ := correlated(n, rand.New(rand.NewPCG(3, 4)))
		l, err := NewLinearEstimator(images, pixels)
		if err != nil {
			t.Fatal(err)
		}
		mean, covariance := statistics(images, pixels)
		for name, a := range linearOperators(t) {
			A := dense(a)
			y := Measure(a, images[:pixels], eta, rand.New(rand.NewPCG(5, 6)))
			got, err := l.Estimate(a, y, eta)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range gaussianPosterior(mean, covariance, A, y, eta) {
				if math.Abs(v-float64(got[i])) > 1e-4 {
					t.Errorf("%s, %d images: pixel %d is %g, want %g", name, n, i, got[i], v)
				}
			}
		}
	}
}

func statistics(images []float32, pixels int) (mean []float64, covariance *mat.Dense) {
	n := len(images) / pixels
	mean, covariance = make([]float64, pixels), mat.NewDense(pixels, pixels, nil)
	for i, v := range images {
		mean[i%pixels] += float64(v) / float64(n)
	}
	for i := range n {
		for j := range pixels {
			for k := range pixels {
				e := (float64(images[i*pixels+j]) - mean[j]) * (float64(images[i*pixels+k]) - mean[k]) / float64(n)
				covariance.Set(j, k, covariance.At(j, k)+e)
			}
		}
	}
	return mean, covariance
}

// gaussianPosterior is the mean of N(mean, C) given y, by (A^T A/eta^2 + C^-1), in a form that needs no inverse of C.
func gaussianPosterior(mean []float64, C, A *mat.Dense, y []float32, eta float64) []float64 {
	rows, pixels := A.Dims()
	var gain, inverted, CAt mat.Dense
	CAt.Mul(C, A.T())
	gain.Mul(A, &CAt)
	for i := range rows {
		gain.Set(i, i, gain.At(i, i)+eta*eta)
	}
	if err := inverted.Inverse(&gain); err != nil {
		panic(err)
	}
	gain.Reset()
	gain.Mul(&CAt, &inverted)
	var predicted, x mat.VecDense
	predicted.MulVec(A, mat.NewVecDense(pixels, mean))
	residual := mat.NewVecDense(rows, nil)
	for i, v := range y {
		residual.SetVec(i, float64(v)-predicted.AtVec(i))
	}
	x.MulVec(&gain, residual)
	x.AddVec(&x, mat.NewVecDense(pixels, mean))
	return x.RawVector().Data
}

// The true image and samples of the exact posterior have a chi-square of one for each value of y.
func TestChiSquareOfExactSamples(t *testing.T) {
	const pixels, eta, draws = 12, 0.3, 4000
	rng := rand.New(rand.NewPCG(7, 8))
	images, _, factor := correlated(draws, rng)
	var C mat.Dense
	C.Mul(factor, factor.T())
	for name, a := range linearOperators(t) {
		A := dense(a)
		values := a.Measurement().Len()
		ofTruth, ofSample := 0.0, 0.0
		for i := range draws / 2 {
			truth := images[2*i*pixels:][:pixels]
			y := Measure(a, truth, eta, rng)
			ofTruth += ChiSquare(a, truth, y, eta)
			// A sample of the posterior is another draw of the prior, corrected by what its own measurement misses of
			// y (Matheron's rule).
			other := images[(2*i+1)*pixels:][:pixels]
			difference := make([]float32, values)
			for k, v := range Measure(a, other, eta, rng) {
				difference[k] = y[k] - v
			}
			sample := make([]float32, pixels)
			for k, v := range gaussianPosterior(make([]float64, pixels), &C, A, difference, eta) {
				sample[k] = other[k] + float32(v)
			}
			ofSample += ChiSquare(a, sample, y, eta)
		}
		expected := float64(values * draws / 2)
		for what, got := range map[string]float64{"truths": ofTruth, "samples": ofSample} {
			if apart := math.Abs(got/expected - 1); apart > 5*math.Sqrt(2/expected) {
				t.Errorf("%s: %s have %g a value, want 1", name, what, got/expected)
			}
		}
	}
}

// For inpainting, the row space has the measured pixels, and the null space has the others.
func TestStandardDeviations(t *testing.T) {
	shape, mask := Shape{1, 3, 4}, []bool{true, false, false, true, true, false, true, false, false, false, true, true}
	a, err := Inpainting(shape, mask)
	if err != nil {
		t.Fatal(err)
	}
	const n, inside, outside = 4000, 0.1, 0.7
	rng := rand.New(rand.NewPCG(9, 9))
	samples := make([]float32, n*len(mask))
	for i := range samples {
		std := outside
		if mask[i%len(mask)] {
			std = inside
		}
		samples[i] = float32(2 + std*rng.NormFloat64())
	}
	seen, unseen, err := StandardDeviations(a, samples)
	if err != nil || math.Abs(seen/inside-1) > 0.02 || math.Abs(unseen/outside-1) > 0.02 {
		t.Errorf("%g seen and %g not, %v; want %g and %g", seen, unseen, err, inside, outside)
	}
	all, err := Denoising(shape)
	if err != nil {
		t.Fatal(err)
	}
	if _, unseen, err = StandardDeviations(all, samples); err != nil || unseen != 0 {
		t.Errorf("every pixel is measured, but the null space has standard deviation %g (%v)", unseen, err)
	}
	if _, _, err = StandardDeviations(a, samples[:len(mask)]); err == nil {
		t.Error("one sample: no error")
	}
	phase, err := PhaseRetrieval(shape, 24, rng)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = StandardDeviations(phase, samples); err == nil {
		t.Error("not linear: no error")
	}
}
