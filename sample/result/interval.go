package result

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// An Estimate is a number that was found from a sample, with its standard error.
type Estimate struct{ Value, Error float64 }

// Estimate returns a score with the standard error of its replicates. Without any, the error is NaN.
func (s Score) Estimate() Estimate {
	return Estimate{s.Value, max(s.Resolution, deviation(s.Replicates, nil))}
}

// Paired returns a minus b, two scores of equally many samples with the same noise, or of the same images. Replicate b
// of both is made of the same of them, so what they have in common cancels.
func Paired(a, b Score) Estimate {
	if len(a.Replicates) != len(b.Replicates) {
		return Independent(a, b)
	}
	return Estimate{a.Value - b.Value, max(a.Resolution, b.Resolution, deviation(a.Replicates, b.Replicates))}
}

// Independent returns a minus b, two scores of independent samples.
func Independent(a, b Score) Estimate {
	return Estimate{a.Value - b.Value, math.Hypot(a.Estimate().Error, b.Estimate().Error)}
}

// Interval returns the confidence interval that leaves out a probability of tail on either side, by the normal
// distribution: 0.025 makes an interval of 95%.
func (e Estimate) Interval(tail float64) (low, high float64) {
	z := math.Sqrt2 * math.Erfinv(1-2*tail)
	return e.Value - z*e.Error, e.Value + z*e.Error
}

// deviation is the standard deviation of values, minus others unless these are nil. It is NaN for less than two.
func deviation(values, others []float64) float64 {
	if len(values) < 2 {
		return math.NaN()
	}
	values = slices.Clone(values)
	for i, v := range others {
		values[i] -= v
	}
	return stat.StdDev(values, nil)
}
