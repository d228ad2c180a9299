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

// A posteriorMetric judges the samples of several measurements together. It returns a function that gives the value of
// a subset of the measurements, and the number of images that are scored in all. The value is NaN where it is not
// defined.
type posteriorMetric struct {
	Metric
	measure func(*posteriors) (value func(subset) float64, images int, err error)
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

		// The mean squared error of the samples' mean, as a share of what their variance predicts. For n samples of the
		// true posterior the truth is one more of them, so that it differs from their mean by (1 + 1/n) times their
		// variance, and the score is 1. Above 1, the samples are more alike than they are right.
		{Metric{Key: "error-seen", Name: "error over spread where A sees (1 is right)"}, errorOverSpread(inRow)},
		{Metric{Key: "error-unseen", Name: "error over spread where A is blind (1 is right)"},
			errorOverSpread(inNull)},
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
				func(ps *posteriors) (func(subset) float64, int, error) {
					each, n := ps.average(m, estimate.images)
					return meanOf(each), n, nil
				},
			})
		}
	}
	return all
}

// MeasurePosteriors returns the scores of all posterior metrics that are defined for the samples, in the order of All.
// All measurements are by operators of one kind and shape, with equally many samples of each. prior holds images of the
// prior, NCHW, or is nil. Confidence intervals are those of other images, measurements and samples, by subsets of the
// measurements that depend on the seed.
func MeasurePosteriors(each []Posterior, prior []float32, seed uint64) ([]result.Score, error) {
	ps := &posteriors{each: each, prior: prior}
	ps.variance = sync.OnceValues(ps.sampleVariance)
	ps.priorVariance = sync.OnceValues(func() (inSpaces, error) { return varianceOf(each[0].Operator, prior) })
	of := subsets(len(each), 2, seed)
	var scores []result.Score
	for _, m := range posteriorMetrics {
		value, n, err := m.measure(ps)
		if err != nil {
			return nil, err
		}
		var values []float64
		for _, s := range of {
			values = append(values, value(s))
		}
		if finite(values[0]) {
			scores = append(scores, m.score(values, of, n, 0))
		}
	}
	return scores, nil
}

// posteriors are the samples that a posteriorMetric judges. What several of them need is computed once, on first use.
type posteriors struct {
	each          []Posterior
	prior         []float32
	variance      func() ([]inSpaces, error)
	priorVariance func() (inSpaces, error)
}

// samples is the number of samples of all measurements.
func (ps *posteriors) samples() (n int) {
	for _, p := range ps.each {
		n += len(p.Samples) / len(p.Truth)
	}
	return n
}

// meanOf returns the mean of the values of those measurements that are chosen.
func meanOf(each []float64) func(subset) float64 {
	return func(s subset) float64 { return s.mean(each) }
}

func (ps *posteriors) chiSquare() (func(subset) float64, int, error) {
	var each []float64
	for _, p := range ps.each {
		mean, n := 0.0, len(p.Samples)/len(p.Truth)
		for x := range slices.Chunk(p.Samples, len(p.Truth)) {
			mean += inverse.ChiSquare(p.Operator, x, p.Y, p.Eta) / float64(len(p.Y)*n)
		}
		each = append(each, mean)
	}
	return meanOf(each), ps.samples(), nil
}

// average returns, for each measurement, the mean of an image metric over the images that a function chooses of its
// posterior, and the number of all images. Without any, the means are NaN.
func (ps *posteriors) average(m imageMetric, images func(Posterior) []float32) (each []float64, n int) {
	for _, p := range ps.each {
		sum, count := 0.0, 0
		for x := range slices.Chunk(images(p), len(p.Truth)) {
			sum += m.value(x, p.Truth, p.Operator.Image())
			count++
		}
		each = append(each, sum/float64(count))
		n += count
	}
	return each, n
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

// sampleVariance is the variance of the samples of each measurement.
func (ps *posteriors) sampleVariance() (each []inSpaces, err error) {
	for _, p := range ps.each {
		v, err := varianceOf(p.Operator, p.Samples)
		if err != nil {
			return nil, err
		}
		each = append(each, v)
	}
	return each, nil
}

// varianceIn returns the samples' variance in one of the spaces, averaged over the measurements that are chosen.
func (ps *posteriors) varianceIn(space func(inSpaces) float64) (func(subset) float64, error) {
	variance, err := ps.variance()
	if err != nil {
		return nil, err
	}
	return meanIn(variance, space), nil
}

// meanIn returns the mean of the numbers for one of the spaces that belong to the measurements chosen.
func meanIn(each []inSpaces, space func(inSpaces) float64) func(subset) float64 {
	var values []float64
	for _, v := range each {
		values = append(values, space(v))
	}
	return meanOf(values)
}

// deviation measures the standard deviation of the samples in one of the spaces.
func deviation(space func(inSpaces) float64) func(*posteriors) (func(subset) float64, int, error) {
	return func(ps *posteriors) (func(subset) float64, int, error) {
		variance, err := ps.varianceIn(space)
		if err != nil {
			return nil, 0, err
		}
		return func(s subset) float64 { return math.Sqrt(variance(s)) }, ps.samples(), nil
	}
}

// varianceLeft measures the variance of the samples in one of the spaces, as a share of the prior's.
func varianceLeft(space func(inSpaces) float64) func(*posteriors) (func(subset) float64, int, error) {
	return func(ps *posteriors) (func(subset) float64, int, error) {
		variance, err := ps.varianceIn(space)
		if err != nil {
			return nil, 0, err
		}
		prior, err := ps.priorVariance()
		return func(s subset) float64 { return variance(s) / space(prior) }, ps.samples(), err
	}
}

// mostError stands for the error over the spread of samples that are all equal.
const mostError = 1e6

// errorOverSpread measures the squared error of the samples' mean in one of the spaces, divided by (1 + 1/n) times the
// variance of the n samples.
func errorOverSpread(space func(inSpaces) float64) func(*posteriors) (func(subset) float64, int, error) {
	return func(ps *posteriors) (func(subset) float64, int, error) {
		variance, err := ps.varianceIn(space)
		if err != nil {
			return nil, 0, err
		}
		var squared []inSpaces // half the squared error: the variance of two images, the truth and the mean
		for _, p := range ps.each {
			mean, _, _ := p.Moments()
			v, err := varianceOf(p.Operator, slices.Concat(p.Truth, mean))
			if err != nil {
				return nil, 0, err
			}
			squared = append(squared, v)
		}
		half := meanIn(squared, space)
		n := float64(len(ps.each[0].Samples) / len(ps.each[0].Truth))
		return func(s subset) float64 {
			return min(2*half(s)/((1+1/n)*variance(s)), mostError)
		}, ps.samples(), nil
	}
}
