package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/experiments"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
)

// A problem is the inverse problem of a walk with a measurement: some images, and the measurements y = A x + e of each,
// e ~ N(0, eta^2 I), that its samples must explain.
type problem struct {
	operator     inverse.Operator // A; nil in a plan that knows no image size, as are the four after eta
	eta          float64
	mask         []bool                // of a file, where A keeps pixels; nil without one
	truths       []float32             // the images x, NCHW
	measurements [][]float32           // y, one for each image
	each         []*inverse.Likelihood // p(y | x), one for each image
	n            int                   // images
	samples      int                   // drawn for each image
}

// imagesAndSamples returns how many images a walk measures, to draw so many samples in all, and the samples for each.
func imagesAndSamples(m experiments.Measurement, samples int) (images, each int) {
	each = min(m.Posterior, samples)
	return (samples + each - 1) / each, each
}

// newProblem builds the operator, and reads and measures the images. Equal seeds give equal measurements.
func newProblem(
	ctx context.Context, s study, m experiments.Measurement, shape inverse.Shape, samples int,
) (*problem, error) {
	a, err := m.Build(shape, s.Seed)
	if err != nil {
		return nil, misuse("%s: measurement: %w", s.Origin, err)
	}
	p := &problem{operator: a, eta: m.Eta}
	if m.Mask != "" {
		if p.mask, err = data.Mask(m.Mask, shape.Height, shape.Width); err != nil {
			return nil, err
		}
	}
	wanted, each := imagesAndSamples(m, samples)
	p.samples = each
	path := cmp.Or(m.Images, heldOut)
	if p.truths, p.n, err = testImages(ctx, s, path, shape, wanted); err != nil {
		return nil, fmt.Errorf("measurement.images: %w", err)
	}
	if p.n < wanted {
		s.Observer.Tell(Note, fmt.Sprintf("there are %d images to measure in %s, so that %d samples are drawn "+
			"instead of %d",
			p.n, cmp.Or(m.Images, "those held out"), p.n*each, samples))
	}
	for i := range p.n {
		y := inverse.Measure(a, p.truth(i), p.eta, random.Stream(s.Seed, random.MeasurementNoise, uint64(i)))
		l, err := inverse.NewLikelihood(a, y, p.eta)
		if err != nil {
			return nil, err
		}
		p.measurements, p.each = append(p.measurements, y), append(p.each, l)
	}
	return p, nil
}

// unknownProblem returns the problem of a plan that does not know the image size yet.
func unknownProblem(m experiments.Measurement, samples int) *problem {
	n, each := imagesAndSamples(m, samples)
	return &problem{eta: m.Eta, n: n, samples: each}
}

// truth returns the true image i.
func (p *problem) truth(i int) []float32 {
	pixels := p.operator.Image().Len()
	return p.truths[i*pixels:][:pixels]
}

// posteriors divides the samples of a walk among the images that they explain.
func (p *problem) posteriors(samples []float32) []metric.Posterior {
	size := p.samples * p.operator.Image().Len()
	all := make([]metric.Posterior, p.n)
	for i := range all {
		all[i] = metric.Posterior{
			Operator: p.operator, Eta: p.eta,
			Y: p.measurements[i], Truth: p.truth(i), Samples: samples[i*size:][:size],
		}
	}
	return all
}

// likelihoods returns the likelihoods of n samples, from the given sample on.
func (p *problem) likelihoods(first, n int) inverse.Likelihoods {
	all := make(inverse.Likelihoods, n)
	for i := range all {
		all[i] = p.each[(first+i)/p.samples]
	}
	return all
}

// A noiseLevel is a likelihood of which only eta is known.
type noiseLevel float64

func (eta noiseLevel) Eta() float64 { return float64(eta) }

func (noiseLevel) Gradient(dst, x []float32) error {
	return errors.New("study: a plan has no measurement to compare with")
}
