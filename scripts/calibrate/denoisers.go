package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"sync"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
	"tweedie/sample/calibration"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/train/trainer"
)

// netProblem is where a trained denoiser takes the place of the exact one.
var netProblem = problem{"mixture-64", "super-resolution", 0.2}

// training is the experiment of the network, which sees endless images of the mixture.
const training = `title = "Ten Gaussians"
[data]
path = "glyphs" # only a name: the images are drawn
size = 8
channels = 1
[net]
kind = "unet"
base = 16
multipliers = [1, 2]
blocks = 1
attention = [4]
[train]
parameterization = "edm"
data_std = 0.5
noise = { kind = "log-normal", mean = -1.0, std = 1.4 }
weight = { kind = "edm" }
batch = 64
steps = %d
rate = 2e-3
warmup = 50
decay = "cosine"
clip = 1.0
ema = 0.995
`

// network returns a denoiser trained on images of the prior. It goes on where training was stopped.
func (b *bench) network(prior calibration.Prior) (nets.Denoiser, error) {
	steps := b.plan.training
	e, err := experiments.Parse("mixture.toml", fmt.Appendf(nil, training, steps))
	if err != nil {
		return nil, err
	}
	folder := runs.Folder(filepath.Join(b.folder, "network"))
	path := folder.Trained(steps)
	if path == "" {
		run, err := trainer.Run(b.ctx, e, trainer.Options{Folder: folder, Resume: folder.Used(),
			Observer: trainer.Lines(b.stderr), Images: data.Drawn{Channels: 1, Height: large.Height, Width: large.Width,
				N: data.Endless, Seed: b.seed, Draw: func(dst []float32, rng *rand.Rand) { prior.Draw(dst, rng) }}})
		if err != nil {
			return nil, err
		}
		path = run.Checkpoint
	}
	d, _, err := pretrained.Open(path, checkpoint.EMA, pretrained.Assume{})
	return &oneByOne{Denoiser: d}, err
}

// oneByOne makes a denoiser safe for concurrent use, which a network is not. A network uses all cores by itself.
type oneByOne struct {
	sync.Mutex
	nets.Denoiser
}

// Denoise implements nets.Denoiser.
func (d *oneByOne) Denoise(dst, x []float32, sigma float64) error {
	d.Lock()
	defer d.Unlock()
	return d.Denoiser.Denoise(dst, x, sigma)
}

// denoisers compares the exact denoiser with a trained one, in the same walks.
func denoisers(b *bench) (section, error) {
	s := newSection("denoisers", "Where the error comes from: steps or denoiser")
	prior, a, eta, err := netProblem.build(b.seed)
	if err != nil {
		return s, err
	}
	network, err := b.network(prior)
	if err != nil {
		return s, err
	}
	var rows []row
	distances := figure.Curves{XLabel: "number of steps K", YLabel: "sliced distance above floor", LogX: true}
	widths := figure.Curves{XLabel: "number of steps K", YLabel: "variance ratio", LogX: true,
		Levels: []figure.Level{{Y: 1}}}
	for _, d := range []struct {
		name     string
		denoiser nets.Denoiser
	}{{"exact", nil}, {fmt.Sprintf("network, %d training steps", b.plan.training), network}} {
		distance, width := figure.Series{Name: d.name, Marked: true}, figure.Series{Name: d.name, Marked: true}
		for _, K := range b.plan.netSteps {
			r, err := b.measure(row{problem: netProblem, Method: mixing, Denoiser: d.name, Steps: K,
				Pairs: b.plan.netPairs, Samples: b.plan.samples / 2}, tempered(1), d.denoiser)
			if err != nil {
				return s, err
			}
			rows = append(rows, r)
			distance.X, distance.Y = append(distance.X, float64(K)), append(distance.Y, r.Measures.SlicedExcess.Value)
			width.X, width.Y = append(width.X, float64(K)), append(width.Y, r.Measures.Variance.Value)
		}
		distances.Series, widths.Series = append(distances.Series, distance), append(widths.Series, width)
	}
	errors, err := b.along(prior, a, eta, network)
	if err != nil {
		return s, err
	}
	s.findings = sources(rows)
	s.Tables = append(s.Tables, numbersTable(describe(netProblem), rows))
	if err := b.draw(s, "denoisers", figure.SideBySide{Parts: []figure.Picture{distances, widths, errors}},
		"{problem}", describe(netProblem), "{training}", fmt.Sprint(b.plan.training)); err != nil {
		return s, err
	}
	return s, b.table(s, rows)
}

// profile is the error of a denoiser against the noise level.
type profile struct{ Sigma, Network, MMSE []float64 }

// along returns the error of the network along its walk for one measurement, and the MMSE at the same levels.
func (b *bench) along(prior calibration.Prior, a inverse.Operator, eta float64, network nets.Denoiser) (
	figure.Curves, error) {
	const K, n = 60, 32
	key := fmt.Sprintf("v%d along seed=%d K=%d training=%d", version, b.seed, K, b.plan.training)
	var p profile
	if ok, err := b.kept.have(key, &p); err != nil {
		return figure.Curves{}, err
	} else if !ok {
		if p, err = measureAlong(b.seed, prior, a, eta, network, K, n); err != nil {
			return figure.Curves{}, err
		}
		if err := b.kept.keep(key, p); err != nil {
			return figure.Curves{}, err
		}
	}
	return figure.Curves{XLabel: "σ", YLabel: "error of the denoiser", LogX: true, LogY: true, Series: []figure.Series{
		{Name: "|network − exact|", X: p.Sigma, Y: p.Network}, {Name: "√MMSE", X: p.Sigma, Y: p.MMSE}}}, nil
}

// measureAlong takes the paper's walk of K steps and n samples for one measurement.
func measureAlong(seed uint64, prior calibration.Prior, a inverse.Operator, eta float64, network nets.Denoiser,
	K, n int) (p profile, err error) {
	d := a.Image().Len()
	rng := random.Stream(seed, random.CalibrationPriors, 2)
	truths := make([]float32, n*d)
	for i := range n {
		prior.Draw(truths[i*d:][:d], rng)
	}
	l, err := inverse.NewLikelihood(a, inverse.Measure(a, truths[:d], eta, rng), eta)
	if err != nil {
		return p, err
	}
	w, err := tempered(1)(K)(network, l)
	if err != nil {
		return p, err
	}
	w.Seed = seed
	exact, noisy := make([]float32, n*d), make([]float32, n*d)
	var before []float32
	for state, err := range w.Run(network, d, 0, n) {
		if err != nil {
			return p, err
		}
		if state.K > 0 {
			sigma := state.Sigma
			if err := prior.Denoise(exact, before, sigma); err != nil {
				return p, err
			}
			p.Sigma = append(p.Sigma, sigma)
			p.Network = append(p.Network, rms(state.Denoised, exact))
			for i, x := range truths {
				noisy[i] = x + float32(sigma*rng.NormFloat64())
			}
			if err := prior.Denoise(exact, noisy, sigma); err != nil {
				return p, err
			}
			p.MMSE = append(p.MMSE, rms(truths, exact))
		}
		before = append(before[:0], state.X...)
	}
	return p, nil
}

// rms returns the root mean square difference of a pixel.
func rms(a, b []float32) float64 {
	sum := 0.0
	for i, v := range a {
		e := float64(v) - float64(b[i])
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(a)))
}
