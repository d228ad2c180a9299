package main

import (
	"context"
	"fmt"
	"image"
	"io"
	"math"
	"math/rand/v2"

	"tweedie/experiments"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
)

// noiseStream and those after it give the noise of the measurements; sample i of a walk draws from stream i.
const noiseStream = 1 << 63

// A measured is what a walk with a measurement is about.
type measured struct {
	operator inverse.Operator
	eta      float64
	seed     uint64    // of the noise
	truths   []float32 // the images that are measured, NCHW
	n        int
	samples  int // drawn for each
}

// measure builds a walk's operator and reads the images that it measures, or returns nil if the walk has no measurement.
func (s selection) measure(ctx context.Context, w experiments.Walk, stderr io.Writer) (*measured, error) {
	if w.Measurement == nil {
		return nil, nil
	}
	side := s.experiment.Data.Size + s.experiment.Data.Crop // one of them is zero
	a, err := w.Measurement.Build(inverse.Shape{Channels: s.experiment.Data.Channels, Height: side, Width: side}, s.experiment.Seed)
	if err != nil {
		return nil, invalid{fmt.Errorf("%s: walk %s: measurement: %w", s.origin, w.Name, err)}
	}
	m := &measured{operator: a, eta: w.Measurement.Eta, seed: s.experiment.Seed, samples: min(w.Measurement.Posterior, w.Samples)}
	path := w.Measurement.Images
	if path == "" {
		path = ownImages
	}
	if m.truths, m.n, err = s.testImages(ctx, path, (w.Samples+m.samples-1)/m.samples, stderr); err != nil {
		return nil, fmt.Errorf("walk %s: measurement.images: %w", w.Name, err)
	}
	return m, nil
}

// truth is image i.
func (m *measured) truth(i int) []float32 {
	pixels := m.operator.Image().Len()
	return m.truths[i*pixels:][:pixels]
}

// measurement returns y = A x + e of image i, the same every time, and its likelihood.
func (m *measured) measurement(i int) (y []float32, likelihood *inverse.Likelihood, err error) {
	y = inverse.Measure(m.operator, m.truth(i), m.eta, rand.New(rand.NewPCG(m.seed, noiseStream+uint64(i))))
	likelihood, err = inverse.NewLikelihood(m.operator, y, m.eta)
	return y, likelihood, err
}

// posterior draws samples that explain the measurement y of each image (paper section 5), prints how near they come to the truth on
// average, and returns a sheet: y, the samples, their mean and standard deviation, and the truth. The states of the first image's
// first batch are shown to t if that is not nil.
func (j job) posterior(d observed, t *trajectory, stdout io.Writer) (image.Image, error) {
	m := j.measured
	a, pixels := m.operator, d.pixels
	var rows []figure.Row
	var ofY, ofSamples, ofMeans []quality
	for i := range m.n {
		y, likelihood, err := m.measurement(i)
		if err != nil {
			return nil, err
		}
		w := j.walk
		w.Likelihood = likelihood
		samples, err := draw(d, w, pixels, i*m.samples, m.samples, t)
		if err != nil {
			return nil, err
		}
		t = nil

		truth := m.truth(i)
		p := panels{shape: a.Image(), truth: truth}
		ofY = append(ofY, p.compare("measurement", inverse.Show(a, y)))
		for k := range m.samples {
			ofSamples = append(ofSamples, p.compare(fmt.Sprintf("sample %d", k+1), samples[k*pixels:][:pixels]))
		}
		mean, spread, most := moments(samples, a.Image())
		ofMeans = append(ofMeans, p.compare("mean", mean))
		p.add(fmt.Sprintf("standard deviation\nwhite is %.2g", most), spread)
		p.add("truth", truth)
		rows = append(rows, p.row())
	}
	fmt.Fprintf(stdout, "%s: on average measurements have %v, %d samples %v, %d means of %d samples %v\n", j.Name,
		average(ofY), len(ofSamples), average(ofSamples), len(ofMeans), m.samples, average(ofMeans))
	return figure.Labelled(rows, 0)
}

// moments returns the mean of samples and their standard deviation at each pixel, over all channels, as an image: 0 is black and the
// greatest, which is returned too, white.
func moments(samples []float32, shape inverse.Shape) (mean, spread []float32, most float64) {
	pixels, area := shape.Len(), shape.Height*shape.Width
	n := float64(len(samples) / pixels)
	sum, variance := make([]float64, pixels), make([]float64, area)
	for i, v := range samples {
		sum[i%pixels] += float64(v)
	}
	mean, spread = make([]float32, pixels), make([]float32, pixels)
	for i, v := range sum {
		mean[i] = float32(v / n)
	}
	for i, v := range samples {
		d := float64(v) - sum[i%pixels]/n
		variance[i%area] += d * d / (max(1, n-1) * float64(shape.Channels))
	}
	for _, v := range variance {
		most = max(most, math.Sqrt(v))
	}
	for i := range spread {
		spread[i] = -1
		if most > 0 {
			spread[i] = float32(2*math.Sqrt(variance[i%area])/most - 1)
		}
	}
	return mean, spread, most
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
func (p *panels) compare(caption string, x []float32) quality {
	q := qualityOf(x, p.truth, p.shape)
	p.add(caption+"\n"+q.String(), x)
	return q
}

func (p *panels) row() figure.Row {
	return figure.Row{Captions: p.captions, Images: figure.Images{
		Pixels: p.pixels, N: len(p.captions), Channels: p.shape.Channels, Height: p.shape.Height, Width: p.shape.Width}}
}

// A quality is how near an image comes to the truth.
type quality struct {
	psnr float64 // dB
	ssim float64 // NaN for images smaller than its window
}

func qualityOf(x, truth []float32, shape inverse.Shape) quality {
	psnr, err := metric.PSNR(x, truth)
	if err != nil {
		psnr = math.NaN()
	}
	ssim, err := metric.SSIM(x, truth, shape.Channels, shape.Height, shape.Width)
	if err != nil {
		ssim = math.NaN()
	}
	return quality{psnr, ssim}
}

func (q quality) String() string {
	if math.IsNaN(q.ssim) {
		return fmt.Sprintf("%.2f dB", q.psnr)
	}
	return fmt.Sprintf("%.2f dB, SSIM %.3f", q.psnr, q.ssim)
}

func average(of []quality) (mean quality) {
	for _, q := range of {
		mean.psnr += q.psnr / float64(len(of))
		mean.ssim += q.ssim / float64(len(of))
	}
	return mean
}
