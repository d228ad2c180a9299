package study

import (
	"fmt"
	"image"

	"tweedie/sample/figure"
)

// stripStates is the number of states in a strip, at most.
const stripStates = 9

// strip shows how the first samples come about: for each, two rows of states, side by side.
func (e exhibit) strip() (image.Image, error) {
	steps := e.states[1:] // nothing has been denoised at the start
	shown := evenly(min(stripStates, len(steps)), 0, len(steps)-1)
	var rows []figure.Row
	for i := range steps[0].denoised.N {
		x, denoised := steps[0].x, steps[0].denoised // for their shape
		x.Pixels, denoised.Pixels = nil, nil
		x.N, denoised.N = len(shown), len(shown)
		var captions []string
		for _, k := range shown {
			s := steps[k]
			x.Pixels = append(x.Pixels, imageOf(s.x, i)...)
			denoised.Pixels = append(denoised.Pixels, imageOf(s.denoised, i)...)
			captions = append(captions, fmt.Sprintf("k = %d, σ = %.3g", s.k, s.sigma))
		}
		rows = append(rows,
			figure.Row{Label: "denoised", Images: denoised},
			figure.Row{Label: fmt.Sprintf("sample %d", i+1), Images: x, Captions: captions})
	}
	return figure.Labelled(rows, 0)
}

// imageOf returns the values of image i.
func imageOf(images figure.Images, i int) []float32 {
	pixels := images.Channels * images.Height * images.Width
	return images.Pixels[i*pixels:][:pixels]
}

// film returns the samples of each state, in order.
func (e exhibit) film() []figure.Images {
	var frames []figure.Images
	for _, s := range e.states {
		frames = append(frames, s.x)
	}
	return frames
}
