package metric

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"tweedie/sample/result"
)

// The streams of a Reference's seed, beside those of the directions of projection, which count from 0.
const (
	principalStream = 1<<63 + iota
	floorStream
)

// ReferenceOptions are the settings of a Reference. A zero is the default.
type ReferenceOptions struct {
	Features    int    // principal components, 64; at most as many as the images have
	Projections int    // directions of the sliced Wasserstein distance, 256
	Neighbours  int    // k of precision, recall, density and coverage, 5
	Seed        uint64 // of the directions, and of the images that Floor draws
}

// A Reference is what sets of samples are compared with: one half of some training images, at the even places. The other half, at the
// odd places, tells what the same scores are between real images: no difference between samples below that floor means anything.
//
// Features are the principal components of the reference half: linear, and of these images alone, unlike those of the Inception
// network by which FID and KID are defined, so that no value here compares with a published one. All scores depend on the number
// of samples; the Frechet distance falls, and recall and coverage rise, with it. Compare equal numbers only.
//
// A Reference is safe for concurrent use.
type Reference struct {
	options        ReferenceOptions
	training, held stack
	mean           []float64 // of training

	basis       *mat.Dense // of the features, pixels by their number
	variance    []float64  // of each feature in training
	real        manifold   // in features
	whitened    *mat.Dense // features of unit variance
	kernelMean  float64    // within whitened
	projections [][]float64
}

// NewReference returns the Reference of images, NCHW in [-1, 1] of so many pixels each, which it keeps and which may be in order of
// classes. Needed are at least 2(k+1) images. Fewer, images of another size, values that are not finite, images that are all equal and
// negative options are errors.
//
// With n images of d pixels, f features and P projections it takes O(n d (f + P) + n^2 f) operations: a second or two for 4000
// images of 28 x 28.
func NewReference(images []float32, pixels int, o ReferenceOptions) (*Reference, error) {
	o.Features, o.Projections, o.Neighbours = cmp.Or(o.Features, 64), cmp.Or(o.Projections, 256), cmp.Or(o.Neighbours, 5)
	if o.Features < 1 || o.Projections < 1 || o.Neighbours < 1 {
		return nil, fmt.Errorf("metric: %d features, %d projections and %d neighbours: none may be negative",
			o.Features, o.Projections, o.Neighbours)
	}
	if err := checkSet("reference images", images, pixels, 2*(o.Neighbours+1)); err != nil {
		return nil, err
	}
	r := &Reference{options: o, training: stack{images, pixels, 2}, held: stack{images[pixels:], pixels, 2}}
	r.mean = r.training.mean()
	var err error
	r.basis, r.variance, err = principal(r.training, r.mean, o.Features, rand.New(rand.NewPCG(o.Seed, principalStream)))
	if err != nil {
		return nil, err
	}
	if len(r.variance) == 0 {
		return nil, errors.New("metric: reference images at even places are all equal: they must differ to have features")
	}
	r.real = r.manifold(r.training)
	r.whitened = r.whiten(r.real.points)
	r.kernelMean = kernelMean(r.whitened, r.whitened)
	r.projections = project(r.training, r.mean, o.Projections, o.Seed)
	return r, nil
}

