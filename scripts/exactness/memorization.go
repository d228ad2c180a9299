package main

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"tweedie/data"
	"tweedie/nets"
	"tweedie/sample/walk"
)

// A memorization compares the samples of two networks that were trained on n images each, disjoint, and walk with the
// same noise (Kadkhodaie et al. 2024, arXiv 2310.02557, figure 2). Every number is a mean cosine similarity of images
// minus the mean image of the prior. If a network has memorized its images, its samples are near those and differ from
// the other's. If both have learned the distribution, their samples agree.
type memorization struct {
	n       int
	between estimate // the samples of one network and those of the other
	exact   estimate // the samples of one network and those of the MMSE denoiser
	nearest estimate // the samples of one network, each with its nearest training image
	fresh   estimate // new images of the prior instead of samples, each with its nearest training image

	first, second         []float32 // samples
	nearFirst, nearSecond []float32 // the nearest training image of each
}

// An estimate is a mean with its standard error.
type estimate struct{ mean, err float64 }

// String writes both with as many decimals as the standard error deserves.
func (e estimate) String() string {
	if e.err == 0 {
		return fmt.Sprintf("%.3g", e.mean)
	}
	decimals := max(0, -int(math.Floor(math.Log10(e.err))))
	return fmt.Sprintf("%.*f ± %.*f", decimals, e.mean, decimals, e.err)
}

// randomWalk is the walk of all samples: the ancestral sampler of VE diffusion (Song et al. 2021) in 60 steps, from
// eight times the standard deviation of the mixture's pixels to an eighth of it.
func randomWalk() walk.Walk {
	sigma := walk.Geometric(4, 0.06, 60)
	return walk.Walk{
		Sigma: sigma, Tau: walk.Difference(sigma), Temperature: walk.Ancestral(sigma),
		Start: walk.SigmaMax, Seed: walkSeed,
	}
}

// samples returns count images at the end of the walk with a denoiser.
func samples(d nets.Denoiser, count int) ([]float32, error) {
	last, err := walk.Last(randomWalk().Run(d, pixels, 0, count))
	return last.X, err
}

// memorize compares the samples of two networks. exact are those of the MMSE denoiser, of the same noise.
func memorize(a, b network, first, second nets.Denoiser, exact []float32) (m memorization, err error) {
	count := len(exact) / pixels
	m = memorization{n: a.n}
	if m.first, err = samples(first, count); err != nil {
		return m, err
	}
	if m.second, err = samples(second, count); err != nil {
		return m, err
	}
	fresh := data.Drawn{Channels: 1, Height: side, Width: side, N: count, Seed: testSeed, Draw: a.Draw}.All()
	mean := a.linear.Mean()
	training := a.images().All()
	m.between = similarity(m.first, m.second, mean)
	m.exact = similarity(m.first, exact, mean)
	m.nearFirst = nearest(m.first, training, mean)
	m.nearSecond = nearest(m.second, b.images().All(), mean)
	m.nearest = similarity(m.first, m.nearFirst, mean)
	m.fresh = similarity(fresh, nearest(fresh, training, mean), mean)
	return m, nil
}

// similarity returns the mean cosine similarity of the images in a and b, pair by pair, minus the mean image.
func similarity(a, b []float32, mean []float64) estimate {
	cosines := make([]float64, len(a)/pixels)
	for i := range cosines {
		cosines[i] = cosine(a[i*pixels:][:pixels], b[i*pixels:][:pixels], mean)
	}
	m, std := stat.MeanStdDev(cosines, nil)
	return estimate{m, stat.StdErr(std, float64(len(cosines)))}
}

// cosine returns the cosine of the angle between two images minus the mean image.
func cosine(a, b []float32, mean []float64) float64 {
	var ab, aa, bb float64
	for i, m := range mean {
		x, y := float64(a[i])-m, float64(b[i])-m
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

// nearest returns, for each image, the training image of the greatest cosine similarity.
func nearest(images, training []float32, mean []float64) []float32 {
	found := make([]float32, 0, len(images))
	for i := 0; i < len(images); i += pixels {
		var best []float32
		most := math.Inf(-1)
		for j := 0; j < len(training); j += pixels {
			if c := cosine(images[i:i+pixels], training[j:j+pixels], mean); c > most {
				best, most = training[j:j+pixels], c
			}
		}
		found = append(found, best...)
	}
	return found
}
