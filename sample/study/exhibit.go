package study

import (
	"fmt"
	"image"

	"tweedie/sample/figure"
	"tweedie/sample/figure/kind"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
	"tweedie/sample/result"
)

// An exhibit holds what the pictures of a walk show.
type exhibit struct {
	samples    figure.Images      // with a measurement, those of the first image first
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

// exhibitOf makes an exhibit of a walk. It shares memory with the drawing.
func exhibitOf(j job, d *drawing) exhibit {
	shape := j.denoiser.shape
	e := exhibit{samples: imagesOf(shape, d.samples)}
	for _, s := range d.history.states {
		e.states = append(e.states, snapshot{s.K, s.Sigma, imagesOf(shape, s.X), imagesOf(shape, s.Denoised)})
	}
	if j.problem != nil {
		e.posteriors = j.problem.posteriors(d.samples)
	}
	return e
}

// resultsOf returns what the figures of an experiment show, without the scores of real images.
func resultsOf(s study, jobs []job, drawings []*drawing, scores [][]result.Score) *kind.Results {
	r := &kind.Results{Outline: s.Outline()}
	for i, j := range jobs {
		e := exhibitOf(j, drawings[i])
		r.Done = append(r.Done, kind.Done{
			Sigma: j.walk.Sigma, Calls: len(j.walk.Sigma), Scores: scores[i],
			Samples: e.samples, Posteriors: e.posteriors, States: e.film(),
		})
	}
	return r
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

// sheetRow shows the measurement, the samples, their mean and standard deviation, and the truth, and under each image
// how near it comes to the truth.
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
