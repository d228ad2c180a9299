package inverse

import (
	"fmt"
	"math"
)

// ChiSquare is |y - A x|^2/eta^2. Of the true x its expectation is the number of values of y. So is that of a sample of the posterior,
// averaged over y: given y, the truth and the sample have the same distribution.
func ChiSquare(a Operator, x, y []float32, eta float64) float64 {
	checkLengths(a, x, y)
	ax := make([]float32, len(y))
	a.Apply(ax, x)
	sum := 0.0
	for i, v := range ax {
		e := (float64(y[i]) - float64(v)) / eta
		sum += e * e
	}
	return sum
}

// Spread returns the standard deviation of samples of one posterior, whole images, where a linear A sees them, the row space of A, and
// where it is blind, its null space: root mean squares over the dimensions of each, of which A sees as many as it measures, or all.
// A space without dimensions has 0. Fewer than two samples are an error, and so is a Nonlinear operator.
func Spread(a Operator, samples []float32) (seen, unseen float64, err error) {
	pixels, values := a.Image().Len(), a.Measurement().Len()
	n := len(samples) / pixels
	if n < 2 || len(samples)%pixels != 0 {
		return 0, 0, fmt.Errorf("inverse: the spread of %d values: there must be two images of %v or more", len(samples), a.Image())
	}
	if _, ok := a.(Nonlinear); ok {
		return 0, 0, fmt.Errorf("inverse: a measurement that is not linear has no row space")
	}
	mean := make([]float64, pixels)
	for i, v := range samples {
		mean[i%pixels] += float64(v) / float64(n)
	}
	deviation, back, measured := make([]float64, pixels), make([]float64, pixels), make([]float64, values)
	const damping = 1e-4 // relative to A A^T, whose norm is about 1: what A sees less of counts as not seen
	var inRow, inNull float64
	for i := range n {
		for k := range deviation {
			deviation[k] = float64(samples[i*pixels+k]) - mean[k]
		}
		if values >= pixels {
			inRow += inner(deviation, deviation)
			continue
		}
		apply(a, measured, deviation)
		z := conjugateGradients(func(dst, v []float64) {
			adjoint(a, back, v)
			apply(a, dst, back)
			for k := range dst {
				dst[k] += damping * v[k]
			}
		}, measured, tolerance)
		adjoint(a, back, z)
		inRow += inner(back, back)
		for k := range deviation {
			deviation[k] -= back[k]
		}
		inNull += inner(deviation, deviation)
	}
	rms := func(sum float64, dimensions int) float64 {
		if dimensions <= 0 {
			return 0
		}
		return math.Sqrt(sum / float64((n-1)*dimensions))
	}
	return rms(inRow, min(values, pixels)), rms(inNull, pixels-values), nil
}
