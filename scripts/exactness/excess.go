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

// most is the greatest excess, as a share of the MMSE, at which a network trained on endless images counts as exact.
const most = 0.02

// A curve is the excess of a denoiser at every noise level.
type curve struct {
	name   string // "linear", or the number of training images
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
	s.linear, err = s.measure("linear", p.linear)
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

// worst returns the greatest relative excess of a curve, and its noise level.
func (c curve) worst() (relative, sigma float64) {
	for _, e := range c.excess {
		if measurable(e) && e.Relative() > relative {
			relative, sigma = e.Relative(), e.Sigma
		}
	}
	return relative, sigma
}

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
		Title:   s.title,
		Caption: "MMSE per pixel, and the excess over it in percent of it, with standard errors.",
		Columns: []string{"σ", "MMSE", "best linear"},
	}
	for _, c := range s.curves {
		t.Columns = append(t.Columns, "N = "+c.name)
	}
	t.Columns = append(t.Columns, "by difference, N = "+s.curves[len(s.curves)-1].name)
	for k, sigma := range sigmas {
		row := []string{fmt.Sprintf("%g", sigma), fmt.Sprintf("%.3g", s.linear.excess[k].MMSE)}
		for _, c := range append([]curve{s.linear}, s.curves...) {
			e := c.excess[k]
			row = append(row, percent(e, e.Value, e.ValueError))
		}
		e := s.curves[len(s.curves)-1].excess[k]
		t.Rows = append(t.Rows, append(row, percent(e, e.Difference, e.DifferenceError)))
	}
	return t
}

// fittedTable returns the excess of the affine denoisers, if any was fitted.
func (s *study) fittedTable() (t result.Table, any bool) {
	t = result.Table{
		Title: "Linear denoisers of the training images, " + s.title,
		Caption: "Excess in percent of the MMSE of the affine denoiser that is best on the N training images themselves: " +
			"what the same images teach without a network.",
		Columns: []string{"σ"},
	}
	for _, c := range s.fitted {
		t.Columns = append(t.Columns, "N = "+c.name)
	}
	for k, sigma := range sigmas {
		row := []string{fmt.Sprintf("%g", sigma)}
		for _, c := range s.fitted {
			e := c.excess[k]
			row = append(row, percent(e, e.Value, e.ValueError))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, len(s.fitted) > 0
}

// percent writes a value and its standard error in percent of the MMSE.
func percent(e exact.Excess, value, err float64) string {
	if !measurable(e) {
		return "–"
	}
	return fmt.Sprintf("%.3g ± %.1g", 100*value/e.MMSE, 100*err/e.MMSE)
}
