package metric

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// ReferenceOptions are the settings of a Reference. Zero stands for the default.
type ReferenceOptions struct {
	Features    int    // principal components, default 64; at most as many as the images have
	Projections int    // directions of the sliced Wasserstein distance, default 256
	Neighbours  int    // k of precision, recall, density and coverage, default 5
	Seed        uint64 // for directions, principal components, the images of Floor and confidence intervals

	// Shape of an image. Scores of its details are left out if it is not known.
	Shape inverse.Shape

	// Training holds all images among which memorised samples are looked for. Default: those of the Reference.
	Training []float32

	// Classes names the class of each image of Training, such as "7". Without them, samples are not scored by class.
	Classes []string
}

// A Reference is what sets of samples are compared with: one half of some training images, those at even places. The
// other half, at odd places, tells what the same scores are for real images (Floor). A difference between samples that
// is smaller than this noise floor means nothing.
//
// Features are the principal components of the reference half. They are linear and depend on these images alone, unlike
// the features of the Inception network that define FID and KID, so values are not comparable with published ones. All
// scores depend on the number of samples: with more of them, the Frechet distance falls, and recall and coverage rise.
// Compare only scores of equally many samples.
//
// A Reference is safe for concurrent use.
type Reference struct {
	options        ReferenceOptions
	all            imageSet  // of Training
	training, held imageSet  // the two halves
	mean           []float64 // of training

	basis       *mat.Dense  // one column of pixels for each feature
	variance    []float64   // of each feature in training
	real        manifold    // features of training
	whitened    *mat.Dense  // features of training, scaled to unit variance
	kernelMean  float64     // of all pairs within whitened
	projections []line      // of training, for each direction
	classes     *classifier // nil if classes are unknown or cannot be told
}

// NewReference returns a Reference made of images, NCHW in [-1, 1] with the given number of pixels each. It keeps the
// slice. The images may be in any order, even sorted by class. Fewer than 2(k+1) images, images of another size, values
// that are not finite, images that are all equal, negative options and another number of Classes than of images of
// Training are errors.
//
// With n images of d pixels, f features and P projections it takes O(n d (f + P) + n^2 f) operations: a second or two
// for 4000 images of 28 x 28. With Classes of t images of Training, up to 2000 of these are compared with all: 2000 t d
// operations more.
func NewReference(images []float32, pixels int, o ReferenceOptions) (*Reference, error) {
	o.Features, o.Neighbours = cmp.Or(o.Features, 64), cmp.Or(o.Neighbours, 5)
	o.Projections = cmp.Or(o.Projections, 256)
	if o.Features < 1 || o.Projections < 1 || o.Neighbours < 1 {
		return nil, fmt.Errorf("metric: %d features, %d projections and %d neighbours: none may be negative",
			o.Features, o.Projections, o.Neighbours)
	}
	if err := checkSet("reference images", images, pixels, 2*(o.Neighbours+1)); err != nil {
		return nil, err
	}
	if o.Shape != (inverse.Shape{}) && o.Shape.Len() != pixels {
		return nil, fmt.Errorf("metric: images of %d values are not of shape %v", pixels, o.Shape)
	}
	if o.Training == nil {
		o.Training = images
	}
	if err := checkSet("training images", o.Training, pixels, 1); err != nil {
		return nil, err
	}
	r := &Reference{
		options: o, all: imageSet{o.Training, pixels, 1},
		training: imageSet{images, pixels, 2}, held: imageSet{images[pixels:], pixels, 2},
	}
	r.mean = r.training.mean()
	var err error
	r.basis, r.variance, err = principal(r.training, r.mean, o.Features, o.Seed)
	if err != nil {
		return nil, err
	}
	if len(r.variance) == 0 {
		return nil, errors.New(
			"metric: reference images at even places are all equal: they must differ to have features")
	}
	r.real = r.manifold(r.training)
	r.whitened = r.whiten(r.real.points)
	r.kernelMean = kernelMean(r.whitened)
	project(r.training, r.mean, o.Projections, o.Seed, func(_ int, values []float64) {
		slices.Sort(values)
		r.projections = append(r.projections, newLine(values))
	})
	if r.classes, err = newClassifier(r.all, r.mean, o.Classes); err != nil {
		return nil, err
	}
	return r, nil
}

// Floor returns the scores of n real images that the reference half does not contain: those that samples as good as
// real images would have. The images are drawn from the other half without repetition; those of a smaller n are among
// those of a larger one. It is an error if the other half has fewer than n.
func (r *Reference) Floor(n int) ([]result.Score, error) {
	if most := r.held.len(); n > most {
		return nil, fmt.Errorf("metric: a floor of %d real images: only %d are not in the reference", n, most)
	}
	images := make([]float32, 0, max(n, 0)*r.held.pixels)
	order := random.Stream(r.options.Seed, random.MetricFloor, 0).Perm(r.held.len())
	for _, i := range order[:max(n, 0)] {
		images = append(images, r.held.image(i)...)
	}
	return r.measure(images, true)
}

// manifold is that of the images' features.
func (r *Reference) manifold(s imageSet) manifold {
	points := s.times(r.mean, r.basis)
	return manifold{points, radii(points, r.options.Neighbours)}
}

// whiten scales features to unit variance in the reference half.
func (r *Reference) whiten(features *mat.Dense) *mat.Dense {
	scale := mat.NewDiagDense(len(r.variance), nil)
	for j, v := range r.variance {
		scale.SetDiag(j, 1/math.Sqrt(v))
	}
	var whitened mat.Dense
	whitened.Mul(features, scale)
	return &whitened
}

// checkSet returns an error unless values are finite and make up at least the given number of images.
func checkSet(name string, values []float32, pixels, least int) error {
	if pixels < 1 || len(values)%pixels != 0 {
		return fmt.Errorf("metric: %s: %d values are not a whole number of images of %d pixels",
			name, len(values), pixels)
	}
	if n := len(values) / pixels; n < least {
		return fmt.Errorf("metric: %s: there are %d, and at least %d are needed", name, n, least)
	}
	if i := notFinite(values, pixels); i >= 0 {
		return fmt.Errorf("metric: %s: number %d, counted from 0, has a value that is not finite", name, i)
	}
	return nil
}
