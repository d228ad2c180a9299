package calibration

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"tweedie/data/random"
)

// directionCount is the number of directions of the sliced distance.
const directionCount = 32

// directions returns random directions of length 1.
func (p *Problem) directions() [][]float64 {
	all := make([][]float64, directionCount)
	for i := range all {
		rng := random.Stream(p.Seed, random.MetricDirections, uint64(i))
		direction := make([]float64, p.Operator.Image().Len())
		for j := range direction {
			direction[j] = rng.NormFloat64()
		}
		floats.Scale(1/floats.Norm(direction, 2), direction)
		all[i] = direction
	}
	return all
}

// sliced returns the sliced 2-Wasserstein distance of two sets of as many images.
func sliced(a, b []float32, directions [][]float64) float64 {
	sum := 0.0
	for _, direction := range directions {
		u, v := project(a, direction), project(b, direction)
		floats.Sub(u, v)
		sum += floats.Dot(u, u) / float64(len(u))
	}
	return math.Sqrt(sum / float64(len(directions)))
}

// project returns the inner products of images with a direction, ascending.
func project(images []float32, direction []float64) []float64 {
	var values []float64
	for x := range slices.Chunk(images, len(direction)) {
		sum := 0.0
		for j, v := range x {
			sum += float64(v) * direction[j]
		}
		values = append(values, sum)
	}
	slices.Sort(values)
	return values
}

// modes returns the total variation between the shares of the modes in samples and their weights in posterior i, or NaN
// if the prior has none or only one.
func (p *Problem) modes(i int, samples []float32) float64 {
	prior, ok := p.Prior.(Modal)
	posterior, weighted := p.Posteriors[i].(Weighted)
	if !ok || !weighted || len(posterior.Weights()) < 2 {
		return math.NaN()
	}
	weights := posterior.Weights()
	d := p.Operator.Image().Len()
	n := len(samples) / d
	shares, one := make([]float64, len(weights)), make([]float64, len(weights))
	for x := range slices.Chunk(samples, d) {
		prior.Shares(one, x)
		floats.AddScaled(shares, 1/float64(n), one)
	}
	return floats.Distance(shares, weights, 1) / 2
}

func squaredDistance(a, b []float32) float64 {
	sum := 0.0
	for j, v := range a {
		e := float64(v) - float64(b[j])
		sum += e * e
	}
	return sum
}
