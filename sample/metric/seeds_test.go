package metric_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/exact"
	"tweedie/sample/metric"
	"tweedie/sample/result"
	"tweedie/sample/walk"
)

// TestSeedOfTheWalkMayScoreIt draws samples by a walk without noise, so that they are multiples of the noise that they
// start from, and scores them with the seed of the walk and with others. If directions repeated that noise, each sample
// would lie along one of them, at sqrt(pixels) times its standard deviation.
func TestSeedOfTheWalkMayScoreIt(t *testing.T) {
	const pixels, n, std, seed = 400, 64, 0.5, 3
	denoiser := exact.NewIsotropic(make([]float32, pixels), slices.Repeat([]float32{std * std}, pixels))
	sampler, err := walk.Preset("ddim")
	if err != nil {
		t.Fatal(err)
	}
	sampler.Sigma = walk.Geometric(80, 0.01, 60)
	w := sampler.Walk()
	w.Seed = seed
	end, err := walk.Last(w.Run(denoiser, pixels, 0, n))
	if err != nil {
		t.Fatal(err)
	}
	real := make([]float32, 400*pixels)
	noise := rand.New(rand.NewPCG(1, 1))
	for i := range real {
		real[i] = float32(std * noise.NormFloat64())
	}
	score := func(seed uint64) float64 {
		r, err := metric.NewReference(real, pixels, metric.ReferenceOptions{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		scores, err := r.Measure(end.X)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(scores, func(s result.Score) bool { return s.Key == "sliced-wasserstein" })
		return scores[i].Value
	}
	same := score(seed)
	for other := range uint64(3) {
		if independent := score(100 + other); math.Abs(same/independent-1) > 0.1 {
			t.Errorf("sliced Wasserstein distance %.4f with the walk's seed, %.4f with another", same, independent)
		}
	}
}