// Measure compares samples, NCHW in [-1, 1], with the reference half. The scores are, in this order,
//
//   - sliced Wasserstein: the 2-Wasserstein distance of projections on random directions of unit length in pixel space, root mean square
//     over the directions. A shift of all images by s is worth about |s|/sqrt(pixels);
//   - Frechet distance, PCA f: the squared Frechet distance of two Gaussians with the mean and the covariance of f features. That
//     of few samples is biased upwards, even of real ones: compare with Floor at the same n;
//   - kernel distance, PCA f: the unbiased estimate of the squared maximum mean discrepancy (Gretton et al., JMLR 13, 2012) with
//     the kernel (x.y/f + 1)^3 of KID (Binkowski et al., ICLR 2018), of features scaled to unit variance. It may be negative;
//   - precision and recall (Kynkaanniemi et al., NeurIPS 2019), density and coverage (Naeem et al., ICML 2020), with balls that
//     reach to the k-th nearest neighbour in the features. Smooth images are near many others: precision does not tell them from real
//     ones, while their density, which for real ones is 1 on average, is higher, so that neither a high nor a low one is best;
//   - nearest training image: the median over samples of the root mean square per pixel of the difference to the nearest image of
//     the reference half. Near 0 samples are memorised; the floor is the distance of real images that the half does not contain.
//
// They do not depend on the order of the samples, up to rounding. Fewer than k+1 samples, samples of another size and values that
// are not finite are errors.
func (r *Reference) Measure(samples []float32) ([]result.Score, error) {
	pixels, k := r.training.pixels, r.options.Neighbours
	if err := checkSet("samples", samples, pixels, k+1); err != nil {
		return nil, err
	}
	s := stack{samples, pixels, 1}
	n, features := s.len(), len(r.variance)
	drawn := r.manifold(s)
	distance, err := frechet(r.variance, drawn.points)
	if err != nil {
		return nil, err
	}
	whitened := r.whiten(drawn.points)
	kernel := r.kernelMean + kernelMean(whitened, whitened) - 2*kernelMean(whitened, r.whitened)
	cover := compare(r.real, drawn, k)
	sliced := slicedWasserstein(project(s, r.mean, len(r.projections), r.options.Seed), r.projections)
	return []result.Score{
		{Key: "sliced-wasserstein", Name: "sliced Wasserstein", Value: sliced, N: n, Best: "low"},
		{Key: "frechet-pca", Name: fmt.Sprintf("Frechet distance, PCA %d", features), Value: distance, N: n, Best: "low"},
		{Key: "kernel-pca", Name: fmt.Sprintf("kernel distance, PCA %d", features), Value: kernel, N: n, Best: "low"},
		{Key: "precision", Name: "precision", Value: cover.precision, N: n, Best: "high"},
		{Key: "recall", Name: "recall", Value: cover.recall, N: n, Best: "high"},
		{Key: "density", Name: "density", Value: cover.density, N: n},
		{Key: "coverage", Name: "coverage", Value: cover.coverage, N: n, Best: "high"},
		{Key: "nearest", Name: "nearest training image", Value: median(nearestImages(s, r.training, r.mean)), N: n},
	}, nil
}

// Floor returns the scores of n real images that the reference half does not contain, drawn from the other half without repetition:
// what samples that are as good as real would have. Those of a smaller n are among those of a larger. It is an error if the other half
// has fewer than n.
func (r *Reference) Floor(n int) ([]result.Score, error) {
	if most := r.held.len(); n > most {
		return nil, fmt.Errorf("metric: a floor of %d real images: only %d are not in the reference", n, most)
	}
	images := make([]float32, 0, max(n, 0)*r.held.pixels)
	order := rand.New(rand.NewPCG(r.options.Seed, floorStream)).Perm(r.held.len())
	for _, i := range order[:max(n, 0)] {
		images = append(images, r.held.image(i)...)
	}
	return r.Measure(images)
}

func (r *Reference) manifold(s stack) manifold {
	points := s.times(r.mean, r.basis)
	return manifold{points, radii(points, r.options.Neighbours)}
}

func (r *Reference) whiten(features *mat.Dense) *mat.Dense {
	scale := mat.NewDiagDense(len(r.variance), nil)
	for j, v := range r.variance {
		scale.SetDiag(j, 1/math.Sqrt(v))
	}
	var whitened mat.Dense
	whitened.Mul(features, scale)
	return &whitened
}

// checkSet is an error unless values are finite and at least so many images.
func checkSet(what string, values []float32, pixels, least int) error {
	if pixels < 1 || len(values)%pixels != 0 {
		return fmt.Errorf("metric: %s: %d values are not a whole number of images of %d pixels", what, len(values), pixels)
	}
	if n := len(values) / pixels; n < least {
		return fmt.Errorf("metric: %s: there are %d, and at least %d are needed", what, n, least)
	}
	if i := notFinite(values, pixels); i >= 0 {
		return fmt.Errorf("metric: %s: number %d, counted from 0, has a value that is not finite", what, i)
	}
	return nil
}

func median(of []float64) float64 {
	slices.Sort(of)
	return (of[(len(of)-1)/2] + of[len(of)/2]) / 2
}
