package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"

	"tweedie/sample/figure"
	"tweedie/sample/inverse"
)

// noiseStream and those after it give the noise of the measurements; sample i of a walk draws from stream i.
const noiseStream = 1 << 63

// A measured is what a walk with a measurement is about.
type measured struct {
	operator inverse.Operator
	eta      float64
	truths   []float32             // the images that are measured, NCHW
	each     []*inverse.Likelihood // of their measurements
	ys       [][]float32
	n        int // images
	samples  int // drawn for each
}

// measure builds a job's operator and reads and measures its images: y = A x + e, the same every time. It returns nil if the walk has no
// measurement.
func (s selection) measure(ctx context.Context, j job, stderr io.Writer) (*measured, error) {
	if j.Measurement == nil {
		return nil, nil
	}
	shape, err := s.shape(j)
	if err != nil {
		return nil, err
	}
	a, err := j.Measurement.Build(shape, s.experiment.Seed)
	if err != nil {
		return nil, invalid{fmt.Errorf("%s: measurement: %w", s.origin, err)}
	}
	m := &measured{operator: a, eta: j.Measurement.Eta, samples: min(j.Measurement.Posterior, j.Samples)}
	path := cmp.Or(j.Measurement.Images, ownImages)
	if m.truths, m.n, err = s.testImages(ctx, path, shape, (j.Samples+m.samples-1)/m.samples, stderr); err != nil {
		return nil, fmt.Errorf("measurement.images: %w", err)
	}
	for i := range m.n {
		y := inverse.Measure(a, m.truth(i), m.eta, rand.New(rand.NewPCG(s.experiment.Seed, noiseStream+uint64(i))))
		l, err := inverse.NewLikelihood(a, y, m.eta)
		if err != nil {
			return nil, err
		}
		m.ys, m.each = append(m.ys, y), append(m.each, l)
	}
	return m, nil
}

// shape is that of the images of a job: its network's, or the experiment's before there is one.
func (s selection) shape(j job) (inverse.Shape, error) {
	if d := j.denoiser; d != nil {
		return d.shape(), nil
	}
	side := s.experiment.Data.Size + s.experiment.Data.Crop // one of them is zero
	if side == 0 {
		return inverse.Shape{}, invalid{fmt.Errorf("%s has no [data], and no network is given that would tell the images' size: name one by -checkpoint", s.origin)}
	}
	return inverse.Shape{Channels: s.experiment.Data.Channels, Height: side, Width: side}, nil
}

// truth is image i.
func (m *measured) truth(i int) []float32 {
	pixels := m.operator.Image().Len()
	return m.truths[i*pixels:][:pixels]
}

// posterior are the samples that explain the measurement of image i, out of all.
func (m *measured) posterior(samples []float32, i int) []float32 {
	size := m.samples * m.operator.Image().Len()
	return samples[i*size:][:size]
}

// likelihoods are those of n samples from the given one on.
func (m *measured) likelihoods(first, n int) inverse.Likelihoods {
	ls := make(inverse.Likelihoods, n)
	for i := range ls {
		ls[i] = m.each[(first+i)/m.samples]
	}
	return ls
}

// sheet draws, for each image, the measurement, the samples that explain it, their mean and standard deviation, and the truth, with
// how near each comes to the truth.
func (m *measured) sheet(samples []float32, shape inverse.Shape) []figure.Row {
	var rows []figure.Row
	for i := range m.n {
		x, pixels := m.posterior(samples, i), shape.Len()
		p := panels{shape: shape, truth: m.truth(i)}
		p.compare("measurement", inverse.Show(m.operator, m.ys[i]))
		for k := range m.samples {
			p.compare(fmt.Sprintf("sample %d", k+1), x[k*pixels:][:pixels])
		}
		mean, spread, most := moments(x, shape)
		p.compare("mean", mean)
		p.add(fmt.Sprintf("standard deviation\nwhite is %.2g", most), spread)
		p.add("truth", p.truth)
		rows = append(rows, p.row())
	}
	return rows
}

// panels is a row of a sheet being made.
type panels struct {
	shape    inverse.Shape
	truth    []float32
	pixels   []float32
	captions []string
}

func (p *panels) add(caption string, x []float32) {
	p.pixels, p.captions = append(p.pixels, x...), append(p.captions, caption)
}

// compare adds an image with its quality under it.
func (p *panels) compare(caption string, x []float32) {
	p.add(caption+"\n"+qualityOf(x, p.truth, p.shape).String(), x)
}

func (p *panels) row() figure.Row {
	return figure.Row{Captions: p.captions, Images: figure.Images{
		Pixels: p.pixels, N: len(p.captions), Channels: p.shape.Channels, Height: p.shape.Height, Width: p.shape.Width}}
}
