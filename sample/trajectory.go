package main

import (
	"fmt"
	"image"
	"path/filepath"

	"tweedie/sample/figure"
)

const (
	stripStates = 9  // at most
	filmSide    = 56 // pixels of an image, about; noise makes large files
)

// trajectory draws a course as a strip, NAME-trajectory.png, and as a film, NAME-trajectory.gif, and returns their paths.
func (c *course) trajectory(d shaped, folder, name string) (paths []string, err error) {
	strip, err := figure.Labelled(c.rows(d), 0)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, name+"-trajectory")
	if err := figure.WritePNG(path+".png", strip); err != nil {
		return nil, err
	}
	frames, err := c.frames(d)
	if err != nil {
		return nil, err
	}
	if err := figure.WriteGIF(path+".gif", frames); err != nil {
		return nil, err
	}
	return []string{path + ".png", path + ".gif"}, nil
}

// frames are pictures of the states, in order.
func (c *course) frames(d shaped) ([]image.Image, error) {
	var frames []image.Image
	for _, s := range c.states {
		frame, err := figure.Grid(d.images(s.X), 0, max(1, filmSide/max(d.height, d.width)))
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

// rows are two for each sample: where it stands after a step, and the denoised image that the step moved towards.
func (c *course) rows(d shaped) []figure.Row {
	steps := c.states[1:] // there is nothing denoised at the start
	shown := spread(min(stripStates, len(steps)), 0, len(steps)-1)
	var rows []figure.Row
	for i := range len(steps[0].Denoised) / c.pixels {
		var x, denoised []float32
		var captions []string
		for _, k := range shown {
			s := steps[k]
			x = append(x, s.X[i*c.pixels:][:c.pixels]...)
			denoised = append(denoised, s.Denoised[i*c.pixels:][:c.pixels]...)
			captions = append(captions, fmt.Sprintf("k = %d, σ = %.3g", s.K, s.Sigma))
		}
		rows = append(rows,
			figure.Row{Label: "denoised", Images: d.images(denoised)},
			figure.Row{Label: fmt.Sprintf("sample %d", i+1), Images: d.images(x), Captions: captions})
	}
	return rows
}
