package study

import (
	"fmt"
	"image"

	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
	"tweedie/sample/result"
)

// An exhibit is all that figures show of a walk.
type exhibit struct {
	name       string
	sigma      []float64          // noise levels, one for each step
	calls      int                // of the denoiser, for each sample
	samples    figure.Images      // with a measurement, those of the first image first
	scores     []result.Score     // none if it is not scored
	states     []snapshot         // of the first samples, from the start to the end
	posteriors []metric.Posterior // one for each measured image; none without a measurement
}

// A snapshot shows where the first samples stand after k steps.
type snapshot struct {
	k        int
	sigma    float64       // of the last step; 0 at the start
	x        figure.Images // the samples
	denoised figure.Images // of fewer of them, before the last step; none at the start
}

// exhibitOf makes an exhibit of a walk. The states in it share memory with the drawing.
func exhibitOf(j job, d *drawing, scores []result.Score) exhibit {
	shape, K := j.denoiser.shape, len(j.walk.Sigma)
	e := exhibit{name: j.Name, sigma: j.walk.Sigma, calls: K, samples: imagesOf(shape, d.samples), scores: scores}
	for _, s := range d.history.states {
		e.states = append(e.states, snapshot{s.K, s.Sigma, imagesOf(shape, s.X), imagesOf(shape, s.Denoised)})
	}
	if p := j.problem; p != nil {
		e.posteriors = p.posteriors(d.samples)
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
		rows = append(rows, sheetRow(p))
	}
	return figure.Labelled(rows, 0)
}

// sheetRow shows the measurement, the samples, their mean and standard deviation, and the truth, and under each image how
// near it comes to the truth.
func sheetRow(p metric.Posterior) figure.Row {
	shape := p.Operator.Image()
	var pixels []float32
	var captions []string
	show := func(x []float32, caption string) {
		pixels, captions = append(pixels, x...), append(captions, caption)
	}
	compare := func(x []float32, caption string) { show(x, caption+"\n"+metric.Caption(x, p.Truth, shape)) }
	compare(inverse.Show(p.Operator, p.Y), "measurement")
	for k := range len(p.Samples) / shape.Len() {
		compare(p.Samples[k*shape.Len():][:shape.Len()], fmt.Sprintf("sample %d", k+1))
	}
	mean, deviation, greatest := p.Moments()
	compare(mean, "mean")
	show(deviation, fmt.Sprintf("standard deviation\nwhite is %.2g", greatest))
	show(p.Truth, "truth")
	return figure.Row{Captions: captions, Images: imagesOf(shape, pixels)}
}

// panelRow shows the same as sheetRow as a line of a figure.
func panelRow(p metric.Posterior, label string) figure.PanelRow {
	shape := p.Operator.Image()
	row := figure.PanelRow{Label: label}
	show := func(x []float32, overlay string) {
		row.Images, row.Overlays = append(row.Images, imagesOf(shape, x)), append(row.Overlays, overlay)
	}
	compare := func(x []float32) {
		psnr, _ := metric.PSNR(x, p.Truth) // of equally many values
		show(x, fmt.Sprintf("%.2f", psnr))
	}
	compare(inverse.Show(p.Operator, p.Y))
	for k := range len(p.Samples) / shape.Len() {
		compare(p.Samples[k*shape.Len():][:shape.Len()])
	}
	mean, deviation, greatest := p.Moments()
	compare(mean)
	show(deviation, fmt.Sprintf("≤ %.2g", greatest))
	show(p.Truth, "PSNR, dB")
	return row
}
