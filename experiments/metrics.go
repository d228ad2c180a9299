package experiments

import "tweedie/experiments/strict"

// Metrics is the table [metrics], which asks for scores. Samples of a walk without a measurement are compared, as a
// set, with training images; samples of a measurement are each compared with the truth. Package metric lists the
// scores.
type Metrics struct {
	Reference int  // most training images to compare with
	Features  int  // most principal components in which sets are compared
	Linear    bool // whether the best linear estimates are scored too
}

// Fields are the keys of [metrics].
func (m *Metrics) Fields() []strict.Field {
	return []strict.Field{
		strict.Optional("reference", &m.Reference, 4000, strict.AtLeast(2)).
			Doc("training images, at most, that samples are compared with, and that `linear` is fitted to; memorised " +
				"ones are looked for among three times as many"),
		strict.Optional("features", &m.Features, 64, strict.AtLeast(1)).
			Doc("principal components, at most, in which distributions are compared"),
		strict.Optional("linear", &m.Linear, false).
			Doc("whether samples of a measurement are scored beside the best linear estimates " +
				"(psnr-linear, ssim-linear); they take up to 1 GiB of memory"),
	}
}
