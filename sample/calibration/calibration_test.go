package calibration

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"

	"tweedie/data/random"
	"tweedie/sample/inverse"
)

// pairs and samples are what the tests of this file show to be enough: exact samples pass, and a tenth more or less
// width fails.
const pairs, perPair, level = 64, 31, 0.01

var square = inverse.Shape{Channels: 1, Height: 4, Width: 4}

// mixture returns a prior of ten overlapping modes on images of 4x4 pixels.
func mixture() *Mixture {
	r := newRand(7)
	var all []Component
	for j := range 10 {
		all = append(all, Component{1 + float64(j), values(r, 16, 0.35), Autoregressive(square, 0.2, 0.7)})
	}
	return must(NewMixture(all))
}

// problems returns problems of every kind of prior, with posteriors of several modes where the prior has some.
func problems(n int, seed uint64) map[string]*Problem {
	r := newRand(8)
	images := make([]float32, 40*16)
	for i := range images {
		images[i] = float32(0.5 * r.NormFloat64())
	}
	line := inverse.Shape{Channels: 1, Height: 1, Width: 16}
	odd := make([]bool, 16)
	for i := range odd {
		odd[i] = i%2 == 1
	}
	half := must(inverse.SuperResolution(square, 2, inverse.Box))
	return map[string]*Problem{
		"Gaussian": must(NewProblem(must(NewGaussian(make([]float64, 16), powerLaw(4, 4, 0.5, 2))), half, 0.1, n,
			seed)),
		"mixture": must(NewProblem(mixture(), half, 0.3, n, seed)),
		"images":  must(NewProblem(must(NewImages(images, 16)), half, 0.3, n, seed)),
		"chain": must(NewProblem(must(NewJumps(16, 17, 0.2, 0.3, 0.08)), must(inverse.Inpainting(line, odd)), 0.1, n,
			seed)),
	}
}

// spread moves samples away from the posterior's mean by a factor.
func spread(factor float64) Sampler {
	return func(p *Problem, n int) (Samples, error) {
		samples, err := Exact(p, n)
		for i, s := range samples {
			mean := p.Posteriors[i].Mean()
			for k, v := range s {
				m := mean[k%len(mean)]
				s[k] = float32(m + factor*(float64(v)-m))
			}
		}
		return samples, err
	}
}

// shift adds a share of the posterior's standard deviation to every value.
func shift(share float64) Sampler {
	return func(p *Problem, n int) (Samples, error) {
		samples, err := Exact(p, n)
		for i, s := range samples {
			covariance := p.Posteriors[i].Covariance()
			d := covariance.SymmetricDim()
			for k := range s {
				s[k] += float32(share * math.Sqrt(covariance.At(k%d, k%d)))
			}
		}
		return samples, err
	}
}

// tempered draws from posteriors whose modes have weights in proportion to a power of the right ones.
func tempered(power float64) Sampler {
	return func(p *Problem, n int) (Samples, error) {
		samples := make(Samples, len(p.Y))
		for i := range samples {
			weights := slices.Clone(p.Posteriors[i].(Weighted).Weights())
			for j, w := range weights {
				weights[j] = math.Pow(w, power)
			}
			floats.Scale(1/floats.Sum(weights), weights)
			var wrong Posterior
			switch right := p.Posteriors[i].(type) {
			case *components:
				wrong = &components{weights, right.normals}
			case *weightedImages:
				wrong = &weightedImages{right.images, right.pixels, weights}
			}
			rng := random.Stream(p.Seed, random.PosteriorSamples, uint64(i))
			d := p.Operator.Image().Len()
			samples[i] = make([]float32, n*d)
			for s := range n {
				wrong.Draw(samples[i][s*d:][:d], rng)
			}
		}
		return samples, nil
	}
}

func TestExactSamplesPass(t *testing.T) {
	for name, p := range problems(pairs, 1) {
		m := must(p.Measure(must(Exact(p, perPair))))
		if failed := m.Failed(level); len(failed) > 0 {
			t.Errorf("%s: exact samples fail: %v of %+v", name, failed, m.Tests())
		}
		for i, c := range m.Coverage {
			if z := c.sigmas(Levels[i]); math.Abs(z) > 4 {
				t.Errorf("%s: regions of %g cover %.3f", name, Levels[i], c.Value)
			}
		}
	}
}

func TestWrongSamplesFail(t *testing.T) {
	for name, p := range problems(pairs, 1) {
		check := func(what string, s Sampler, test string) {
			m := must(p.Measure(must(s(p, perPair))))
			if failed := m.Failed(level); !slices.Contains(failed, test) {
				t.Errorf("%s: %s: %s does not fail, only %v: %+v", name, what, test, failed, m.Tests())
			}
		}
		check("a tenth too narrow", spread(0.9), "variance")
		check("a tenth too wide", spread(1.1), "variance")
		check("shifted by a quarter of a standard deviation", shift(0.25), "mean")
		if name == "mixture" || name == "images" {
			check("modes of nearly equal weight", tempered(0.3), "mode weights")
			check("modes of too different weight", tempered(3), "mode weights")
		}
		// The tests of coverage need more, and a density to see what is too wide.
		check("a third too narrow", spread(0.67), "TARP")
		if name != "images" {
			check("a quarter too wide", spread(1.25), "density regions")
		}
	}
}
