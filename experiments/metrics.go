package experiments

import (
	"tweedie/experiments/strict"
)

// Metrics is the table [metrics]: that samples are scored, and against what. Samples of a walk without a measurement are compared
// with training images as sets, and those of a measurement each with the truth.
type Metrics struct {
	Reference int // training images compared with, at most; default 4000
	Features  int // principal components, at most, in which distributions are compared; default 64
}

// Fields are the keys of [metrics].
func (m *Metrics) Fields() []strict.Field {
	return []strict.Field{
		strict.Optional("reference", &m.Reference, 4000, strict.AtLeast(2)).Doc("training images, at most, that samples are compared with"),
		strict.Optional("features", &m.Features, 64, strict.AtLeast(1)).Doc("principal components, at most, in which distributions are compared"),
	}
}
