package main

import (
	"fmt"
	"math"
	"strings"

	"tweedie/nets"
	"tweedie/sample/calibration"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// law returns the law of a method's samples on a problem with a Gaussian prior, or NaN where it diverges. name and
// settings of the method are its key.
func (b *bench) law(p problem, key string, m calibration.Method) (calibration.Law, error) {
	if err := b.ctx.Err(); err != nil {
		return calibration.Law{}, err
	}
	key = fmt.Sprintf("v%d law %s %s eta=%g %s", version, p.Prior, p.Operator, p.Eta, key)
	var values []*float64
	if ok, err := b.kept.have(key, &values); err != nil {
		return calibration.Law{}, err
	} else if !ok {
		prior, a, eta, err := p.build(b.seed)
		if err != nil {
			return calibration.Law{}, err
		}
		if l, err := calibration.FollowGaussian(m, prior.(*calibration.Mixture), a, eta); err == nil {
			for _, v := range []float64{l.MeanGap, l.Variance, l.VarianceSeen, l.VarianceUnseen, l.Distance} {
				if math.IsNaN(v) {
					values = append(values, nil)
				} else {
					values = append(values, &v)
				}
			}
		}
		if err := b.kept.keep(key, values); err != nil {
			return calibration.Law{}, err
		}
	}
	at := func(i int) float64 {
		if i >= len(values) || values[i] == nil {
			return math.NaN()
		}
		return *values[i]
	}
	return calibration.Law{MeanGap: at(0), Variance: at(1), VarianceSeen: at(2), VarianceUnseen: at(3),
		Distance: at(4)}, nil
}

// A schedule is a family of noise levels.
type schedule struct {
	name   string
	levels func(K int, eta float64) []float64
}

// schedules are the paper's and the one that is nearest.
var schedules = []schedule{{"sigmoid", sigmoid}, {"geometric", geometric}}

// high are geometric levels with the ends of NCSN for values of standard deviation 0.5.
var high = schedule{"geometric from 5", func(K int, _ float64) []float64 { return walk.Geometric(5, 0.01, K) }}

// paper returns the law of the paper's walk.
func (b *bench) paper(p problem, s schedule, K int, epsilon, from float64) (calibration.Law, error) {
	key := fmt.Sprintf("paper %s K=%d epsilon=%g T0=%g", s.name, K, epsilon, from)
	return b.law(p, key, func(d nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
		return calibration.Paper(s.levels(K, l.Eta()), epsilon, from)(d, l)
	})
}

// sweepProblem is where settings are swept.
var sweepProblem = problem{"gaussian-16", "super-resolution", 0.2}

var (
	epsilons = []float64{0.05, 0.15, 0.4, 0.7, 1}
	froms    = []float64{0, 0.2, 0.4, 0.6, 0.8, 1}
)

// gaussian follows walks on a Gaussian prior, without sampling.
func gaussian(b *bench) (section, error) {
	s := newSection("gaussian", "Settings of the paper's walk: exact laws for a Gaussian prior")
	for _, part := range []func(section) error{b.rate, b.stages, b.maps, b.widths, b.cap, b.smallest, b.nearest} {
		if err := part(s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// series returns a curve of a law's number against K.
func (b *bench) series(name string, number func(calibration.Law) float64, law func(K int) (calibration.Law, error)) (
	figure.Series, error) {
	c := figure.Series{Name: name, Marked: true}
	for _, K := range b.plan.lawSteps {
		l, err := law(K)
		if err != nil {
			return c, err
		}
		c.X, c.Y = append(c.X, float64(K)), append(c.Y, number(l))
	}
	return c, nil
}

func distance(l calibration.Law) float64 { return l.Distance }
func variance(l calibration.Law) float64 { return l.Variance }

// slope returns d log y/d log x between the last two points of a curve.
func slope(s figure.Series) float64 {
	n := len(s.X)
	return math.Log(s.Y[n-1]/s.Y[n-2]) / math.Log(s.X[n-1]/s.X[n-2])
}

// apart is a plot of the distance from the posterior against K.
var apart = figure.Curves{XLabel: "number of steps K", YLabel: "distance from the posterior", LogX: true, LogY: true}

// rate shows the error against the number of steps.
func (b *bench) rate(s section) error {
	c := apart
	c.Width = 5
	var slopes []string
	for _, from := range []float64{0, 1} {
		for _, schedule := range schedules {
			line, err := b.series(fmt.Sprintf("%s, T₀ = %g", schedule.name, from), distance,
				func(K int) (calibration.Law, error) { return b.paper(sweepProblem, schedule, K, 0.7, from) })
			if err != nil {
				return err
			}
			slopes = append(slopes, fmt.Sprintf("%s %.2f", line.Name, slope(line)))
			c.Series = append(c.Series, line)
		}
	}
	last := c.Series[len(c.Series)-1]
	n := len(last.X) - 1
	reference := figure.Series{Name: "proportional to 1/K"}
	for _, K := range b.plan.lawSteps[1:] {
		reference.X = append(reference.X, float64(K))
		reference.Y = append(reference.Y, 2*last.Y[n]*last.X[n]/float64(K))
	}
	c.Series = append(c.Series, reference)
	return b.draw(s, "rate", c, "{problem}", describe(sweepProblem), "{slopes}", strings.Join(slopes, ", "))
}

// stages shows where on its way a walk departs from the density of its level.
func (b *bench) stages(s section) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	prior, a, eta, err := sweepProblem.build(b.seed)
	if err != nil {
		return err
	}
	var parts []figure.Picture
	for _, from := range []float64{0, 1} {
		c := figure.Curves{Title: fmt.Sprintf("T₀ = %g", from), XLabel: "σ", YLabel: "distance", LogX: true, LogY: true}
		for _, K := range []int{100, 1000} {
			var steps []int
			for i := range 40 {
				steps = append(steps, (i+1)*K/40)
			}
			all, err := calibration.GaussianStages(tempered(from)(K), prior.(*calibration.Mixture), a, eta, steps)
			if err != nil {
				return err
			}
			level := figure.Series{Name: fmt.Sprintf("from the level's density, K = %d", K)}
			posterior := figure.Series{Name: fmt.Sprintf("from the posterior, K = %d", K)}
			for _, stage := range all {
				level.X, posterior.X = append(level.X, stage.Sigma), append(posterior.X, stage.Sigma)
				level.Y = append(level.Y, stage.Level.Distance)
				posterior.Y = append(posterior.Y, stage.Posterior.Distance)
			}
			c.Series = append(c.Series, level, posterior)
		}
		parts = append(parts, c)
	}
	return b.draw(s, "stages", figure.SideBySide{Parts: parts}, "{problem}", describe(sweepProblem))
}

// maps shows where the walk is calibrated, over epsilon and K.
func (b *bench) maps(s section) error {
	var parts []figure.Picture
	for _, from := range []float64{0, 1} {
		for _, schedule := range schedules {
			h := figure.HeatMap{Title: fmt.Sprintf("%s, T₀ = %g", schedule.name, from), XLabel: "K", YLabel: "ε",
				XTicks: labels(b.plan.lawMap), YTicks: labels(epsilons), Best: "low"}
			for _, epsilon := range epsilons {
				var cells []float64
				for _, K := range b.plan.lawMap {
					l, err := b.paper(sweepProblem, schedule, K, epsilon, from)
					if err != nil {
						return err
					}
					cells = append(cells, l.Distance)
				}
				h.Values = append(h.Values, cells)
			}
			parts = append(parts, h)
		}
	}
	return b.draw(s, "map", figure.InRows(parts, 2), "{problem}", describe(sweepProblem))
}

// widths shows what T_0 does to the posterior's width.
func (b *bench) widths(s section) error {
	var parts []figure.Picture
	for _, schedule := range schedules {
		c := figure.Curves{Title: schedule.name, XLabel: "initial temperature T₀",
			YLabel: "variance / posterior variance", Levels: []figure.Level{{Y: 1}}}
		for _, K := range b.plan.lawSteps[1:] {
			line := figure.Series{Name: fmt.Sprintf("K = %d", K), Marked: true}
			for _, from := range froms {
				l, err := b.paper(sweepProblem, schedule, K, 0.7, from)
				if err != nil {
					return err
				}
				line.X, line.Y = append(line.X, from), append(line.Y, l.Variance)
			}
			c.Series = append(c.Series, line)
		}
		parts = append(parts, c)
	}
	return b.draw(s, "temperature", figure.SideBySide{Parts: parts}, "{problem}", describe(sweepProblem))
}

// cap shows what the cap of the step size costs.
func (b *bench) cap(s section) error {
	var parts []figure.Picture
	for _, operator := range []string{"denoising", "inpainting", "super-resolution"} {
		c := apart
		c.Title = operator
		for _, eta := range etas {
			p := problem{sweepProblem.Prior, operator, eta}
			line, err := b.series(fmt.Sprintf("η = %g std", eta), distance,
				func(K int) (calibration.Law, error) { return b.paper(p, schedules[1], K, 0.7, 1) })
			if err != nil {
				return err
			}
			c.Series = append(c.Series, line)
		}
		parts = append(parts, c)
	}
	return b.draw(s, "cap", figure.InRows(parts, 3))
}

// smallest shows what the last level does.
func (b *bench) smallest(s section) error {
	c := figure.Curves{XLabel: "smallest level / η", YLabel: "variance / posterior variance", LogX: true, Width: 5,
		Levels: []figure.Level{{Y: 1}}}
	const K = 1000
	for _, operator := range []string{"denoising", "super-resolution"} {
		p := problem{sweepProblem.Prior, operator, 0.2}
		line := figure.Series{Name: operator, Marked: true}
		for _, share := range []float64{0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1} {
			levels := schedule{fmt.Sprintf("geometric to %g eta", share),
				func(K int, eta float64) []float64 { return walk.Geometric(1.5, share*eta, K) }}
			l, err := b.paper(p, levels, K, 0.7, 1)
			if err != nil {
				return err
			}
			line.X, line.Y = append(line.X, share), append(line.Y, l.Variance)
		}
		c.Series = append(c.Series, line)
	}
	return b.draw(s, "smallest", c)
}
