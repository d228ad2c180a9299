package inverse

import "slices"

// linear is an operator made of stages, one after another. Its adjoint applies the
// transposes of the same tables in the opposite order.
type linear struct {
	image, measurement Shape
	stages, transposed []stage
	picture            bool // the measurement is an image, maybe smaller or gray
}

// newLinear returns the operator whose last stage ends in a measurement. Without stages
// it is the identity.
func newLinear(image, measurement Shape, picture bool, stages ...stage) *linear {
	l := &linear{image: image, measurement: measurement, picture: picture, stages: stages}
	for _, s := range slices.Backward(stages) {
		l.transposed = append(l.transposed, s.transpose())
	}
	return l
}

// separable returns the operator that applies one table to the columns of an image and
// another to its rows.
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
