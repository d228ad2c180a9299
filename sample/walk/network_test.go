package walk

import (
	"math"
	"slices"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
)

// A network applies a function to each pixel.
type network func(in, c float64) float64

func (f network) Forward(dst, x, c []float32) error {
	pixels := len(x) / len(c)
	for i, v := range x {
		dst[i] = float32(f(float64(v), float64(c[i/pixels])))
	}
	return nil
}

// Networks that predict the image, the score (VE), epsilon (VP) and EDM's mixture, by the definitions of their
// literature, take the same walk for the prior N(mu, s^2), in either space.
func TestNetworksOfEveryKindWalkAlike(t *testing.T) {
	const mu, s2, sd, pixels, n = 0.2, 0.25, 0.7, 5, 3
	table := nets.LinearBetas(1e-4, 0.02, 1000)
	unscaled := func(in, c float64) (x, v, sigma float64) { // of an input scaled to unit variance
		sigma = math.Exp(4 * c)
		v = math.Hypot(sigma, sd)
		return in * v, v, sigma
	}
	mmse := func(x, sigma float64) float64 { return (s2*x + sigma*sigma*mu) / (s2 + sigma*sigma) }
	kinds := map[nets.Kind]network{
		nets.PredictDenoiser: func(in, c float64) float64 {
			x, _, sigma := unscaled(in, c)
			return mmse(x, sigma)
		},
		nets.PredictScore: func(in, c float64) float64 { // sigma times the score of N(mu, s^2 + sigma^2)
			x, _, sigma := unscaled(in, c)
			return sigma * (mu - x) / (s2 + sigma*sigma)
		},
		nets.PredictEpsilon: func(z, c float64) float64 { // E[n | z], z = sqrt(alphaBar) X + sqrt(1-alphaBar) n
			alphaBar := 1 / (1 + math.Pow(table.Sigma(1000*c), 2))
			return math.Sqrt(1-alphaBar) * (z - math.Sqrt(alphaBar)*mu) / (alphaBar*s2 + 1 - alphaBar)
		},
		nets.PredictEDM: func(in, c float64) float64 {
			x, v, sigma := unscaled(in, c)
			return (mmse(x, sigma) - sd*sd/(v*v)*x) / (sigma * sd / v)
		},
	}
	w := papersWalk(Sigmoid(157, 0.011, 100), 0.7, 0.1)
	walk := func(d nets.Denoiser, space Space) []float32 {
		w.Space = space
		last, err := Last(w.Run(d, pixels, 0, n))
		if err != nil {
			t.Fatal(err)
		}
		return last.X
	}
	want := walk(exact.NewIsotropic(slices.Repeat([]float32{mu}, pixels), slices.Repeat([]float32{s2}, pixels)), VE)
	for kind, f := range kinds {
		d := nets.NewDenoiser(f, nets.Parameterization{Kind: kind, DataStd: sd}, pixels)
		for space, got := range [][]float32{walk(d, VE), walk(d, VP)} {
			if apart := distance(got, want); !(apart <= 1e-5) {
				t.Errorf("%s in space %d: the images are %g apart", kind, space, apart)
			}
		}
	}
}
