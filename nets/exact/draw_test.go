package exact

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDraw compares the mean and the covariance of drawn images with those of the prior, and of the prior's own data.
func TestDraw(t *testing.T) {
	const d, n = 7, 60000
	r := rand.New(rand.NewPCG(1, 2))
	many, few := correlated(r, 40, d), correlated(r, 4, d) // few: a singular covariance, from the Gram matrix
	for name, c := range map[string]struct {
		images []float32
		prior  func(images []float32) (Prior, error)
	}{
		"Gaussian":               {many, func(x []float32) (Prior, error) { return FitGaussian(x, d) }},
		"Gaussian of few images": {few, func(x []float32) (Prior, error) { return FitGaussian(x, d) }},
		"data":                   {many, func(x []float32) (Prior, error) { return NewData(x, d) }},
		"mixture": {many, func(x []float32) (Prior, error) { // of two halves: its moments are those of the whole
			a, err := FitGaussian(x[:10*d], d)
			if err != nil {
				return nil, err
			}
			b, err := FitGaussian(x[10*d:], d)
			if err != nil {
				return nil, err
			}
			return NewMixture([]float64{1, 3}, []*Gaussian{a, b})
		}},
	} {
		prior, err := c.prior(c.images)
		if err != nil {
			t.Fatal(err)
		}
		drawn := make([]float32, n*d)
		for i := range n {
			prior.Draw(drawn[i*d:][:d], r)
		}
		wantMean, want := moments(c.images, d)
		mean, covariance := moments(drawn, d)
		for i := range d {
			if e := mean[i] - wantMean[i]; math.Abs(e) > 4*math.Sqrt(want.At(i, i)/n) {
				t.Errorf("%s: pixel %d has the mean %.4f, want %.4f", name, i, mean[i], wantMean[i])
			}
			for j := range d {
				// A product of two Gaussian values has a variance of up to 2 C_ii C_jj.
				bound := 4.5 * math.Sqrt(2*want.At(i, i)*want.At(j, j)/n)
				if e := covariance.At(i, j) - want.At(i, j); math.Abs(e) > bound {
					t.Errorf("%s: pixels %d and %d have the covariance %.4f, want %.4f +- %.4f",
						name, i, j, covariance.At(i, j), want.At(i, j), bound)
				}
			}
		}
	}
}
