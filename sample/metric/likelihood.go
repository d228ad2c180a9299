package metric

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"tweedie/nets"
)

// A Likelihood measures how well the model of images that a denoiser stands for predicts given images, in bits per
// value (bits/dim). It needs the denoiser's error alone, at all noise levels, by the I-MMSE relation: with
//
//	e(x, sigma) = E_n |x - D(x + sigma n, sigma)|^2 / sigma^2
//
// and the MMSE denoiser D of images with a probability P or a density p,
//
//	-log P(x) = integral e(x, sigma) d log sigma                                        (discrete images)
//	-log p(x) = d/2 log(2 pi e v) + integral [e(x, sigma) - d v/(v + sigma^2)] d log sigma     (a density)
//
// over all sigma > 0, in nats, for images of d values and any v > 0 (Kong, Brekelmans and Ver Steeg,
// "Information-theoretic diffusion", ICLR 2023, arXiv 2302.03792, where the variable is snr = 1/sigma^2 and v = 1; the
// second term of the integrand is the error of the MMSE denoiser of N(0, v I)). Any other D has a greater mean error on
// the distribution of the images, so that the mean over images is an upper bound of their entropy: less is better.
//
// The integral is a sum over levels at equal distances in log sigma.
type Likelihood struct {
	// Step is the distance of the values -1 + k Step that images can have, to which they are rounded: 2/255 for gray
	// levels of 8 bits. The error is that of the denoiser, or of the denoiser followed by softRound, whichever is less
	// at a level. Step = 0 asks for the density, in units of the images. Discrete images have log2(1/Step) bits more,
	// if the density varies little over Step.
	Step float64

	// Low and High are the least and the greatest sigma. What lies beyond is extrapolated, in proportion to sigma^2
	// below and to 1/sigma^2 above.
	Low, High float64

	Levels int    // number of levels: odd, and 5 or more
	Draws  int    // unit noises n of each image at each level: 1, or an even number, of which every second is -n
	Seed   uint64 // of the noise, random.LikelihoodNoise
}

// EightBit is the likelihood of images with 256 gray levels from -1 to 1. At the least noise, a tenth of a step, every
// gray level can be told (all but one in a million), and little is known of an image at the greatest.
func EightBit(seed uint64) Likelihood {
	const step = 2. / 255
	return Likelihood{Step: step, Low: step / 10, High: 80, Levels: 49, Draws: 1, Seed: seed}
}

// Bits is a mean over images, in bits per value.
type Bits struct {
	Mean float64

	// Fine is the part of Mean that noise below Step makes, which no eye sees; 0 without a step.
	Fine float64

	// Error is that of Mean as an integral for these very images, generously: the difference from the integral with
	// every second level, plus three standard errors due to the noise n, plus the extrapolated ends. The noise's part
	// falls with the root of the number of images times Draws. The first falls faster than any power of Levels, until
	// that noise hides it. Error is as large as Mean if the denoiser is certain of wrong values at the least noise,
	// because the integral then depends on where it ends.
	Error float64

	// StandardError is that of Mean as an estimate for the distribution that the images were drawn from.
	StandardError float64
}

// Measure returns the mean over images of the bits per value. Fewer than two images, values that are not a whole number
// of images, settings that are impossible, and failures of the denoiser are errors.
func (l Likelihood) Measure(d nets.Denoiser, images []float32, pixels int) (Bits, error) {
	if err := l.check(); err != nil {
		return Bits{}, err
	}
	if pixels < 1 || len(images)%pixels != 0 {
		return Bits{}, fmt.Errorf("metric: %d values are not a whole number of images of %d pixels",
			len(images), pixels)
	}
	if len(images) < 2*pixels {
		return Bits{}, errors.New("metric: a likelihood is measured on 2 images or more")
	}
	e, err := l.relativeErrors(d, images, pixels)
	if err != nil {
		return Bits{}, err
	}
	constant := 0.0 // nats per value
	if l.Step == 0 {
		v := variance(images)
		constant = math.Log(2*math.Pi*math.E*v) / 2
		for k := range e {
			sigma := l.sigma(k)
			floats.AddConst(-v/(v+sigma*sigma), e[k])
		}
	}
	return l.integrate(e, constant), nil
}

func (l Likelihood) check() error {
	switch {
	case !(l.Step >= 0) || math.IsInf(l.Step, 1):
		return fmt.Errorf("metric: likelihood with Step %g: it must be 0, or positive and finite", l.Step)
	case !(l.Low > 0) || !(l.High > l.Low) || math.IsInf(l.High, 1):
		return fmt.Errorf("metric: likelihood with noise from %g to %g: Low must be positive, and High above it",
			l.Low, l.High)
	case l.Levels < 5 || l.Levels%2 == 0:
		return fmt.Errorf("metric: likelihood with %d levels: they must be an odd number, 5 or more", l.Levels)
	case l.Draws < 1 || l.Draws > 1 && l.Draws%2 == 1:
		return fmt.Errorf("metric: likelihood with %d draws of noise: it must be 1 or an even number", l.Draws)
	}
	return nil
}

// sigma returns level k, ascending.
func (l Likelihood) sigma(k int) float64 { return l.Low * math.Exp(float64(k)*l.spacing()) }

// spacing is the distance of levels in log sigma.
func (l Likelihood) spacing() float64 { return math.Log(l.High/l.Low) / float64(l.Levels-1) }

// integrate returns the bits of an integrand f per value, by level and image, and of a constant, both in nats.
//
// The integrand decays at both ends. For such integrals the error of the trapezoidal rule falls exponentially with the
// number of levels (Trefethen & Weideman, SIAM Review 56(3), 2014).
//
// The rule with every second level gives both errors. Its mean difference over the images is an error of quadrature. As
// every level has noise of its own, it has twice the variance that the rule with all levels has, and their covariance
// is that variance. So their difference has it, too, and its scatter over the images is that of the noise.
func (l Likelihood) integrate(f [][]float64, constant float64) Bits {
	n, last := len(f[0]), len(f)-1
	whole, difference := make([]float64, n), make([]float64, n)
	h, fine := l.spacing(), 0.0
	for k := range f {
		weight, half := h, 0.0
		if k%2 == 0 {
			half = 2 * h
		}
		if k == 0 || k == last {
			weight, half = h/2, h
		}
		floats.AddScaled(whole, weight, f[k])
		if l.sigma(k) < l.Step {
			fine += weight * stat.Mean(f[k], nil)
		}
		floats.AddScaled(difference, weight-half, f[k])
	}
	// The integral of c sigma^2 below Low is half of the integrand there, and so is that of c/sigma^2 above High.
	low, high := stat.Mean(f[0], nil)/2, stat.Mean(f[last], nil)/2
	mean, std := stat.MeanStdDev(whole, nil)
	rule, noise := stat.MeanStdDev(difference, nil)
	root := math.Sqrt(float64(n))
	if l.Step > 0 {
		fine += low
	}
	return Bits{
		Mean:          (constant + mean + low + high) / math.Ln2,
		Fine:          fine / math.Ln2,
		Error:         (math.Abs(rule) + 3*noise/root + math.Abs(low) + math.Abs(high)) / math.Ln2,
		StandardError: std / root / math.Ln2,
	}
}

// variance returns that of all values, or 1 if they are equal.
func variance(values []float32) float64 {
	sum, squares, n := 0.0, 0.0, float64(len(values))
	for _, v := range values {
		sum += float64(v)
	}
	for _, v := range values {
		squares += (float64(v) - sum/n) * (float64(v) - sum/n)
	}
	if squares == 0 {
		return 1
	}
	return squares / n
}
