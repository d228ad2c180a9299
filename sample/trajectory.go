package main

import (
	"fmt"
	"image"
	"path/filepath"
	"slices"

	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

// What is drawn of a trajectory, at most.
const (
	stripSamples, stripStates = 2, 9
	filmSamples, filmStates   = 9, 40
	filmSide                  = 56 // pixels of an image, about; noise makes large files
)

// A trajectory keeps some states of a walk's first samples.
type trajectory struct {
	denoiser shaped
	strip    []walk.State // of stripSamples images each
	film     [][]float32  // of filmSamples images each
}

// see keeps copies of the states that are drawn, of a walk of K steps.
func (t *trajectory) see(s walk.State, K int) {
	pixels := t.denoiser.pixels()
	first := func(x []float32, samples int) []float32 { return slices.Clone(x[:min(len(x), samples*pixels)]) }
	if slices.Contains(spread(min(filmStates, K+1), 0, K), s.K) {
		t.film = append(t.film, first(s.X, filmSamples))
	}
	if s.K > 0 && slices.Contains(spread(min(stripStates, K), 1, K), s.K) {
		s.X, s.Denoised = first(s.X, stripSamples), first(s.Denoised, stripSamples)
		t.strip = append(t.strip, s)
	}
}

// write draws the strip, NAME-trajectory.png, and the film, NAME-trajectory.gif, and returns their paths.
func (t *trajectory) write(folder, name string) (paths []string, err error) {
	strip, err := figure.Labelled(t.rows(), 0)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, name+"-trajectory")
	if err := figure.WritePNG(path+".png", strip); err != nil {
		return nil, err
	}
	d := t.denoiser
	var frames []image.Image
	for _, x := range t.film {
		frame, err := figure.Grid(d.images(x), 0, max(1, filmSide/max(d.height, d.width)))
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	if err := figure.WriteGIF(path+".gif", frames); err != nil {
		return nil, err
	}
	return []string{path + ".png", path + ".gif"}, nil
}

// rows are two for each sample: where it stands after a step, and the denoised image that the step moved towards.
func (t *trajectory) rows() []figure.Row {
	pixels := t.denoiser.pixels()
	var rows []figure.Row
	for i := range len(t.strip[0].X) / pixels {
		var x, denoised []float32
		var captions []string
		for _, s := range t.strip {
			x = append(x, s.X[i*pixels:][:pixels]...)
			denoised = append(denoised, s.Denoised[i*pixels:][:pixels]...)
			captions = append(captions, fmt.Sprintf("k = %d, σ = %.3g", s.K, s.Sigma))
		}
		rows = append(rows,
			figure.Row{Label: "denoised", Images: t.denoiser.images(denoised)},
			figure.Row{Label: fmt.Sprintf("sample %d", i+1), Images: t.denoiser.images(x), Captions: captions})
	}
	return rows
}
