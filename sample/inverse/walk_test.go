package inverse

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tweedie/nets/exact"
	"tweedie/sample/walk"
)

// A Gaussian prior N(mu, C) and a linear A have the posterior N(m, P) with
//
//	P = (C^-1 + A^T A/eta^2)^-1,  m = mu + P A^T (y - A mu)/eta^2,
//
// which the walk at T = 1 reaches as sigma falls to 0 (paper section 7).
func TestGaussianPosterior(t *testing.T) {
	image := Shape{1, 4, 4}
	const pixels, samples, eta = 16, 2000, 0.3
	rng := rand.New(rand.NewPCG(8, 1))
	mu, c := make([]float64, pixels), mat.NewSymDense(pixels, nil)
	for i := range pixels {
		mu[i] = 0.3 * rng.NormFloat64()
		for j := range i + 1 {
			c.SetSym(i, j, 0.4*math.Exp(-math.Hypot(float64(i/4-j/4), float64(i%4-j%4))/1.5))
		}
		c.SetSym(i, i, 0.5)
	}
	prior, err := exact.NewGaussian(mu, c)
	if err != nil {
		t.Fatal(err)
	}
	mask, err := BoxMask(4, 4, 0, 1, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	built := must[Operator](t)
	for _, tt := range []struct {
		name string
		a    Operator
	}{
		{"super-resolution", built(SuperResolution(image, 2, Bicubic))},
		{"inpainting", built(Inpainting(image, mask))},
		{"compressed sensing", built(CompressedSensing(image, 6, rng))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.a
			y := Measure(a, random(pixels, rng), eta, rng)
			l, err := NewLikelihood(a, y, eta)
			if err != nil {
				t.Fatal(err)
			}
			m, P := posterior(t, a, y, eta, mu, c)

			const K = 250
			sigma := walk.Geometric(1, 0.01, K)
			w := walk.Walk{
				Sigma: sigma, Tau: walk.Proportional(sigma, 3), Temperature: walk.Constant(1, K), Likelihood: l,
			}
			last, err := walk.Last(w.Run(prior, pixels, 0, samples))
			if err != nil {
				t.Fatal(err)
			}
			x := last.X

			mean, covariance := moments(x, pixels)
			for i := range pixels {
				if d := math.Abs(mean[i] - m[i]); d > 5*math.Sqrt(P.At(i, i)/samples) {
					t.Errorf("pixel %d: mean %.3f, want %.3f", i, mean[i], m[i])
				}
				for j := range i + 1 {
					// sqrt((P_ii P_jj + P_ij^2)/n) is the estimate's standard deviation; 0.03 is left for sigma and
					// tau, which do not become 0.
					scale := math.Sqrt(P.At(i, i) * P.At(j, j))
					if d := math.Abs(covariance.At(i, j) - P.At(i, j)); d > 5*scale*math.Sqrt(2./samples)+0.03*scale {
						t.Errorf("pixels %d and %d: covariance %.4f, want %.4f", i, j, covariance.At(i, j), P.At(i, j))
					}
				}
			}
		})
	}
}

// posterior returns the mean and the covariance in closed form, from the matrix of a.
func posterior(t *testing.T, a Operator, y []float32, eta float64, mu []float64, c *mat.SymDense,
) ([]float64, *mat.Dense) {
	t.Helper()
	n, m := len(mu), len(y)
	matrix, unit, column := mat.NewDense(m, n, nil), make([]float32, n), make([]float32, m)
	for j := range n {
		clear(unit)
		unit[j] = 1
		a.Apply(column, unit)
		for i, v := range column {
			matrix.Set(i, j, float64(v))
		}
	}
	var precision, information, P mat.Dense
	if err := precision.Inverse(c); err != nil {
		t.Fatal(err)
	}
	information.Mul(matrix.T(), matrix)
	information.Scale(1/(eta*eta), &information)
	precision.Add(&precision, &information)
	if err := P.Inverse(&precision); err != nil {
		t.Fatal(err)
	}
	residual := mat.NewVecDense(m, nil)
	residual.MulVec(matrix, mat.NewVecDense(n, mu))
	for i, v := range y {
		residual.SetVec(i, (float64(v)-residual.AtVec(i))/(eta*eta))
	}
	var pulled, mean mat.VecDense
	pulled.MulVec(matrix.T(), residual)
	mean.MulVec(&P, &pulled)
	mean.AddVec(&mean, mat.NewVecDense(n, mu))
	return mean.RawVector().Data, &P
}

func moments(x []float32, pixels int) (mean []float64, covariance *mat.Dense) {
	n := len(x) / pixels
	mean = make([]float64, pixels)
	for i, v := range x {
		mean[i%pixels] += float64(v) / float64(n)
	}
	centred := mat.NewDense(n, pixels, nil)
	for i, v := range x {
		centred.Set(i/pixels, i%pixels, float64(v)-mean[i%pixels])
	}
	covariance = new(mat.Dense)
	covariance.Mul(centred.T(), centred)
	covariance.Scale(1/float64(n), covariance)
	return mean, covariance
}
