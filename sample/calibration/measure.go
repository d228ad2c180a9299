package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
	"tweedie/nets/kernel"
	"tweedie/sample/inverse"
)

// Levels are the probabilities of the regions whose coverage is measured.
var Levels = []float64{0.5, 0.9, 0.99}

// Measures compare the samples of a method with the posteriors. Errors are those of the choice of pairs (x, y) and of
// the samples together. A measure that is not defined is NaN.
type Measures struct {
	// MeanGap is E|m - E[X|y]|^2/E tr Cov(X|y) for the mean m of infinitely many samples: the share by which the gap
	// raises the mean squared error of the MMSE estimate. The variance of the mean of the samples is subtracted, so it
	// is 0 for exact samples, and may be estimated as negative.
	MeanGap Estimate `json:"mean_gap"`

	// Variance is the total variance of the samples over that of the posterior. VarianceSeen and VarianceUnseen are the
	// same in the directions that A sees, and in the others. 1 is right.
	Variance       Estimate `json:"variance"`
	VarianceSeen   Estimate `json:"variance_seen"`
	VarianceUnseen Estimate `json:"variance_unseen"`

	// Coverage is the share of truths x in the regions of highest posterior density that hold a share Levels of the
	// samples. Density is their test. For a prior without a density the regions are balls around E[X|y].
	Coverage []Estimate `json:"coverage"`
	Density  Ranks      `json:"density"`

	// TARP is the test of Lemos et al. 2023 (arXiv 2302.03026): the regions are balls around a random reference point
	// that the samples know nothing of, here a sample of the exact posterior.
	TARP Ranks `json:"tarp"`

	// Sliced is the sliced 2-Wasserstein distance between the samples and exact ones, and SlicedFloor that between two
	// sets of exact ones, both divided by the standard deviation of the posterior in a direction. Their difference has
	// the error of paired values.
	Sliced       Estimate `json:"sliced"`
	SlicedFloor  Estimate `json:"sliced_floor"`
	SlicedExcess Estimate `json:"sliced_excess"`

	// Modes is the total variation between the weights of the modes in the samples and those of the posterior; floor
	// and excess are as above. Defined for a Modal prior.
	Modes       Estimate `json:"modes"`
	ModesFloor  Estimate `json:"modes_floor"`
	ModesExcess Estimate `json:"modes_excess"`
}

// Ranks are the shares of samples that are in a region on whose border the truth is, one for each pair. For exact
// samples they are uniform on [0, 1].
type Ranks struct {
	Shares    []float64 `json:"shares"`    // ascending
	Statistic float64   `json:"statistic"` // Kolmogorov-Smirnov's distance from uniform
	P         float64   `json:"p"`         // probability of as great a distance by chance
}

// Expected returns the expected coverage of regions with a share alpha of the samples: the share of truths in them.
// More than alpha means that the samples spread too far, less that they are too narrow or misplaced.
func (r Ranks) Expected(alpha float64) float64 {
	return float64(r.inside(alpha)) / float64(len(r.Shares))
}

// inside returns the number of truths in regions with a share alpha of the samples.
func (r Ranks) inside(alpha float64) int {
	n, _ := slices.BinarySearch(r.Shares, alpha)
	return n
}

// single are the numbers of one pair (x, y).
type single struct {
	gap, trace             float64 // |mean of samples - E[X|y]|^2 without its variance; tr Cov(X|y)
	variance, seen, unseen float64 // total variance of the samples; where A sees, and where it does not
	traceSeen, traceUnseen float64 // the same of the posterior
	density, tarp          float64 // ranks of the truth
	sliced, slicedFloor    float64
	deviation              float64 // standard deviation of the posterior in a direction
	modes, modesFloor      float64
}

// Measure compares samples with the posteriors. It reports fewer than two samples for a measurement.
func (p *Problem) Measure(samples Samples) (Measures, error) {
	d := p.Operator.Image().Len()
	n := len(samples[0]) / d
	for i, s := range samples {
		if n < 2 || len(s) != n*d || len(samples) != len(p.Y) {
			return Measures{}, fmt.Errorf("calibration: %d values of samples of measurement %d: there must be "+
				"two images of %d values or more, and as many for each measurement", len(s), i, d)
		}
	}
	each := make([]single, len(samples))
	directions := p.directions()
	twice := p.floor(n)
	kernel.Parallel(len(samples), func(_ *kernel.Scratch, i int) {
		o := &each[i]
		p.moments(o, i, samples[i])
		p.coverage(o, i, samples[i])
		exact, reference := twice[i][:n*d], twice[i][n*d:]
		o.sliced = sliced(samples[i], reference, directions)
		o.slicedFloor = sliced(exact, reference, directions)
		o.deviation = math.Sqrt(o.trace / float64(d))
		o.modes, o.modesFloor = p.modes(i, samples[i]), p.modes(i, exact)
	})
	return collect(each), nil
}

