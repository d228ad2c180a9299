package metric

import (
	"math"
	"slices"
	"sync"

	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// A Posterior is a measurement y = A x + e, e ~ N(0, eta^2 I), of a known image, with samples of what x may have been.
// Images are NCHW in [-1, 1].
type Posterior struct {
	Operator inverse.Operator // A
	Eta      float64
	Y        []float32
	Truth    []float32 // x
	Samples  []float32 // one image or more
	Linear   []float32 // the best linear estimate of x; nil: not known
}

// Moments returns the mean of the samples, and the standard deviation of each pixel, over all channels, as an image: 0
// is black, and greatest, the largest of them, is white.
func (p Posterior) Moments() (mean, deviation []float32, greatest float64) {
	shape := p.Operator.Image()
	pixels, area := shape.Len(), shape.Height*shape.Width
	n := float64(len(p.Samples) / pixels)
	sum, variance := make([]float64, pixels), make([]float64, area)
	for i, v := range p.Samples {
		sum[i%pixels] += float64(v)
	}
	mean, deviation = make([]float32, pixels), make([]float32, pixels)
	for i, v := range sum {
		mean[i] = float32(v / n)
	}
	for i, v := range p.Samples {
		d := float64(v) - sum[i%pixels]/n
		variance[i%area] += d * d / (max(1, n-1) * float64(shape.Channels))
	}
	for _, v := range variance {
		greatest = max(greatest, math.Sqrt(v))
	}
	for i := range deviation {
		deviation[i] = -1
		if greatest > 0 {
			deviation[i] = float32(2*math.Sqrt(variance[i%area])/greatest - 1)
		}
	}
	return mean, deviation, greatest
}

// A posteriorMetric judges the samples of several measurements together. The value is NaN where it is not defined.
type posteriorMetric struct {
	Metric
	measure func(*posteriors) (value float64, images int, err error)
}

var posteriorMetrics = slices.Concat(
	// The mean of |y - A x|^2/eta^2 for each value of y. It is 1 for samples of the true posterior.
	[]posteriorMetric{{Metric{Key: "chi-square", Name: "χ² of y − Ax a value (1 is right)"}, (*posteriors).chiSquare}},

	comparedWithTruth(),

	// The standard deviation of the samples in the row space of a linear A, which the measurement sees, and in its null
	// space, to which it is blind; and their squares as shares of what they are for the prior.
	[]posteriorMetric{
		{Metric{Key: "spread-seen", Name: "spread where A sees"}, deviation(inRow)},
		{Metric{Key: "spread-unseen", Name: "spread where A is blind"}, deviation(inNull)},
		{Metric{Key: "variance-seen", Name: "share of the prior's variance left where A sees"},
			varianceLeft(inRow)},
		{Metric{Key: "variance-unseen", Name: "share of the prior's variance left where A is blind"},
			varianceLeft(inNull)},
	},
)

// comparedWithTruth turns each image metric into metrics of the samples, of their mean, of the measurement shown as an
// image, and of the best linear estimate.
func comparedWithTruth() (all []posteriorMetric) {
	for _, estimate := range []struct {
		ending, name string
		images       func(Posterior) []float32
	}{
		{"", "samples", func(p Posterior) []float32 { return p.Samples }},
		{"-mean", "means of samples", func(p Posterior) []float32 { mean, _, _ := p.Moments(); return mean }},
		{"-measurement", "measurements", func(p Posterior) []float32 { return inverse.Show(p.Operator, p.Y) }},
		{"-linear", "best linear estimates", func(p Posterior) []float32 { return p.Linear }},
	} {
		for _, m := range imageMetrics {
			all = append(all, posteriorMetric{
				Metric{Key: m.key + estimate.ending, Name: m.name + " of " + estimate.name, Best: m.best},
				func(ps *posteriors) (float64, int, error) {
					mean, n := ps.average(m, estimate.images)
					return mean, n, nil
				},
			})
		}
	}
	return all
}

// MeasurePosteriors returns the scores of all posterior metrics that are defined for the samples, in the order of All.
// All measurements are by operators of one kind and shape, with equally many samples of each. prior holds images of the
// prior, NCHW, or is nil.
func MeasurePosteriors(each []Posterior, prior []float32) ([]result.Score, error) {
	ps := &posteriors{each: each, prior: prior}
	ps.variance = sync.OnceValues(ps.sampleVariance)
	ps.priorVariance = sync.OnceValues(func() (inSpaces, error) { return varianceOf(each[0].Operator, prior) })
	var scores []result.Score
	for _, m := range posteriorMetrics {
		value, n, err := m.measure(ps)
		if err != nil {
			return nil, err
		}
		if finite(value) {
			scores = append(scores, m.score(value, n))
		}
	}
	return scores, nil
}

// posteriors are the samples that a posteriorMetric judges. What several of them need is computed once, on first use.
type posteriors struct {
	each                    []Posterior
	prior                   []float32
	variance, priorVariance func() (inSpaces, error)
}

// samples is the number of samples of all measurements.
func (ps *posteriors) samples() (n int) {
	for _, p := range ps.each {
		n += len(p.Samples) / len(p.Truth)
	}
	return n
}

func (ps *posteriors) chiSquare() (float64, int, error) {
	n, mean := ps.samples(), 0.0
	for _, p := range ps.each {
		for x := range slices.Chunk(p.Samples, len(p.Truth)) {
			mean += inverse.ChiSquare(p.Operator, x, p.Y, p.Eta) / float64(len(p.Y)*n)
		}
	}
	return mean, n, nil
}

// average returns the mean of an image metric over the images that a function chooses of each posterior, and their
// number. Without any it is NaN.
func (ps *posteriors) average(m imageMetric, images func(Posterior) []float32) (mean float64, n int) {
	var values []float64
	for _, p := range ps.each {
		for x := range slices.Chunk(images(p), len(p.Truth)) {
			values = append(values, m.value(x, p.Truth, p.Operator.Image()))
		}
	}
	if len(values) == 0 {
		return math.NaN(), 0
	}
	for _, v := range values {
		mean += v / float64(len(values))
	}
	return mean, len(values)
}

// inSpaces holds a number for the row space of A, which a measurement sees, and one for its null space, which it does
// not see.
type inSpaces struct{ row, null float64 }

func inRow(v inSpaces) float64  { return v.row }
func inNull(v inSpaces) float64 { return v.null }

// varianceOf returns the variance of images in the two spaces. It is NaN without two images and a linear A.
func varianceOf(a inverse.Operator, images []float32) (inSpaces, error) {
	if _, nonlinear := a.(inverse.Nonlinear); nonlinear || len(images) < 2*a.Image().Len() {
		return inSpaces{math.NaN(), math.NaN()}, nil
	}
	row, null, err := inverse.StandardDeviations(a, images)
	return inSpaces{row * row, null * null}, err
}

// sampleVariance is the mean variance of the samples of one measurement.
func (ps *posteriors) sampleVariance() (mean inSpaces, err error) {
	for _, p := range ps.each {
		v, err := varianceOf(p.Operator, p.Samples)
		if err != nil {
			return mean, err
		}
		mean.row += v.row / float64(len(ps.each))
		mean.null += v.null / float64(len(ps.each))
	}
	return mean, nil
}

// deviation measures the standard deviation of the samples in one of the spaces.
func deviation(space func(inSpaces) float64) func(*posteriors) (float64, int, error) {
	return func(ps *posteriors) (float64, int, error) {
		v, err := ps.variance()
		return math.Sqrt(space(v)), ps.samples(), err
	}
}

// varianceLeft measures the variance of the samples in one of the spaces, as a share of the prior's.
func varianceLeft(space func(inSpaces) float64) func(*posteriors) (float64, int, error) {
	return func(ps *posteriors) (float64, int, error) {
		v, err := ps.variance()
		if err != nil {
			return 0, 0, err
		}
		prior, err := ps.priorVariance()
		return space(v) / space(prior), ps.samples(), err
	}
}
