package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/sample/inverse"
	"tweedie/sample/metric"
	"tweedie/sample/report"
	"tweedie/sample/result"
)

// posteriors returns scores of samples of exact posteriors, and of garbage in their place. 64 images of N(0, s^2 I) are
// measured at half of their pixels, as in package metric's tests. The linear estimate is the measurement, which the
// mean of the samples surpasses.
func posteriors(t *testing.T) map[string][]result.Score {
	t.Helper()
	const images, each, s, eta = 64, 8, 0.5, 0.3
	mask := make([]bool, pixels)
	for i := range mask {
		mask[i] = i%2 == 0
	}
	a, err := inverse.Inpainting(inverse.Shape{Channels: 1, Height: side, Width: side}, mask)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 1))
	normal := func() float64 { return rng.NormFloat64() }
	g := s * s / (s*s + eta*eta)
	var exact []metric.Posterior
	var prior []float32
	for range images {
		p := metric.Posterior{Operator: a, Eta: eta, Truth: make([]float32, pixels), Linear: make([]float32, pixels)}
		for i := range p.Truth {
			p.Truth[i] = float32(s * normal())
			p.Linear[i] = float32(2 * s * normal()) // a bad estimate
		}
		prior = append(prior, p.Truth...)
		p.Y = inverse.Measure(a, p.Truth, eta, rng)
		for range each {
			x := make([]float32, pixels)
			for i := range x {
				x[i] = float32(s * normal())
			}
			for k, y := range p.Y {
				x[2*k] = float32(g*float64(y) + math.Sqrt(g)*eta*normal())
			}
			p.Samples = append(p.Samples, x...)
		}
		exact = append(exact, p)
	}
	scores := map[string][]result.Score{}
	score := func(name string, change func(p metric.Posterior, mean []float32) []float32) {
		var changed []metric.Posterior
		for _, p := range exact {
			mean, _, _ := p.Moments()
			p.Samples = change(p, mean)
			changed = append(changed, p)
		}
		if scores[name], err = metric.MeasurePosteriors(changed, prior, 1); err != nil {
			t.Fatal(err)
		}
	}
	pulled := func(f float64) func(p metric.Posterior, mean []float32) []float32 {
		return func(p metric.Posterior, mean []float32) []float32 {
			x := slices.Clone(p.Samples)
			for i, v := range x {
				m := float64(mean[i%pixels])
				x[i] = float32(m + f*(float64(v)-m))
			}
			return x
		}
	}
	score("exact", func(p metric.Posterior, _ []float32) []float32 { return p.Samples })
	for i, s := range scores["exact"] {
		if s.Key == "psnr-measurement" { // for white images, black pixels are nearer to the truth than samples
			scores["exact"][i].Value -= 10
		}
	}
	score("half variance", pulled(math.Sqrt(0.5)))
	score("collapsed", pulled(math.Sqrt(0.003)))
	score("one repeated", func(p metric.Posterior, _ []float32) []float32 {
		return slices.Repeat(p.Samples[:pixels], each)
	})
	score("twice the variance", pulled(math.Sqrt2))
	score("of another image", func(p metric.Posterior, _ []float32) []float32 {
		return exact[(slices.IndexFunc(exact, func(o metric.Posterior) bool { return &o.Truth[0] == &p.Truth[0] })+1)%
			images].Samples
	})
	score("wide and wrong", func(p metric.Posterior, _ []float32) []float32 {
		x, wrong := slices.Clone(p.Samples), make([]float64, pixels)
		for i := range wrong {
			wrong[i] = s * normal()
		}
		for i := range x {
			x[i] += float32(wrong[i%pixels] + s*normal())
		}
		return x
	})
	score("white noise", func(p metric.Posterior, _ []float32) []float32 {
		x := make([]float32, len(p.Samples))
		for i := range x {
			x[i] = float32(normal())
		}
		return x
	})
	return scores
}

func TestPosteriorGarbageIsRefuted(t *testing.T) {
	b := openBook(t)
	const mean, differ, consistent = "the mean of samples", "as much as they are wrong", "agree with the measurement"
	for _, c := range []struct{ garbage, words string }{
		{"half variance", differ},
		{"collapsed", differ},
		{"one repeated", differ},
		{"twice the variance", differ},
		{"wide and wrong", differ},
		{"white noise", differ},
		{"white noise", consistent},
		{"of another image", consistent},
	} {
		f := b.fixture()
		f["figure3"].Walks[0].Scores = b.posterior[c.garbage]
		if v := f.verdict(t, c.words); v != report.Disagrees {
			t.Errorf("%s: %s: %s", c.garbage, c.words, v)
		}
	}
	// Estimates that are no better than the measurement.
	f := b.fixture()
	swapped := slices.Clone(b.posterior["exact"])
	for i, s := range swapped {
		switch s.Key {
		case "psnr-linear":
			swapped[i].Value += 20
		}
	}
	f["figure3"].Walks[0].Scores = swapped
	for _, words := range []string{mean, "samples are nearer"} {
		if v := f.verdict(t, words); v != report.Disagrees {
			t.Errorf("%s: %s beside a better linear estimate", words, v)
		}
	}
}
