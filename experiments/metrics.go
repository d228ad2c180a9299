package experiments

// Metrics is the table [metrics]: that samples are scored, and against what. Samples of a walk without a measurement are compared
// with training images as sets, and those of a measurement each with the truth.
type Metrics struct {
	Reference int // training images compared with, at most; default 4000
	Features  int // principal components in which distributions are compared; default 64
}

func (m *Metrics) fields() []field {
	return []field{
		optional("reference", &m.Reference, 4000, atLeast(2)),
		optional("features", &m.Features, 64, atLeast(1)),
	}
}
