package calibration

import (
	"fmt"
	"sync"

	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
	"tweedie/nets"
	"tweedie/nets/kernel"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// A Problem is a prior and a measurement y = A x + e, e ~ N(0, eta^2 I), with N pairs (x, y) drawn from them and the
// posterior of each y.
type Problem struct {
	Prior      Prior
	Operator   inverse.Operator
	Eta        float64
	Seed       uint64
	Truths     []float32   // N images x
	Y          [][]float32 // N measurements
	Posteriors []Posterior // N

	means       [][]float64     // of the posteriors
	covariances []*mat.SymDense // of the posteriors
	sees        *mat.Dense      // projection on what A sees

	floorLock sync.Mutex
	floors    Samples // two sets of exact samples that others are compared with, drawn when first needed
}

// NewProblem draws n pairs. It reports a prior whose posterior under A is not known.
func NewProblem(prior Prior, a inverse.Operator, eta float64, n int, seed uint64) (*Problem, error) {
	d := a.Image().Len()
	dense, err := matrix(a)
	if err != nil {
		return nil, err
	}
	p := &Problem{Prior: prior, Operator: a, Eta: eta, Seed: seed,
		Truths: make([]float32, n*d), Y: make([][]float32, n), Posteriors: make([]Posterior, n),
		means: make([][]float64, n), covariances: make([]*mat.SymDense, n)}
	if p.sees, err = seen(dense); err != nil {
		return nil, err
	}
	errors := make([]error, n)
	kernel.Parallel(n, func(_ *kernel.Scratch, i int) {
		x := p.truth(i)
		prior.Draw(x, random.Stream(seed, random.CalibrationTruths, uint64(i)))
		p.Y[i] = inverse.Measure(a, x, eta, random.Stream(seed, random.MeasurementNoise, uint64(i)))
		if p.Posteriors[i], errors[i] = prior.Posterior(a, p.Y[i], eta); errors[i] == nil {
			p.means[i], p.covariances[i] = p.Posteriors[i].Mean(), p.Posteriors[i].Covariance()
		}
	})
	return p, first(errors)
}

// truth returns image i.
func (p *Problem) truth(i int) []float32 {
	d := p.Operator.Image().Len()
	return p.Truths[i*d:][:d]
}

// first returns the first error that is not nil, or nil.
func first(errors []error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}

// Samples are the samples of one method: n images for each measurement of a problem.
type Samples [][]float32

// A Sampler draws n samples for each measurement of a problem.
type Sampler func(p *Problem, n int) (Samples, error)

// Exact draws from the posteriors.
func Exact(p *Problem, n int) (Samples, error) { return p.draw(random.PosteriorSamples, n), nil }

// floor returns two sets of n exact samples of each posterior, one after the other.
func (p *Problem) floor(n int) Samples {
	p.floorLock.Lock()
	defer p.floorLock.Unlock()
	if p.floors == nil || len(p.floors[0]) != 2*n*p.Operator.Image().Len() {
		p.floors = p.draw(random.PosteriorFloor, 2*n)
	}
	return p.floors
}

// draw draws n samples of each posterior from the streams of a purpose.
func (p *Problem) draw(purpose random.Purpose, n int) Samples {
	samples := make(Samples, len(p.Y))
	d := p.Operator.Image().Len()
	kernel.Parallel(len(p.Y), func(_ *kernel.Scratch, i int) {
		rng := random.Stream(p.Seed, purpose, uint64(i))
		samples[i] = make([]float32, n*d)
		for s := range n {
			p.Posteriors[i].Draw(samples[i][s*d:][:d], rng)
		}
	})
	return samples
}

// A Method makes the walk that samples the posterior of one measurement with the denoiser of the prior. The walk's
// seed is set by the Sampler.
type Method func(d nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error)

// Walked returns the sampler that takes the walks of a method with a denoiser, which is the prior's own or one that was
// trained and is safe for concurrent use. Each sample has random numbers of its own.
func Walked(method Method, d nets.Denoiser) Sampler {
	return func(p *Problem, n int) (Samples, error) {
		samples, errors := make(Samples, len(p.Y)), make([]error, len(p.Y))
		kernel.Parallel(len(p.Y), func(_ *kernel.Scratch, i int) {
			samples[i], errors[i] = p.walk(method, d, i, n)
		})
		return samples, first(errors)
	}
}

// walk returns n samples for measurement i.
func (p *Problem) walk(method Method, d nets.Denoiser, i, n int) ([]float32, error) {
	l, err := inverse.NewLikelihood(p.Operator, p.Y[i], p.Eta)
	if err != nil {
		return nil, err
	}
	w, err := method(d, l)
	if err != nil {
		return nil, err
	}
	w.Seed = p.Seed
	end, err := walk.Last(w.Run(d, p.Operator.Image().Len(), i*n, n))
	if err != nil {
		return nil, fmt.Errorf("measurement %d: %w", i, err)
	}
	return end.X, nil
}
