package trainer

import (
	"context"
	"fmt"

	"tweedie/data"
	"tweedie/sample/metric"
)

const (
	heldOutImages = 64 // images at most on which the error is measured
	fixedSeed     = 0  // of the noise in measurements and previews, so that they can be compared over time
)

// heldOutColumns names the columns of the held-out error, one for each noise level.
func heldOutColumns() (names []string) {
	for _, sigma := range metric.NoiseLevels {
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

// images returns up to n held-out images, or training images if nothing is held out.
func (t *training) images(n int) ([]float32, error) {
	set := t.set
	if t.held != nil {
		set = t.held
	}
	n = min(n, set.Len())
	return data.EvenlySpaced(context.Background(), set, n, set.Len())
}

// validate records the mean squared error of the denoiser on held-out images.
func (t *training) validate() error {
	x, err := t.images(heldOutImages)
	if err != nil {
		return err
	}
	mse, err := metric.DenoisingError(t.averaged, x, t.pixels(), metric.NoiseLevels, fixedSeed)
	if err != nil {
		return err
	}
	values := map[string]float64{}
	for i, name := range heldOutColumns() {
		values[name] = mse[i]
	}
	t.report.record(values)
	return nil
}
