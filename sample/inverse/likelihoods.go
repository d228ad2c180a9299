package inverse

import "fmt"

// Likelihoods are those of several measurements, one for each image of a walk: image i is
// explained by measurement i. All have the same operator's shape and the same eta.
type Likelihoods []*Likelihood

// Eta is the standard deviation of the noise in every measurement.
func (ls Likelihoods) Eta() float64 { return ls[0].Eta() }

// Gradient writes what each Likelihood's does for its image. x and dst hold as many images
// as there are likelihoods.
func (ls Likelihoods) Gradient(dst, x []float32) error {
	pixels := ls[0].a.Image().Len()
	if len(x) != len(ls)*pixels || len(dst) != len(x) {
		return fmt.Errorf("inverse: gradient of %d values at %d: both must be %d images of %v", len(dst), len(x), len(ls), ls[0].a.Image())
	}
	for i, l := range ls {
		if err := l.Gradient(dst[i*pixels:][:pixels], x[i*pixels:][:pixels]); err != nil {
			return err
		}
	}
	return nil
}
