package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"

	"tweedie/data/random"
	"tweedie/nets"
)

// relativeErrors returns e(x, sigma)/pixels of Likelihood, by level and image. At each level it is that of the
// denoiser, or of the denoiser followed by softRound, whichever is less in the mean.
//
// It is an average over the noise n, and what varies most with n is what the denoiser leaves of it. The same error of
// the noisy image itself varies in the same way, and its mean over n is known. So its difference c from that mean is a
// control variate: e - beta c has the mean of e for every beta that does not depend on n, and the least variance for
// the slope of e against c. That of an image is found from all others.
func (l Likelihood) relativeErrors(d nets.Denoiser, images []float32, pixels int) ([][]float64, error) {
	n := len(images) / pixels
	e, rounded, control := l.byLevel(n), l.byLevel(n), l.byLevel(n)
	done := 0
	for clean := range slices.Chunk(images, min(batch*pixels, len(images))) {
		b := l.newNoisyBatch(clean, pixels, done)
		end := done + len(clean)/pixels
		for k := range e {
			err := b.add(e[k][done:end], rounded[k][done:end], control[k][done:end], d, l.sigma(k), l.Draws)
			if err != nil {
				return nil, fmt.Errorf("metric: likelihood: error at sigma %g: %w", l.sigma(k), err)
			}
		}
		done = end
	}
	for k := range e {
		floats.AddConst(-meanRoundedNoise(l.Step, l.sigma(k)), control[k])
		reduceVariance(e[k], control[k])
		reduceVariance(rounded[k], control[k])
		if floats.Sum(rounded[k]) < floats.Sum(e[k]) {
			e[k] = rounded[k]
		}
	}
	return e, nil
}

// byLevel returns zeros, one for each level and image.
func (l Likelihood) byLevel(images int) [][]float64 {
	zeros := make([][]float64, l.Levels)
	for k := range zeros {
		zeros[k] = make([]float64, images)
	}
	return zeros
}

// reduceVariance subtracts beta c from e, both by image. The c have the mean zero. The beta of an image is the slope of
// a straight line through all others.
func reduceVariance(e, c []float64) {
	sumE, sumC, sumEC, sumCC := floats.Sum(e), floats.Sum(c), floats.Dot(e, c), floats.Dot(c, c)
	others := float64(len(e) - 1)
	for i := range e {
		mean := (sumE - e[i]) / others
		if squares := sumCC - c[i]*c[i]; squares > 0 {
			e[i] -= (sumEC - e[i]*c[i] - mean*(sumC-c[i])) / squares * c[i]
		}
	}
}

// A noisyBatch is some images and the streams of their noise.
type noisyBatch struct {
	clean                  []float64 // rounded, if there is a step
	noise, noisy, denoised []float32
	pixels                 int
	step                   float64
	streams                []*rand.Rand
}

// newNoisyBatch returns the batch of images whose first has the given index.
func (l Likelihood) newNoisyBatch(images []float32, pixels, first int) *noisyBatch {
	size := len(images)
	b := &noisyBatch{pixels: pixels, step: l.Step, clean: make([]float64, size),
		noise: make([]float32, size), noisy: make([]float32, size), denoised: make([]float32, size)}
	for i, v := range images {
		b.clean[i] = float64(v)
		if l.Step > 0 {
			b.clean[i] = -1 + math.Round((float64(v)+1)/l.Step)*l.Step
		}
	}
	for i := range len(images) / pixels {
		b.streams = append(b.streams, random.Stream(l.Seed, random.LikelihoodNoise, uint64(first+i)))
	}
	return b
}

// add adds the mean over draws of |x - D|^2/(sigma^2 pixels) to e, that of softRound(D) instead of D to rounded, and
// that of softRound(x + sigma n) to control.
func (b *noisyBatch) add(e, rounded, control []float64, d nets.Denoiser, sigma float64, draws int) error {
	each := 1 / float64(b.pixels*draws)
	for draw := range draws {
		for i := range b.noise {
			if draw%2 == 1 {
				b.noise[i] = -b.noise[i]
			} else {
				b.noise[i] = float32(b.streams[i/b.pixels].NormFloat64())
			}
			b.noisy[i] = float32(b.clean[i] + sigma*float64(b.noise[i]))
		}
		if err := d.Denoise(b.denoised, b.noisy, sigma); err != nil {
			return err
		}
		for i, x := range b.clean {
			v := float64(b.denoised[i])
			r, s := (v-x)/sigma, (softRound(v, b.step, sigma)-x)/sigma
			e[i/b.pixels] += r * r * each
			rounded[i/b.pixels] += s * s * each
			control[i/b.pixels] += roundedNoise(float64(b.noise[i]), b.step, sigma) * each
		}
	}
	return nil
}

// roundedNoise returns the square of softRound(x + sigma n) - x, divided by sigma^2, for a value x that images can
// have.
func roundedNoise(n, step, sigma float64) float64 {
	if sigma >= step {
		return n * n
	}
	r := (softRound(sigma*n-1, step, sigma) + 1) / sigma
	return r * r
}

// meanRoundedNoise returns the mean of roundedNoise over n ~ N(0, 1), by the trapezoidal rule.
func meanRoundedNoise(step, sigma float64) float64 {
	if sigma >= step {
		return 1
	}
	const spacing, end = 0.005, 10
	sum := 0.0
	for n := -float64(end); n <= end; n += spacing {
		sum += spacing * math.Exp(-n*n/2) / math.Sqrt(2*math.Pi) * roundedNoise(n, step, sigma)
	}
	return sum
}

// softRound returns the mean of X given x ~ N(X, sigma^2), for an X whose values -1 + k step are all equally likely:
// x itself if sigma is step or more, and the nearest value if it is far below (the discrete estimator of Kong et al.).
func softRound(x, step, sigma float64) float64 {
	if sigma >= step {
		return x // but for 1e-7 of a step
	}
	const reach = 6 // neighbours on each side that have any weight below
	at := (x + 1) / step
	nearest := math.Round(at)
	sum, total := 0.0, 0.0
	for j := -reach; j <= reach; j++ {
		z := (at - nearest - float64(j)) * step / sigma
		w := math.Exp(-z * z / 2)
		sum, total = sum+float64(j)*w, total+w
	}
	return -1 + (nearest+sum/total)*step
}
