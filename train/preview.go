package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"

	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

// shownImages is how many images a row of a preview has.
const shownImages = 8

// preview draws a sheet of images, noisy and denoised, and of samples of the first walk, always with the same noise.
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
		rng := rand.New(rand.NewPCG(fixedSeed, 0))
		for i, x := range clean {
			noisy[i] = x + float32(sigma*rng.NormFloat64())
		}
		if err := t.averaged.Denoise(denoised, noisy, sigma); err != nil {
			return err
		}
		rows = append(rows, figure.Row{Label: fmt.Sprintf("+ noise, σ = %g", sigma), Images: images(noisy)},
			figure.Row{Label: "denoised", Images: images(denoised)})
	}
	if len(t.Walks) > 0 {
		w, err := t.Walks[0].Build(t.Seed)
		if err != nil {
			return err
		}
		last, err := walk.Last(w.Run(t.averaged, t.pixels(), 0, shownImages))
		if err != nil {
			t.report.warn("no samples in the preview of step %d: %v", t.step, err)
		} else {
			rows = append(rows, figure.Row{Label: "samples", Images: images(last.X)})
		}
	}
	sheet, err := figure.Labelled(rows, 0)
	if err != nil {
		return err
	}
	if err := figure.WritePNG(filepath.Join(t.folder.Previews(), fmt.Sprintf("step-%06d.png", t.step)), sheet); err != nil {
		return err
	}
	return t.report.picture("preview", t.step, sheet)
}
