package calibration

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/nets/exact"
	"tweedie/sample/inverse"
)

// Images is the prior of a finite set of equally likely images. The posterior is on the same images, with weights in
// proportion to exp(-|y - A x_i|^2/(2 eta^2)). It implements Modal: its modes are the images, and a sample belongs to
// the nearest one. It has no density.
type Images struct {
	*exact.Data
	images []float32
	pixels int
}

// NewImages returns the prior of images with the given number of pixels, and keeps them. It reports what exact.NewData
// does, and two equal images.
func NewImages(images []float32, pixels int) (*Images, error) {
	data, err := exact.NewData(images, pixels)
	if err != nil {
		return nil, err
	}
	seen := map[string]int{}
	for i := range len(images) / pixels {
		key := fmt.Sprint(images[i*pixels:][:pixels])
		if j, ok := seen[key]; ok {
			return nil, fmt.Errorf("calibration: images %d and %d are equal: the modes of a prior must differ", j, i)
		}
		seen[key] = i
	}
	return &Images{data, images, pixels}, nil
}

// Posterior implements Prior, for every operator.
func (s *Images) Posterior(a inverse.Operator, y []float32, eta float64) (Posterior, error) {
	if err := checkMeasurement(a, y, eta, s.pixels); err != nil {
		return nil, err
	}
	p := &weightedImages{images: s.images, pixels: s.pixels}
	for x := range slices.Chunk(s.images, s.pixels) {
		p.weights = append(p.weights, -inverse.ChiSquare(a, x, y, eta)/2)
	}
	normalize(p.weights)
	return p, nil
}

// Shares implements Modal: the nearest image has all of the probability.
func (s *Images) Shares(p []float64, x []float32) {
	clear(p)
	nearest, least := 0, 0.0
	for i := range len(s.images) / s.pixels {
		square := squaredDistance(s.images[i*s.pixels:][:s.pixels], x)
		if i == 0 || square < least {
			nearest, least = i, square
		}
	}
	p[nearest] = 1
}

// weightedImages is a distribution on a finite set of images.
type weightedImages struct {
	images  []float32
	pixels  int
	weights []float64
}

func (p *weightedImages) Weights() []float64 { return p.weights }

func (p *weightedImages) Draw(dst []float32, rng *rand.Rand) {
	copy(dst, p.images[choose(p.weights, rng)*p.pixels:][:p.pixels])
}

func (p *weightedImages) Mean() []float64 {
	mean := make([]float64, p.pixels)
	for i, w := range p.weights {
		floats.AddScaled(mean, w, vector(p.images[i*p.pixels:][:p.pixels]).RawVector().Data)
	}
	return mean
}

func (p *weightedImages) Covariance() *mat.SymDense {
	mean, covariance := mat.NewVecDense(p.pixels, p.Mean()), mat.NewSymDense(p.pixels, nil)
	var r mat.VecDense
	for i, w := range p.weights {
		if w < 1e-18 { // fewer than 1e10 of these are below rounding
			continue
		}
		r.SubVec(vector(p.images[i*p.pixels:][:p.pixels]), mean)
		covariance.SymRankOne(covariance, w, &r)
	}
	return covariance
}