// column returns a number of every pair.
func column(each []single, value func(single) float64) []float64 {
	values := make([]float64, len(each))
	for i, o := range each {
		values[i] = value(o)
	}
	return values
}

func collect(each []single) Measures {
	get := func(value func(single) float64) []float64 { return column(each, value) }
	trace := get(func(o single) float64 { return o.trace })
	deviation := get(func(o single) float64 { return o.deviation })
	m := Measures{
		MeanGap:  ratio(get(func(o single) float64 { return o.gap }), trace),
		Variance: ratio(get(func(o single) float64 { return o.variance }), trace),
		VarianceSeen: ratio(get(func(o single) float64 { return o.seen }),
			get(func(o single) float64 { return o.traceSeen })),
		VarianceUnseen: ratio(get(func(o single) float64 { return o.unseen }),
			get(func(o single) float64 { return o.traceUnseen })),
		Density:      ranks(get(func(o single) float64 { return o.density })),
		TARP:         ranks(get(func(o single) float64 { return o.tarp })),
		Sliced:       ratio(get(func(o single) float64 { return o.sliced }), deviation),
		SlicedFloor:  ratio(get(func(o single) float64 { return o.slicedFloor }), deviation),
		SlicedExcess: ratio(get(func(o single) float64 { return o.sliced - o.slicedFloor }), deviation),
		Modes:        mean(get(func(o single) float64 { return o.modes })),
		ModesFloor:   mean(get(func(o single) float64 { return o.modesFloor })),
		ModesExcess:  mean(get(func(o single) float64 { return o.modes - o.modesFloor })),
	}
	for _, level := range Levels {
		m.Coverage = append(m.Coverage, share(m.Density.inside(level), len(each)))
	}
	return m
}

func ranks(shares []float64) Ranks {
	statistic, p := uniformity(shares)
	return Ranks{slices.Sorted(slices.Values(shares)), statistic, p}
}

// moments compares mean and covariance.
func (p *Problem) moments(o *single, i int, samples []float32) {
	mean, covariance := p.means[i], p.covariances[i]
	d := len(mean)
	n := len(samples) / d
	x := mat.NewDense(n, d, nil)
	for k, v := range samples {
		x.RawMatrix().Data[k] = float64(v)
	}
	for j := range d {
		column := mat.Col(nil, j, x)
		average := floats.Sum(column) / float64(n)
		o.gap += (average - mean[j]) * (average - mean[j])
		for s := range n {
			x.Set(s, j, column[s]-average)
		}
	}
	squares := func(x mat.Matrix) float64 { norm := mat.Norm(x, 2); return norm * norm / float64(n-1) }
	var along, c mat.Dense
	along.Mul(x, p.sees)
	o.variance, o.seen = squares(x), squares(&along)
	o.unseen = o.variance - o.seen
	c.Mul(covariance, p.sees)
	o.trace, o.traceSeen = mat.Trace(covariance), mat.Trace(&c)
	o.traceUnseen = o.trace - o.traceSeen
	if rank := mat.Trace(p.sees); rank > float64(d)-0.5 {
		o.unseen, o.traceUnseen = math.NaN(), math.NaN() // nothing is unseen
	}
	o.gap -= o.variance / float64(n)
}

// coverage ranks the truth among the samples.
func (p *Problem) coverage(o *single, i int, samples []float32) {
	truth, posterior := p.truth(i), p.Posteriors[i]
	d := len(truth)
	rng := random.Stream(p.Seed, random.CoverageReferences, uint64(i))
	reference := make([]float32, d)
	posterior.Draw(reference, rng)
	o.density = rank(truth, samples, rng, p.surprise(i))
	o.tarp = rank(truth, samples, rng, func(x []float32) float64 { return squaredDistance(x, reference) })
}

// surprise returns the function whose level sets are the borders of the regions of measurement i: -log p(x | y) up to a
// constant, or without a density the distance from E[X|y].
func (p *Problem) surprise(i int) func(x []float32) float64 {
	if dense, ok := p.Prior.(Dense); ok {
		return func(x []float32) float64 {
			return inverse.ChiSquare(p.Operator, x, p.Y[i], p.Eta)/2 - dense.LogDensity(x)
		}
	}
	mean := make([]float32, p.Operator.Image().Len())
	for j, v := range p.means[i] {
		mean[j] = float32(v)
	}
	return func(x []float32) float64 { return squaredDistance(x, mean) }
}

// rank returns the share of samples for which a function is less than for the truth: a random number between k/(n+1)
// and (k+1)/(n+1) if that holds for k of n samples, so that it is uniform if truth and samples have one distribution.
// Ties are ordered at random.
func rank(truth, samples []float32, rng *rand.Rand, f func(x []float32) float64) float64 {
	at, below := f(truth), 0
	n := len(samples) / len(truth)
	for x := range slices.Chunk(samples, len(truth)) {
		if v := f(x); v < at || v == at && rng.IntN(2) == 0 {
			below++
		}
	}
	return (float64(below) + rng.Float64()) / float64(n+1)
}
