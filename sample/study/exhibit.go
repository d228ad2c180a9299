package study

import (
	"fmt"
	"image"

	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// An exhibit is all that figures show of a walk.
type exhibit struct {
	name       string
	sigma      []float64        // noise levels, one for each step
	calls      int              // of the denoiser, for each sample
	samples    figure.Images    // with a measurement, those of the first image first
	scores     []result.Score   // none if it is not scored
	states     []snapshot       // of the first samples, from the start to the end
	posteriors []shownPosterior // one for each measured image; none without a measurement
}

// A snapshot shows where the first samples stand after k steps.
type snapshot struct {
	k        int
	sigma    float64       // of the last step; 0 at the start
	x        figure.Images // the samples
	denoised figure.Images // of fewer of them, before the last step; none at the start
}

// A shownPosterior is an image, its measurement as an image, and the samples that explain it.
type shownPosterior struct {
	shape                       inverse.Shape
	truth, measurement, samples []float32
}

// exhibitOf makes an exhibit of a walk. The states in it share memory with the drawing.
func exhibitOf(j job, d *drawing, scores []result.Score) exhibit {
	shape, K := j.denoiser.shape, len(j.walk.Sigma)
	e := exhibit{name: j.Name, sigma: j.walk.Sigma, calls: K, samples: imagesOf(shape, d.samples), scores: scores}
	for _, s := range d.history.states {
		e.states = append(e.states, snapshot{s.K, s.Sigma, imagesOf(shape, s.X), imagesOf(shape, s.Denoised)})
	}
	if p := j.problem; p != nil {
		for _, q := range p.posteriors(d.samples) {
			e.posteriors = append(e.posteriors, shownPosterior{shape, q.truth, inverse.Show(p.operator, q.measurement), q.samples})
		}
	}
	return e
}

// picture is a grid of the samples or, with a measurement, a sheet of the posteriors.
func (e exhibit) picture() (image.Image, error) {
	if e.posteriors == nil {
		return figure.Grid(e.samples, 0, 0)
	}
	var rows []figure.Row
	for _, p := range e.posteriors {
		rows = append(rows, p.row())
	}
	return figure.Labelled(rows, 0)
}

// count returns the number of samples.
func (p shownPosterior) count() int { return len(p.samples) / p.shape.Len() }

// sample returns sample k.
func (p shownPosterior) sample(k int) []float32 { return p.samples[k*p.shape.Len():][:p.shape.Len()] }

// row shows the measurement, the samples, their mean and standard deviation, and the truth, each with its quality.
func (p shownPosterior) row() figure.Row {
	var pixels []float32
	var captions []string
	show := func(x []float32, caption string) {
		pixels, captions = append(pixels, x...), append(captions, caption)
	}
	compare := func(x []float32, caption string) { show(x, caption+"\n"+qualityOf(x, p.truth, p.shape).String()) }
	compare(p.measurement, "measurement")
	for k := range p.count() {
		compare(p.sample(k), fmt.Sprintf("sample %d", k+1))
	}
	mean, deviation, greatest := moments(p.samples, p.shape)
	compare(mean, "mean")
	show(deviation, fmt.Sprintf("standard deviation\nwhite is %.2g", greatest))
	show(p.truth, "truth")
	return figure.Row{Captions: captions, Images: imagesOf(p.shape, pixels)}
}

// panels shows the same as row as a line of a figure.
func (p shownPosterior) panels(label string) figure.PanelRow {
	row := figure.PanelRow{Label: label}
	show := func(x []float32, overlay string) {
		row.Images, row.Overlays = append(row.Images, imagesOf(p.shape, x)), append(row.Overlays, overlay)
	}
	compare := func(x []float32) { show(x, fmt.Sprintf("%.2f", qualityOf(x, p.truth, p.shape).psnr)) }
	compare(p.measurement)
	for k := range p.count() {
		compare(p.sample(k))
	}
	mean, deviation, greatest := moments(p.samples, p.shape)
	compare(mean)
	show(deviation, fmt.Sprintf("≤ %.2g", greatest))
	show(p.truth, "PSNR, dB")
	return row
}
