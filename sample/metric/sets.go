package metric

import (
	"fmt"
	"slices"
	"sync"

	"tweedie/sample/result"
)

// A setMetric compares a set of samples with the reference half of a Reference.
type setMetric struct {
	Metric
	inFeatures bool // whether the number of features is added to its name
	measure    func(*comparison) (float64, error)
}

var setMetrics = []setMetric{
	// The 2-Wasserstein distance of projections on random directions of unit length in pixel space, root mean square
	// over the directions. A shift of all images by s is worth about |s|/sqrt(pixels).
	{Metric{Key: "sliced-wasserstein", Name: "sliced Wasserstein", Best: result.Low}, false,
		(*comparison).slicedWasserstein},

	// The squared Frechet distance of two Gaussians with the means and the covariances of the features. That of few
	// samples is biased upwards, even for real images: compare with Floor at the same number.
	{Metric{Key: "frechet-pca", Name: "Frechet distance", Best: result.Low}, true, (*comparison).frechet},

	// The unbiased estimate of the squared maximum mean discrepancy (Gretton et al., JMLR 13, 2012) with the kernel
	// (x.y/f + 1)^3 of KID (Binkowski et al., ICLR 2018), on f features scaled to unit variance. It may be negative.
	{Metric{Key: "kernel-pca", Name: "kernel distance", Best: result.Low}, true, (*comparison).kernelDistance},

	// Precision and recall (Kynkaanniemi et al., NeurIPS 2019), density and coverage (Naeem et al., ICML 2020), with
	// balls in feature space that reach to the k-th nearest neighbour. Smooth images are near many others: precision
	// does not tell them from real ones. Their density is higher than that of real images, which is 1 on average, so
	// neither a high nor a low density is best.
	{Metric{Key: "precision", Name: "precision", Best: result.High}, false,
		func(c *comparison) (float64, error) { return c.overlap().precision, nil }},
	{Metric{Key: "recall", Name: "recall", Best: result.High}, false,
		func(c *comparison) (float64, error) { return c.overlap().recall, nil }},
	{Metric{Key: "density", Name: "density"}, false,
		func(c *comparison) (float64, error) { return c.overlap().density, nil }},
	{Metric{Key: "coverage", Name: "coverage", Best: result.High}, false,
		func(c *comparison) (float64, error) { return c.overlap().coverage, nil }},

	// The median over samples of the root mean square difference per pixel to the nearest image of the reference half.
	// Near 0, samples are memorised; the floor is the distance of real images that the half does not contain.
	{Metric{Key: "nearest", Name: "nearest training image"}, false, (*comparison).nearest},
}

// A comparison is a set of samples beside a Reference. What several metrics need is computed once, on first use.
type comparison struct {
	*Reference
	samples imageSet
	drawn   func() manifold // of the samples' features
	overlap func() overlap
}

func (r *Reference) compare(samples imageSet) *comparison {
	c := &comparison{Reference: r, samples: samples}
	c.drawn = sync.OnceValue(func() manifold { return r.manifold(samples) })
	c.overlap = sync.OnceValue(func() overlap { return overlapOf(r.real, c.drawn(), r.options.Neighbours) })
	return c
}

func (c *comparison) slicedWasserstein() (float64, error) {
	directions := len(c.projections)
	return slicedWasserstein(project(c.samples, c.mean, directions, c.options.Seed), c.projections), nil
}

func (c *comparison) frechet() (float64, error) { return frechet(c.variance, c.drawn().points) }

func (c *comparison) kernelDistance() (float64, error) {
	whitened := c.whiten(c.drawn().points)
	return c.kernelMean + kernelMean(whitened, whitened) - 2*kernelMean(whitened, c.whitened), nil
}

func (c *comparison) nearest() (float64, error) {
	return median(nearestImages(c.samples, c.training, c.mean)), nil
}

// Measure compares samples, NCHW in [-1, 1], with the reference half, and returns the scores of all set metrics, in the
// order of All. They do not depend on the order of the samples, up to rounding. Fewer than k+1 samples, samples of
// another size and values that are not finite are errors.
func (r *Reference) Measure(samples []float32) ([]result.Score, error) {
	pixels := r.training.pixels
	if err := checkSet("samples", samples, pixels, r.options.Neighbours+1); err != nil {
		return nil, err
	}
	c := r.compare(imageSet{samples, pixels, 1})
	var scores []result.Score
	for _, m := range setMetrics {
		value, err := m.measure(c)
		if err != nil {
			return nil, err
		}
		if m.inFeatures {
			m.Name = fmt.Sprintf("%s, PCA %d", m.Name, len(r.variance))
		}
		scores = append(scores, m.score(value, c.samples.len()))
	}
	return scores, nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
