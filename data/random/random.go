// Package random gives every use of random numbers a stream of its own.
//
// A stream is named by a seed, a Purpose and an index. Two streams with different names are independent, whatever the
// seeds are, so noise drawn for one purpose never appears again in another. A stream does not depend on which others
// were used before it, or on how many.
//
// The package must not know what the numbers are used for.
package random

import (
	"encoding/binary"
	"math/rand/v2"
)

// A Purpose is one use of random numbers. Every place that draws has its own, listed here.
type Purpose uint64

// The purposes. Their values are part of every result: add new ones at the end, and never reuse one.
const (
	Initialization     Purpose = iota + 1 // first values of a network's parameters
	TrainingImages                        // choice, crops and flips of a training batch's images; index: the batch
	TrainingNoise                         // noise levels and noise of a training batch; index: the batch
	Walk                                  // start and noise of a random walk; index: the sample
	Operator                              // random masks and projections of a forward operator
	MeasurementNoise                      // noise e of y = A x + e; index: the image
	ValidationNoise                       // noise on images whose denoising error is measured; index: the image
	PreviewNoise                          // noise on the images of a preview
	MetricDirections                      // directions of the sliced Wasserstein distance; index: the direction
	MetricFloor                           // choice of the real images that give a score's noise floor
	PrincipalAxes                         // start of the randomized principal component analysis
	MixtureFit                            // first centres of a Gaussian mixture
	Glyphs                                // shapes of the built-in letters and digits
	Benchmark                             // inputs of speed measurements
	DrawnImages                           // images drawn from a known distribution; index: the image
	LikelihoodNoise                       // noise on images whose likelihood is measured; index: the image
	CalibrationTruths                     // images drawn from a prior to be measured; index: the image
	PosteriorSamples                      // exact samples of a posterior; index: the measurement
	PosteriorFloor                        // the exact samples that these are compared with; index: the measurement
	CoverageReferences                    // reference points and ties of coverage tests; index: the measurement
	CalibrationPriors                     // modes of a mixture to calibrate with
	Resampling                            // subsets that give a score's confidence interval; index: the subset
	last                                  // not a purpose: one more than their number
)

// Stream returns the numbers of one purpose. Equal arguments give equal numbers, on every machine.
func Stream(seed uint64, purpose Purpose, index uint64) *rand.Rand {
	return rand.New(Source(seed, purpose, index))
}

// Source is the source under Stream. The three words are the key of ChaCha8, so no two names share a stream.
func Source(seed uint64, purpose Purpose, index uint64) *rand.ChaCha8 {
	return rand.NewChaCha8(key(seed, purpose, index))
}

// Reset makes source the start of another stream, without allocating: what Source would return.
func Reset(source *rand.ChaCha8, seed uint64, purpose Purpose, index uint64) {
	source.Seed(key(seed, purpose, index))
}

func key(seed uint64, purpose Purpose, index uint64) (key [32]byte) {
	binary.LittleEndian.PutUint64(key[0:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(purpose))
	binary.LittleEndian.PutUint64(key[16:], index)
	return key
}
