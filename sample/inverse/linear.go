package inverse

import (
	"fmt"
	"slices"
)

// Denoising measures the image itself: A is the identity.
func Denoising(image Shape) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	return newLinear(image, image, true), nil
}

// Colorization measures the gray image of a colour image, its luma by Rec. 601. It reports images that do not have 3
// channels.
func Colorization(image Shape) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	if image.Channels != 3 {
		return nil, fmt.Errorf("inverse: colorization of images of %d channels: must be 3", image.Channels)
	}
	luma := newTable(3, 1, func(_ int, add func(int, float64)) {
		add(0, 0.299)
		add(1, 0.587)
		add(2, 0.114)
	})
	gray := Shape{1, image.Height, image.Width}
	return newLinear(image, gray, true, stage{luma, 1, gray.Len()}), nil
}

// linear is an operator that applies stages one after another. Its adjoint applies their transposes in reverse order.
type linear struct {
	image, measurement Shape
	stages, transposed []stage
	picture            bool // whether the measurement is an image, perhaps smaller or gray
}

// newLinear returns the operator of these stages. Without stages it is the identity.
func newLinear(image, measurement Shape, picture bool, stages ...stage) *linear {
	l := &linear{image: image, measurement: measurement, picture: picture, stages: stages}
	for _, s := range slices.Backward(stages) {
		l.transposed = append(l.transposed, s.transpose())
	}
	return l
}

// separable returns the operator that applies one table to the columns of an image and another to its rows.
func separable(image Shape, columns, rows table) *linear {
	y := Shape{image.Channels, len(columns.rows), len(rows.rows)}
	return newLinear(image, y, true,
		stage{columns, image.Channels, image.Width},
		stage{rows, image.Channels * y.Height, 1})
}

func (l *linear) Image() Shape       { return l.image }
func (l *linear) Measurement() Shape { return l.measurement }

func (l *linear) Apply(dst, x []float32) {
	checkLengths(l, x, dst)
	run(l.stages, dst, x)
}

func (l *linear) Adjoint(dst, y []float32) {
	checkLengths(l, dst, y)
	run(l.transposed, dst, y)
}

func run(stages []stage, dst, src []float32) {
	if len(stages) == 0 {
		copy(dst, src)
		return
	}
	last := len(stages) - 1
	for _, s := range stages[:last] {
		next := make([]float32, s.len())
		s.apply(next, src)
		src = next
	}
	stages[last].apply(dst, src)
}
