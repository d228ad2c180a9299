package metric

import (
	"math"
	"math/rand/v2"
	"testing"

	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// inpainted returns measurements of half the pixels of images of N(0, s^2 I), with samples of their exact posteriors. A
// pixel that is measured as y has the posterior N(g y, g eta^2) with g = s^2/(s^2 + eta^2), and another one the prior.
func inpainted(t *testing.T, images, samples int, s, eta float64) []Posterior {
	t.Helper()
	const side = 16
	mask := make([]bool, side*side)
	for i := range mask {
		mask[i] = i%2 == 0
	}
	a, err := inverse.Inpainting(inverse.Shape{Channels: 1, Height: side, Width: side}, mask)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	prior := func() []float32 {
		x := make([]float32, side*side)
		for i := range x {
			x[i] = float32(s * r.NormFloat64())
		}
		return x
	}
	g := s * s / (s*s + eta*eta)
	var all []Posterior
	for range images {
		p := Posterior{Operator: a, Eta: eta, Truth: prior()}
		p.Y = inverse.Measure(a, p.Truth, eta, r)
		for range samples {
			x := prior()
			for k, y := range p.Y {
				x[2*k] = float32(g*float64(y) + math.Sqrt(g)*eta*r.NormFloat64())
			}
			p.Samples = append(p.Samples, x...)
		}
		all = append(all, p)
	}
	return all
}

func byKey(t *testing.T, each []Posterior, prior []float32) map[string]result.Score {
	t.Helper()
	scores, err := MeasurePosteriors(each, prior, 1)
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]result.Score{}
	for _, s := range scores {
		byKey[s.Key] = s
	}
	return byKey
}

// TestScoresOfExactPosteriors compares with closed forms. The truth and a sample are independent draws from the
// posterior, so their mean square difference is twice the posterior's variance.
func TestScoresOfExactPosteriors(t *testing.T) {
	const images, samples, s, eta = 150, 8, 0.5, 0.3
	each := inpainted(t, images, samples, s, eta)
	var prior []float32
	for _, p := range inpainted(t, 1000, 0, s, eta) {
		prior = append(prior, p.Truth...)
	}
	got := byKey(t, each, prior)
	const left = eta * eta / (s*s + eta*eta)
	psnr := 10 * math.Log10(4/(2*s*s*(1+left)/2))
	for key, want := range map[string]struct {
		value, tolerance float64
		n                int
	}{
		"chi-square":      {1, 0.1, images * samples},
		"psnr":            {psnr, 0.1, images * samples},
		"spread-seen":     {s * math.Sqrt(left), 0.01, images * samples},
		"spread-unseen":   {s, 0.01, images * samples},
		"variance-seen":   {left, 0.02, images * samples},
		"variance-unseen": {1, 0.03, images * samples},
		// The mean of m samples has the error of the posterior's mean, and a share 1/m of the variance on top.
		"psnr-mean": {psnr + 10*math.Log10(2/(1+1./samples)), 0.1, images},
		// Shown as an image, a measurement has the noise of the measured pixels, and 0 for the others.
		"psnr-measurement": {10 * math.Log10(4/((eta*eta+s*s)/2)), 0.1, images},
	} {
		if g := got[key]; math.Abs(g.Value-want.value) > want.tolerance || g.N != want.n {
			t.Errorf("%s is %.4g for %d images, want %.4g for %d", key, g.Value, g.N, want.value, want.n)
		}
	}
	if _, ok := got["psnr-linear"]; ok {
		t.Error("there is a PSNR of linear estimates, and there were no estimates")
	}
}

// TestUndefinedScoresAreLeftOut has one sample, no prior, and an estimate equal to the truth.
func TestUndefinedScoresAreLeftOut(t *testing.T) {
	each := inpainted(t, 1, 1, 0.5, 0.1)
	each[0].Linear = each[0].Truth
	got := byKey(t, each, nil)
	for _, key := range []string{"psnr-linear", "spread-seen", "variance-seen"} {
		if s, ok := got[key]; ok {
			t.Errorf("there is a score %+v", s)
		}
	}
	if got["ssim-linear"].Value != 1 {
		t.Errorf("SSIM of an image and itself is %v", got["ssim-linear"])
	}
}

// TestKeysNameScores compares the list of metrics with the scores that are computed.
func TestKeysNameScores(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range Keys() {
		if seen[key] {
			t.Errorf("two metrics have the key %q", key)
		}
		seen[key] = true
	}
	_, r := glyphs(t, 60)
	scores, err := r.Floor(20)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range scores {
		if m, ok := Find(s.Key); !ok || m.Posterior || m.Best != s.Best || Keys()[i] != s.Key {
			t.Errorf("score %d, %+v, is not of metric %+v", i, s, m)
		}
	}
	for key, s := range byKey(t, inpainted(t, 2, 2, 1, 1), nil) {
		if m, ok := Find(key); !ok || !m.Posterior || m.Best != s.Best || m.Name != s.Name {
			t.Errorf("score %+v is not of metric %+v", s, m)
		}
	}
}

// TestMoments has two images of 2 channels x 1 x 2. Their first pixels differ by 2 in one channel, their second by 1 in
// both, so the variances are (2 + 0)/2 and (0.5 + 0.5)/2.
func TestMoments(t *testing.T) {
	a, err := inverse.Inpainting(inverse.Shape{Channels: 2, Height: 1, Width: 2}, []bool{true, true})
	if err != nil {
		t.Fatal(err)
	}
	mean, deviation, greatest := Posterior{Operator: a, Samples: []float32{0, 0.5, 3, 0, 2, -0.5, 3, 1}}.Moments()
	for i, want := range []float32{1, 0, 3, 0.5} {
		if mean[i] != want {
			t.Errorf("mean %d is %g, want %g", i, mean[i], want)
		}
	}
	second := math.Sqrt2 - 1 // of sqrt(1/2), where 0 is -1 and the greatest is 1
	if math.Abs(greatest-1) > 1e-6 || deviation[0] != 1 || math.Abs(float64(deviation[1])-second) > 1e-6 ||
		deviation[2] != deviation[0] {
		t.Errorf("standard deviations %v of at most %g", deviation, greatest)
	}
}
