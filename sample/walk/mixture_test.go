package walk

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"tweedie/nets/exact"
)

// The samplers that follow the score of a mixture of Gaussians down to little noise draw from the mixture: the
// samples have its weights, and near each component its mean and covariance.
func TestMixtureIsSampled(t *testing.T) {
	weights := []float64{0.5, 0.3, 0.2}
	means := [][]float64{{-1, -1}, {1, -0.5}, {0.3, 1.2}}
	covariances := [][]float64{{0.04, 0.02, 0.02, 0.03}, {0.01, 0, 0, 0.06}, {0.05, -0.03, -0.03, 0.04}}
	var components []*exact.Gaussian
	for j, mean := range means {
		g, err := exact.NewGaussian(mean, mat.NewSymDense(2, covariances[j]))
		if err != nil {
			t.Fatal(err)
		}
		components = append(components, g)
	}
	d, err := exact.NewMixture(weights, components)
	if err != nil {
		t.Fatal(err)
	}
	const K, n = 300, 3000
	langevin := Sampler{
		Sigma: Geometric(10, 0.01, K), Inner: 1,
		Tau:         func(sigma []float64) []float64 { return Proportional(sigma, 0.5) },
		Temperature: constant(1), Start: SigmaMax,
	}
	samplers := map[string]Sampler{"langevin": langevin}
	for _, name := range []string{"ve-sde", "ancestral", "ddpm", "vp-sde", "ddim"} {
		s, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		s.Sigma = Karras(10, 0.01, K)
		samplers[name] = s
	}
	for name, s := range samplers {
		t.Run(name, func(t *testing.T) {
			w := s.Walk()
			w.Seed = 3
			last, err := Last(w.Run(d, 2, 0, n))
			if err != nil {
				t.Fatal(err)
			}
			members := make([][]float64, len(means)) // samples by nearest mean; the means are far apart
			for i := 0; i < len(last.X); i += 2 {
				x, y := float64(last.X[i]), float64(last.X[i+1])
				nearest, least := 0, math.Inf(1)
				for j, mean := range means {
					if d := math.Hypot(x-mean[0], y-mean[1]); d < least {
						nearest, least = j, d
					}
				}
				members[nearest] = append(members[nearest], x, y)
			}
			for j, xy := range members {
				m := float64(len(xy) / 2)
				if share := m / n; math.Abs(share-weights[j]) > 4*math.Sqrt(weights[j]*(1-weights[j])/n) {
					t.Errorf("component %d has weight %.3f, want %g", j, share, weights[j])
				}
				samples := mat.NewDense(len(xy)/2, 2, xy)
				for k := range 2 {
					mean, variance := stat.MeanVariance(mat.Col(nil, k, samples), nil)
					want := covariances[j][3*k]
					if math.Abs(mean-means[j][k]) > 4*math.Sqrt(want/m)+0.01 {
						t.Errorf("component %d has mean %.3f in pixel %d, want %g", j, mean, k, means[j][k])
					}
					if math.Abs(variance/want-1) > 4*math.Sqrt(2/m)+0.03 {
						t.Errorf("component %d has variance %.4f in pixel %d, want %g", j, variance, k, want)
					}
				}
				want := covariances[j][1] / math.Sqrt(covariances[j][0]*covariances[j][3])
				correlation := stat.Correlation(mat.Col(nil, 0, samples), mat.Col(nil, 1, samples), nil)
				if math.Abs(correlation-want) > 4*(1-want*want)/math.Sqrt(m)+0.02 {
					t.Errorf("component %d has correlation %.3f, want %.3f", j, correlation, want)
				}
			}
		})
	}
}
