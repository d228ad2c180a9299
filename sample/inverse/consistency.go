package inverse

import (
	"fmt"
	"math"
)

// ChiSquare returns |y - A x|^2/eta^2. Its expectation at the true x is the number of values of y. At a sample of the
// posterior it has the same expectation, averaged over y, because given y the true x and the sample have the same
// distribution.
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

// StandardDeviations returns the standard deviation of samples of one posterior, whole images, in the row space of a
// linear A, which the measurement determines, and in its null space, which it does not. Each is a root mean square
// over the dimensions of the space; the row space is taken to have as many as A has measurements, or pixels if these
// are fewer. A space without dimensions has 0. It reports fewer than two samples, and a Nonlinear operator.
func StandardDeviations(a Operator, samples []float32) (seen, unseen float64, err error) {
	pixels, values := a.Image().Len(), a.Measurement().Len()
	n := len(samples) / pixels
	if n < 2 || len(samples)%pixels != 0 {
		return 0, 0, fmt.Errorf("inverse: standard deviations of %d values: there must be two images of %v or more",
			len(samples), a.Image())
	}
	if _, ok := a.(Nonlinear); ok {
		return 0, 0, fmt.Errorf("inverse: a measurement that is not linear has no row space")
	}
	mean := make([]float64, pixels)
	for i, v := range samples {
		mean[i%pixels] += float64(v) / float64(n)
	}
	row, deviation, projected := newRowSpace(a), make([]float64, pixels), make([]float64, pixels)
	var rowSquares, nullSquares float64
	for i := range n {
		for k := range deviation {
			deviation[k] = float64(samples[i*pixels+k]) - mean[k]
		}
		row.project(projected, deviation)
		rowSquares += inner(projected, projected)
		for k := range deviation {
			deviation[k] -= projected[k]
		}
		nullSquares += inner(deviation, deviation)
	}
	rms := func(sum float64, dimensions int) float64 {
		if dimensions <= 0 {
			return 0
		}
		return math.Sqrt(sum / float64((n-1)*dimensions))
	}
	return rms(rowSquares, min(values, pixels)), rms(nullSquares, pixels-values), nil
}
