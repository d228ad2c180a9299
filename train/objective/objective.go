// Package objective is what a network is trained for: the left half of the paper's table (section 2). It has the
// distribution that sigma is drawn from, and the weight w(sigma) of the squared error in
//
//	E_{sigma, X, n}[ w(sigma) || X - D(X + sigma n, sigma) ||^2 ].
//
// Every row of the table, and any other, is one NoiseLevels with one Weight. The third column, how a network becomes
// the denoiser D, is nets.Parameterization.
//
// The package must not know networks, images, optimizers, files or flags.
package objective

import (
	"math"
	"math/rand/v2"

	"tweedie/nets"
)

// An Objective is a row of the training table.
type Objective struct {
	Noise            NoiseLevels
	Weight           Weight
	Parameterization nets.Parameterization
}

// A Batch holds the inputs and targets of a network F. Its loss is sum_i Weight_i ||F(X_i, C_i) - Target_i||^2.
type Batch struct {
	X, Target []float32 // images, NCHW
	C, Weight []float32 // one value per image
}

// NewBatch returns a batch for n images of the given number of pixels.
func NewBatch(n, pixels int) *Batch {
	return &Batch{make([]float32, n*pixels), make([]float32, n*pixels), make([]float32, n), make([]float32, n)}
}

// Draw fills the batch for clean images X (NCHW, one for each value of b.C). It draws sigma and the noise n of each
// image from rng. The loss of the batch is then the mean over all pixels of
//
//	w(sigma) (X - D(X + sigma n, sigma))^2.
//
// With D = Skip x + Out F(In x, C), that is the squared error of F weighted by w Out^2.
func (o Objective) Draw(b *Batch, images []float32, rng *rand.Rand) {
	pixels := len(images) / len(b.C)
	for i := range b.C {
		sigma := o.Noise.Draw(rng)
		k := o.Parameterization.At(sigma)
		image, noise := o.Parameterization.Target(sigma)
		b.C[i] = float32(k.Noise)
		b.Weight[i] = float32(o.Weight.At(sigma) * k.Out * k.Out / float64(len(images)))
		for j := i * pixels; j < (i+1)*pixels; j++ {
			x, n := float64(images[j]), rng.NormFloat64()
			b.X[j] = float32(k.In * (x + sigma*n))
			b.Target[j] = float32(image*x + noise*n)
		}
	}
}

// Weight is w(sigma), the weight of the squared error of an image at noise level sigma > 0.
type Weight interface {
	At(sigma float64) float64
}

// EDM is the weight (sigma^2 + DataStd^2) / (sigma DataStd)^2 of Karras et al. 2022. With the EDM parameterization, the
// network's own output F then has the same weight at every sigma. DataStd is the standard deviation of the images'
// values.
type EDM struct{ DataStd float64 }

func (e EDM) At(sigma float64) float64 {
	product := sigma * e.DataStd
	return (sigma*sigma + e.DataStd*e.DataStd) / (product * product)
}

// Power is the weight sigma^Exponent. The exponent is -2 for NCSN's own weighting, VE SDE and DDPM, -4 for the NCSN row
// as the paper's table prints it, and 0 for the plain mean squared error.
type Power struct{ Exponent float64 }

func (p Power) At(sigma float64) float64 { return math.Pow(sigma, p.Exponent) }
