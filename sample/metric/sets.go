package metric

import (
	"fmt"
	"math"
	"sync"

	"gonum.org/v1/gonum/mat"

	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// A setMetric compares samples with the images of a Reference. It gives a value for each of the comparison's subsets,
// or a single NaN if it is not defined.
type setMetric struct {
	Metric
	inFeatures bool // whether the number of features is added to its name
	isShare    bool // whether it is a share, so that one sample more or less changes it by about 1/n
	measure    func(*comparison) ([]float64, error)
	complete   func(*comparison, *result.Score) // adds to a score what it tells beside its value; nil: nothing
}

var setMetrics = []setMetric{
	// The 2-Wasserstein distance of projections on random directions of unit length in pixel space, root mean square
	// over the directions. A shift of all images by s is worth about |s|/sqrt(pixels).
	{Metric{Key: "sliced-wasserstein", Name: "sliced Wasserstein", Best: result.Low}, false, false,
		(*comparison).slicedWasserstein, nil},

	// The squared Frechet distance of two Gaussians with the means and the covariances of the features. That of few
	// samples is biased upwards, even for real images: compare with Floor at the same number.
	{Metric{Key: "frechet-pca", Name: "Frechet distance", Best: result.Low}, true, false, (*comparison).frechet, nil},

	// The unbiased estimate of the squared maximum mean discrepancy (Gretton et al., JMLR 13, 2012) with the kernel
	// (x.y/f + 1)^3 of KID (Binkowski et al., ICLR 2018), on f features scaled to unit variance. It may be negative.
	{Metric{Key: "kernel-pca", Name: "kernel distance", Best: result.Low}, true, false,
		(*comparison).kernelDistance, nil},

	// Precision and recall (Kynkaanniemi et al., NeurIPS 2019), density and coverage (Naeem et al., ICML 2020), with
	// balls in feature space that reach to the k-th nearest neighbour. Smooth images are near many others: precision
	// does not tell them from real ones. Their density is higher than that of real images, which is 1 on average, so
	// neither a high nor a low density is best.
	{Metric{Key: "precision", Name: "precision", Best: result.High}, false, true,
		func(c *comparison) ([]float64, error) { return c.overlap().precision, nil }, nil},
	{Metric{Key: "recall", Name: "recall", Best: result.High}, false, true,
		func(c *comparison) ([]float64, error) { return c.overlap().recall, nil }, nil},
	{Metric{Key: "density", Name: "density"}, false, false,
		func(c *comparison) ([]float64, error) { return c.overlap().density, nil }, nil},
	{Metric{Key: "coverage", Name: "coverage", Best: result.High}, false, true,
		func(c *comparison) ([]float64, error) { return c.overlap().coverage, nil }, nil},

	// The mean over samples of the noise left in them, and of their sharpness, both by their finest wavelets. Compare
	// with real images: those of few smooth parts seem noisy, and either more or less sharpness than theirs is wrong.
	{Metric{Key: "noise", Name: "noise left", Best: result.Low}, false, false,
		func(c *comparison) ([]float64, error) { return c.meanOf(noiseLevel), nil }, nil},
	{Metric{Key: "sharpness", Name: "sharpness"}, false, false,
		func(c *comparison) ([]float64, error) { return c.meanOf(sharpness), nil }, nil},

	// The mean over samples of the root mean square difference per pixel to the nearest training image, in either half
	// or in neither. It falls by the share of samples that are memorised; the floor is the mean distance of a real
	// image to the nearest of the others.
	{Metric{Key: "nearest", Name: "nearest training image"}, false, false,
		func(c *comparison) ([]float64, error) { return means(c.near().distance, c.subsets), nil }, nil},

	// The share of samples in the class that they lack most, divided by the share of real images in it. A sample's
	// class is that of the nearest training image. It is near 0 if a class is missing. Chance alone keeps it below 1:
	// it is about 0.4 for 512 real images of 36 classes. It is not defined unless classes are known and the nearest
	// image tells them.
	{Metric{Key: "least-class", Name: "least class", Best: result.High}, false, false,
		(*comparison).leastClass, (*comparison).addClasses},
}

// A comparison is a set of samples beside a Reference. What several metrics need is computed once, on first use.
type comparison struct {
	*Reference
	samples imageSet
	known   bool              // whether the samples are training images themselves
	subsets []subset          // of the samples; the first is all of them
	points  func() *mat.Dense // the samples' features
	near    func() nearImages // the samples' nearest training images
	overlap func() overlap
}

func (r *Reference) compare(samples imageSet, known bool) *comparison {
	c := &comparison{Reference: r, samples: samples, known: known}
	c.subsets = subsets(samples.len(), r.options.Neighbours+1, r.options.Seed)
	c.points = sync.OnceValue(func() *mat.Dense { return samples.times(r.mean, r.basis) })
	c.near = sync.OnceValue(func() nearImages { return nearestImages(samples, r.all, r.mean, known) })
	c.overlap = sync.OnceValue(func() overlap {
		return overlapOf(r.real, c.points(), r.options.Neighbours, c.subsets)
	})
	return c
}

// frechet is the distance of each subset.
func (c *comparison) frechet() (values []float64, err error) {
	_, features := c.points().Dims()
	for _, s := range c.subsets {
		rows := mat.NewDense(len(s.chosen), features, nil)
		for i, chosen := range s.chosen {
			rows.SetRow(i, c.points().RawRowView(chosen))
		}
		v, err := frechet(c.variance, rows)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

func (c *comparison) kernelDistance() ([]float64, error) {
	whitened := c.whiten(c.points())
	values := kernelMeans(whitened, c.subsets)
	between := kernelsWith(whitened, c.whitened)
	for b, s := range c.subsets {
		values[b] += c.kernelMean - 2*s.mean(between)
	}
	return values, nil
}

// meanOf is the mean of a number that belongs to each sample.
func (c *comparison) meanOf(number func(image []float32, shape inverse.Shape) float64) []float64 {
	if c.options.Shape == (inverse.Shape{}) {
		return []float64{math.NaN()}
	}
	values := make([]float64, c.samples.len())
	for i := range values {
		values[i] = number(c.samples.image(i), c.options.Shape)
	}
	return means(values, c.subsets)
}

// Measure compares samples, NCHW in [-1, 1], with the reference half, and returns the scores of all set metrics that
// are defined, in the order of All. They do not depend on the order of the samples, up to rounding; their confidence
// intervals do. Fewer than k+1 samples, samples of another size and values that are not finite are errors.
func (r *Reference) Measure(samples []float32) ([]result.Score, error) {
	return r.measure(samples, false)
}

func (r *Reference) measure(samples []float32, known bool) ([]result.Score, error) {
	pixels := r.training.pixels
	if err := checkSet("samples", samples, pixels, r.options.Neighbours+1); err != nil {
		return nil, err
	}
	c := r.compare(imageSet{samples, pixels, 1}, known)
	var scores []result.Score
	for _, m := range setMetrics {
		values, err := m.measure(c)
		if err != nil {
			return nil, err
		}
		if !finite(values[0]) {
			continue
		}
		if m.inFeatures {
			m.Name = fmt.Sprintf("%s, PCA %d", m.Name, len(r.variance))
		}
		resolution := 0.0
		if m.isShare {
			resolution = 1 / float64(c.samples.len())
		}
		s := m.score(values, c.subsets, c.samples.len(), resolution)
		if m.complete != nil {
			m.complete(c, &s)
		}
		scores = append(scores, s)
	}
	return scores, nil
}
