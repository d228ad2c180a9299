package trainer

import (
	"fmt"
	"path/filepath"
	"slices"

	"tweedie/data/random"
	"tweedie/experiments"
	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

const (
	shownImages = 8   // in each row of a preview
	mostSteps   = 200 // a longer walk is not shown in a preview
	quickSteps  = 100 // of the walk that is shown instead
)

// previewWalk returns the walk whose samples a preview shows, and their label. That is the experiment's first walk
// without a measurement. If there is no such walk, or it is too long, it is the paper's simple choice (section 3),
// which gives good samples in few steps. shown is false for an experiment without walks.
func previewWalk(e *experiments.Experiment) (w walk.Walk, label string, shown bool, err error) {
	if len(e.Walks) == 0 {
		return w, "", false, nil
	}
	i := slices.IndexFunc(e.Walks, func(w experiments.Walk) bool { return w.Measurement == nil })
	if i >= 0 {
		if w, err = e.Walks[i].Build(e.Seed); err != nil || len(w.Sigma) <= mostSteps {
			return w, "samples", true, err
		}
	}
	sigma := walk.Sigmoid(157.407, 0.01, quickSteps)
	w = walk.Walk{
		Sigma: sigma, Tau: walk.Proportional(sigma, 0.7),
		Temperature: walk.LinearTemperature(0.1, 1, quickSteps), Seed: e.Seed,
	}
	return w, fmt.Sprintf("samples of a\nwalk of %d steps", quickSteps), true, nil
}

// preview draws a sheet of held-out images, noisy and denoised, and of samples of previewWalk. The noise is the same
// each time.
func (t *training) preview() error {
	channels, height, width := t.set.Shape()
	images := func(x []float32) figure.Images {
		return figure.Images{Pixels: x, N: len(x) / t.pixels(), Channels: channels, Height: height, Width: width}
	}
	clean, err := t.images(shownImages)
	if err != nil {
		return err
	}
	rows := []figure.Row{{Label: "held out", Images: images(clean)}}
	for _, sigma := range []float64{0.2, 0.5, 1} {
		noisy, denoised := make([]float32, len(clean)), make([]float32, len(clean))
		rng := random.Stream(fixedSeed, random.PreviewNoise, 0)
		for i, x := range clean {
			noisy[i] = x + float32(sigma*rng.NormFloat64())
		}
		if err := t.averaged.Denoise(denoised, noisy, sigma); err != nil {
			return err
		}
		rows = append(rows, figure.Row{Label: fmt.Sprintf("+ noise, σ = %g", sigma), Images: images(noisy)},
			figure.Row{Label: "denoised", Images: images(denoised)})
	}
	w, label, shown, err := previewWalk(t.Experiment)
	if err != nil {
		return err
	}
	if shown {
		last, err := walk.Last(w.Run(t.averaged, t.pixels(), 0, shownImages))
		if err != nil {
			t.report.observer.Warn(fmt.Sprintf("no samples in the preview of step %d: %v", t.step, err))
		} else {
			rows = append(rows, figure.Row{Label: label, Images: images(last.X)})
		}
	}
	sheet, err := figure.Labelled(rows, 0)
	if err != nil {
		return err
	}
	file := filepath.Join(t.run.Previews(), fmt.Sprintf("step-%06d.png", t.step))
	if err := figure.WritePNG(file, sheet); err != nil {
		return err
	}
	t.report.picture("preview", sheet)
	return nil
}
