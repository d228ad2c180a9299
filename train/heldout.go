package main

import (
	"fmt"

	"tweedie/sample/metric"
)

// heldOutLevels are the noise levels at which the denoiser is measured on images held out.
var heldOutLevels = []float64{0.05, 0.1, 0.2, 0.5, 1, 2, 5}

const (
	heldOutImages = 64 // measured, of those held out
	fixedSeed     = 0  // of the noise in measurements and previews, the same every time
)

func heldOutColumns() (names []string) {
	for _, sigma := range heldOutLevels {
		names = append(names, fmt.Sprintf("held_out_%g", sigma))
	}
	return names
}

// heldOut is the number of images held out.
func (t *training) heldOut() int {
	if t.held == nil {
		return 0
	}
	return t.held.Len()
}

// images returns up to n of the images held out, or of the training set where nothing is held out.
func (t *training) images(n int) ([]float32, error) {
	from := t.held
	if from == nil {
		from = t.set
	}
	channels, height, width := from.Shape()
	size := channels * height * width
	x := make([]float32, min(n, from.Len())*size)
	for i := range len(x) / size {
		// Spread over the set, whose order may be that of classes.
		if err := from.Image(x[i*size:][:size], i*from.Len()/(len(x)/size), nil); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// validate measures the denoiser on images held out.
func (t *training) validate() error {
	x, err := t.images(heldOutImages)
	if err != nil {
		return err
	}
	mse, err := metric.DenoisingError(t.averaged, x, t.pixels(), heldOutLevels, fixedSeed)
	if err != nil {
		return err
	}
	values := map[string]float64{}
	for i, name := range heldOutColumns() {
		values[name] = mse[i]
	}
	return t.report.record(t.step, values)
}
