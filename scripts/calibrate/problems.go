package main

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/nets/exact"
	"tweedie/sample/calibration"
	"tweedie/sample/inverse"
)

// A named prior is a distribution of images of a shape.
type named struct {
	name  string
	title string
	shape inverse.Shape
	slow  bool // whether its denoiser takes much longer than that of a Gaussian
	build func(shape inverse.Shape, seed uint64) (calibration.Prior, error)
}

var (
	small    = inverse.Shape{Channels: 1, Height: 4, Width: 4}
	large    = inverse.Shape{Channels: 1, Height: 8, Width: 8}
	sequence = inverse.Shape{Channels: 1, Height: 1, Width: 64}
)

// priors are all that are calibrated with. Values have a standard deviation of about 0.5.
var priors = []named{
	{"gaussian-16", "Gaussian, 4×4", small, false, buildGaussian},
	{"gaussian-64", "Gaussian, 8×8", large, false, buildGaussian},
	{"mixture-16", "ten Gaussians, 4×4", small, false, buildMixture},
	{"mixture-64", "ten Gaussians, 8×8", large, false, buildMixture},
	{"images", "256 letters, 8×8", large, true, buildImages},
	{"jumps", "signals with jumps, 64", sequence, true, buildJumps},
}

// buildGaussian has the spectrum of photographs.
func buildGaussian(shape inverse.Shape, _ uint64) (calibration.Prior, error) {
	mean, covariance, err := exact.PowerLaw(shape.Height, shape.Width, 2, 0.5)
	if err != nil {
		return nil, err
	}
	return calibration.NewGaussian(mean, covariance)
}

// buildMixture has ten modes with weights in proportion to 1, ..., 10. The means are smooth images of standard
// deviation 0.4, and the modes have covariances of a power law with standard deviations from 0.15 to 0.3: the modes
// overlap a little, and a measurement leaves several possible.
func buildMixture(shape inverse.Shape, seed uint64) (calibration.Prior, error) {
	const J = 10
	_, smooth, err := exact.PowerLaw(shape.Height, shape.Width, 3, 0.4)
	if err != nil {
		return nil, err
	}
	means, err := exact.NewGaussian(make([]float64, shape.Len()), smooth)
	if err != nil {
		return nil, err
	}
	_, one, err := exact.PowerLaw(shape.Height, shape.Width, 2, 1)
	if err != nil {
		return nil, err
	}
	rng := random.Stream(seed, random.CalibrationPriors, 0)
	var all []calibration.Component
	x := make([]float32, shape.Len())
	for j := range J {
		means.Draw(x, rng)
		mean := make([]float64, len(x))
		for i, v := range x {
			mean[i] = float64(v)
		}
		std := 0.15 + 0.15*float64(j*3%J)/(J-1)
		var covariance mat.SymDense
		covariance.ScaleSym(std*std, one)
		all = append(all, calibration.Component{Weight: float64(j + 1), Mean: mean, Covariance: &covariance})
	}
	return calibration.NewMixture(all)
}

// buildImages has built-in letters and digits.
func buildImages(shape inverse.Shape, _ uint64) (calibration.Prior, error) {
	const N = 256
	set, err := data.Open(data.Options{Path: "glyphs", Size: shape.Height, Channels: shape.Channels})
	if err != nil {
		return nil, err
	}
	images, err := set.EvenlySpaced(context.Background(), N, set.Len())
	if err != nil {
		return nil, err
	}
	return calibration.NewImages(images, shape.Len())
}

// buildJumps jumps about five times in a signal.
func buildJumps(shape inverse.Shape, _ uint64) (calibration.Prior, error) {
	return calibration.NewJumps(shape.Width, 25, 0.08, 0.25, 0.06)
}

// operators are the kinds of measurements, by name.
var operators = []string{"denoising", "inpainting", "blur", "super-resolution", "compressed sensing"}

// operator returns the measurement of a kind. Inpainting keeps a quarter of the pixels of images, and half of signals;
// compressed sensing has a quarter as many values as pixels.
func operator(kind string, shape inverse.Shape, seed uint64) (inverse.Operator, error) {
	rng := random.Stream(seed, random.Operator, 0)
	switch kind {
	case "denoising":
		return inverse.Denoising(shape)
	case "inpainting":
		keep := 0.25
		if shape == sequence {
			keep = 0.5
		}
		mask, err := inverse.RandomMask(shape.Height, shape.Width, keep, rng)
		if err != nil {
			return nil, err
		}
		return inverse.Inpainting(shape, mask)
	case "blur":
		return inverse.GaussianBlur(shape, float64(shape.Height)/8, inverse.Symmetric)
	case "super-resolution":
		return inverse.SuperResolution(shape, 2, inverse.Bicubic)
	case "compressed sensing":
		return inverse.CompressedSensing(shape, shape.Len()/4, rng)
	}
	return nil, fmt.Errorf("unknown operator %q", kind)
}

// etas are the standard deviations of a measurement's noise, as shares of that of the prior's values.
var etas = []float64{0.05, 0.2, 1}

// prior returns the prior of a name.
func (p problem) prior() named {
	for _, n := range priors {
		if n.name == p.Prior {
			return n
		}
	}
	return named{name: p.Prior, title: p.Prior}
}

// A problem names a prior, an operator and eta.
type problem struct {
	Prior    string  `json:"prior"`
	Operator string  `json:"operator"`
	Eta      float64 `json:"eta"` // share of the prior's standard deviation
}

// build returns the prior, the operator and eta of a problem.
func (p problem) build(seed uint64) (prior calibration.Prior, a inverse.Operator, eta float64, err error) {
	n := p.prior()
	if n.build == nil {
		return nil, nil, 0, fmt.Errorf("unknown prior %q", p.Prior)
	}
	if prior, err = n.build(n.shape, seed); err != nil {
		return nil, nil, 0, err
	}
	a, err = operator(p.Operator, n.shape, seed)
	return prior, a, p.Eta * deviation(prior, n.shape.Len(), seed), err
}

// deviation returns the standard deviation of the prior's values around the mean of each pixel, from drawn images.
func deviation(prior calibration.Prior, d int, seed uint64) float64 {
	const n = 4000
	rng := random.Stream(seed, random.CalibrationPriors, 1)
	x, sum, squares := make([]float32, d), make([]float64, d), 0.0
	for range n {
		prior.Draw(x, rng)
		for j, v := range x {
			sum[j] += float64(v)
			squares += float64(v) * float64(v)
		}
	}
	for _, s := range sum {
		squares -= s * s / n
	}
	return math.Sqrt(squares / float64(n*d))
}
