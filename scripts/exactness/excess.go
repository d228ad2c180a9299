package main

import (
	"fmt"
	"math"

	"tweedie/data"
	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/result"
)

// sigmas are the noise levels at which denoisers are measured.
var sigmas = []float64{0.1, 0.14, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.4, 2}

// most is the greatest excess, as a share of the MMSE, with which a denoiser counts as exact. The verdicts name it.
const most = 0.02

// Names of curves; the others are numbers of training images.
const (
	linear  = "linear"
	endless = "endless"
)

// A curve is the excess of a denoiser at every noise level.
type curve struct {
	name   string
	excess []exact.Excess
}

// A study compares denoisers of one prior with its MMSE denoiser.
type study struct {
	prior
	test   []float32 // images that no network has seen
	linear curve     // of the best affine denoiser
	fitted []curve   // of the affine denoisers fitted to the training images of each network
	curves []curve   // of the networks, by number of training images

	denoisers []nets.Denoiser // the exact one and those of the networks, to be shown
}

// newStudy draws count images to measure on.
func newStudy(p prior, count int) (*study, error) {
	test := data.Drawn{Channels: 1, Height: side, Width: side, N: count, Seed: testSeed, Draw: p.Draw}.All()
	s := &study{prior: p, test: test, denoisers: []nets.Denoiser{p}}
	var err error
	s.linear, err = s.measure(linear, p.linear)
	return s, err
}

// measure returns the excess of a denoiser.
func (s *study) measure(name string, d nets.Denoiser) (curve, error) {
	excess, err := exact.Measure(d, s.Prior, s.test, pixels, sigmas, testSeed)
	return curve{name, excess}, err
}

// add measures a network, and beside it the affine denoiser fitted to the same images.
func (s *study) add(n network, d nets.Denoiser) error {
	c, err := s.measure(n.count(), d)
	if err != nil {
		return err
	}
	s.curves, s.denoisers = append(s.curves, c), append(s.denoisers, d)
	if n.n == data.Endless {
		return nil
	}
	g, err := exact.FitGaussian(n.images().All(), pixels)
	if err != nil {
		return err
	}
	c, err = s.measure(n.count(), g)
	s.fitted = append(s.fitted, c)
	return err
}

// measurable reports whether the MMSE is more than a millionth of the noise's variance. Below, it is zero for every
// purpose, and a share of it means nothing.
func measurable(e exact.Excess) bool { return e.MMSE > 1e-6*e.Sigma*e.Sigma }

// worst returns the excess at the noise level where it is the greatest share of the MMSE.
func (c curve) worst() (worst exact.Excess) {
	for _, e := range c.excess {
		if measurable(e) && (worst.Sigma == 0 || e.Relative() > worst.Relative()) {
			worst = e
		}
	}
	return worst
}

// verdict compares the excess with the greatest that counts as exact, at a confidence of two standard errors.
func (c curve) verdict() string {
	verdict := atMost
	for _, e := range c.excess {
		switch {
		case !measurable(e) || e.Value+2*e.ValueError <= most*e.MMSE:
		case e.Value-2*e.ValueError > most*e.MMSE:
			return above
		default:
			verdict = undecided
		}
	}
	return verdict
}

// The verdicts on an excess.
const (
	atMost    = "at most 2%"
	above     = "more than 2% at some σ"
	undecided = "2% up to the error of measurement"
)

// mean returns the geometric mean of the relative excess over the noise levels.
func (c curve) mean() float64 {
	sum, n := 0.0, 0.0
	for _, e := range c.excess {
		if measurable(e) {
			sum, n = sum+math.Log(e.Relative()), n+1
		}
	}
	return math.Exp(sum / n)
}

// disagreement returns the greatest distance between the two estimates of the excess, in standard errors of the
// difference of errors.
func (c curve) disagreement() (most float64) {
	for _, e := range c.excess {
		if e.DifferenceError > 0 {
			most = max(most, math.Abs(e.Value-e.Difference)/e.DifferenceError)
		}
	}
	return most
}

// table returns the excess in percent of the MMSE, with its standard error, by noise level.
func (s *study) table() result.Table {
	t := result.Table{
		Title: "Excess over the MMSE, " + s.title,
		Caption: "In percent of the MMSE per pixel, with standard errors. The last column is the same by the " +
			"difference of two errors.",
		Columns: []string{"σ", "MMSE", s.linear.label()},
	}
	t.Columns = append(t.Columns, labels(s.curves)...)
	last := s.curves[len(s.curves)-1]
	t.Columns = append(t.Columns, last.label()+", by difference")
	for k, sigma := range sigmas {
		row := []string{fmt.Sprint(sigma), fmt.Sprintf("%.3g", s.linear.excess[k].MMSE)}
		for _, c := range append([]curve{s.linear}, s.curves...) {
			row = append(row, percent(c.excess[k], c.excess[k].Value, c.excess[k].ValueError))
		}
		e := last.excess[k]
		t.Rows = append(t.Rows, append(row, percent(e, e.Difference, e.DifferenceError)))
	}
	return t
}

// scoreTable returns the error of the score in percent, by noise level.
func (s *study) scoreTable() result.Table {
	t := result.Table{
		Title:   "Error of the score, " + s.title,
		Caption: "Root mean square, in percent of that of the score itself. No score at all would be wrong by 100%.",
		Columns: append([]string{"σ", s.linear.label()}, labels(s.curves)...),
	}
	for k, sigma := range sigmas {
		row := []string{fmt.Sprint(sigma)}
		for _, c := range append([]curve{s.linear}, s.curves...) {
			row = append(row, fmt.Sprintf("%.3g", 100*c.excess[k].RelativeScore()))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// fittedTable returns the excess of the affine denoisers of the training images.
func (s *study) fittedTable() result.Table {
	t := result.Table{
		Title: "Linear denoisers of the training images, " + s.title,
		Caption: "Excess, in percent of the MMSE, of the affine denoiser that is best on the N training images " +
			"themselves: what the same images teach without a network.",
		Columns: append([]string{"σ"}, labels(s.fitted)...),
	}
	for k, sigma := range sigmas {
		row := []string{fmt.Sprint(sigma)}
		for _, c := range s.fitted {
			row = append(row, percent(c.excess[k], c.excess[k].Value, c.excess[k].ValueError))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// labels returns the names of curves.
func labels(curves []curve) (names []string) {
	for _, c := range curves {
		names = append(names, c.label())
	}
	return names
}

// label is the curve's name in legends and tables.
func (c curve) label() string {
	switch c.name {
	case linear:
		return "best linear"
	case endless:
		return c.name
	}
	return "N = " + c.name
}

// percent writes a value and its standard error in percent of the MMSE.
func percent(e exact.Excess, value, err float64) string {
	if !measurable(e) {
		return "–"
	}
	return estimate{100 * value / e.MMSE, 100 * err / e.MMSE}.String()
}
