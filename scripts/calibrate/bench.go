package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"tweedie/nets"
	"tweedie/sample/calibration"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// version is part of every key: results of another version are computed anew. Raise it when walks, priors or measures
// change.
const version = 1

// level is the probability with which exact samples fail any test.
const level = 0.01

// A bench runs the parts of a plan.
type bench struct {
	ctx    context.Context
	folder string
	seed   uint64
	plan   plan
	kept   *kept
	stderr io.Writer

	drawn problem              // the problem whose pairs were drawn last
	pairs *calibration.Problem // of it
	rows  []row                // all so far
}

// A row is a method on a problem, with the measures of its samples.
type row struct {
	problem
	Method   string               `json:"method"`
	Denoiser string               `json:"denoiser"` // exact, or the name of a network
	Steps    int                  `json:"steps"`    // K
	Pairs    int                  `json:"pairs"`    // (x, y)
	Samples  int                  `json:"samples"`  // for each y
	Calls    int                  `json:"calls"`    // of the denoiser, for one image each
	Seconds  float64              `json:"seconds"`
	Measures calibration.Measures `json:"measures"`
	Failed   []string             `json:"failed"` // tests; none: calibrated, as far as these numbers can tell
	Err      string               `json:"err"`    // of a walk that diverged; it has no measures
}

// measure returns the row of a method of K steps, which is computed unless it was kept. d is nil for the exact denoiser
// of the prior.
func (b *bench) measure(r row, make func(K int) calibration.Method, d nets.Denoiser) (row, error) {
	r, err := b.compute(r, make, d)
	b.rows = append(b.rows, r)
	return r, err
}

func (b *bench) compute(r row, make func(K int) calibration.Method, d nets.Denoiser) (row, error) {
	if r.Pairs == 0 {
		r.Pairs, r.Samples = b.plan.pairs, b.plan.samples
	}
	key := fmt.Sprintf("v%d row seed=%d %s %s eta=%g %s denoiser=%s K=%d pairs=%d samples=%d", version, b.seed, r.Prior,
		r.Operator, r.Eta, r.Method, r.Denoiser, r.Steps, r.Pairs, r.Samples)
	if ok, err := b.kept.have(key, &r); ok || err != nil {
		return r, err
	}
	if err := b.ctx.Err(); err != nil {
		return r, err
	}
	if b.drawn != r.problem || len(b.pairs.Y) != r.Pairs {
		prior, a, eta, err := r.build(b.seed)
		if err != nil {
			return r, err
		}
		if b.pairs, err = calibration.NewProblem(prior, a, eta, r.Pairs, b.seed); err != nil {
			return r, err
		}
		b.drawn = r.problem
	}
	if d == nil {
		d = b.pairs.Prior
	}
	start := time.Now()
	sampler := calibration.Exact
	if make != nil {
		sampler = calibration.Walked(make(r.Steps), d)
		r.Calls = r.Steps * r.Pairs * r.Samples
	}
	samples, err := sampler(b.pairs, r.Samples)
	if err != nil {
		r.Err = err.Error()
	} else {
		if r.Measures, err = b.pairs.Measure(samples); err != nil {
			return r, err
		}
		r.Failed = r.Measures.Failed(level)
	}
	r.Seconds = time.Since(start).Seconds()
	m := r.Measures
	fmt.Fprintf(b.stderr, "%s, %s, eta %g: %s, %s, K = %d: gap %.3f, variance %.3f, distance %.3f, %.0f s%s\n", r.Prior,
		r.Operator, r.Eta, r.Method, r.Denoiser, r.Steps, m.MeanGap.Value, m.Variance.Value, m.SlicedExcess.Value,
		r.Seconds, r.Err)
	return r, b.kept.keep(key, r)
}

// A method is a way to sample posteriors, with settings that do not depend on the problem.
type method struct {
	name  string
	steps int // K, in units of the plan's
	make  func(K int) calibration.Method
}

// The methods' names.
const (
	figure3   = "paper, T₀ = 0"
	mixing    = "paper, T₀ = 1"
	longer    = "paper, T₀ = 1, 4 K"
	langevin  = "Langevin, smoothed"
	dps       = "DPS"
	diffPIR   = "DiffPIR"
	exactName = "exact"
)

// sigmoid are the paper's levels.
func sigmoid(K int, _ float64) []float64 { return walk.Sigmoid(157.407, 0.01, K) }

// geometric are levels in equal ratios from three times the standard deviation of the priors to an eighth of eta.
func geometric(K int, eta float64) []float64 { return walk.Geometric(1.5, min(0.02, eta/8), K) }

// tempered is the paper's walk on geometric levels with epsilon = 0.7.
func tempered(from float64) func(K int) calibration.Method {
	return func(K int) calibration.Method {
		return func(d nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
			return calibration.Paper(geometric(K, l.Eta()), 0.7, from)(d, l)
		}
	}
}

// smoothed is annealed Langevin dynamics on the same levels, with nearly the largest step that is stable, which is the
// best.
func smoothed(K int) calibration.Method {
	return func(d nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
		return calibration.Langevin(geometric(K, l.Eta()), 0.9, 1)(d, l)
	}
}

// methods are the paper's walk with the schedule and the temperatures of its figure 3 and with others, and the methods
// that it is compared with. The weights of these are the best for the mixture of those tried: zeta of DPS among 0.3, 1
// and 3; of DiffPIR, lambda among 1 and 7 and zeta among 0.3 and 1.
var methods = []method{
	{figure3, 1, func(K int) calibration.Method { return calibration.Paper(sigmoid(K, 0), 0.77683, 0) }},
	{mixing, 1, tempered(1)},
	{longer, 4, tempered(1)},
	{langevin, 1, smoothed},
	{dps, 1, func(K int) calibration.Method { return calibration.DPS(walk.Pretrained(K), 1) }},
	{diffPIR, 1, func(K int) calibration.Method { return calibration.DiffPIR(walk.Pretrained(K), 1, 0.3) }},
}
