package exact

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// A Prior is a distribution of images whose MMSE denoiser is known, and from which images can be drawn.
type Prior interface {
	// Denoise is that of nets.Denoiser.
	Denoise(dst, x []float32, sigma float64) error

	// Draw overwrites dst, one image, with a sample of the prior. It draws from rng alone, and panics if dst has
	// another length.
	Draw(dst []float32, rng *rand.Rand)
}

// Draw implements Prior. With z ~ N(0, I), the image is mu + B z, where B B^T = C is the covariance: B is P itself if
// the Gaussian was made of few images, and otherwise P L with the Cholesky factor L of T. It takes O(d r) operations.
func (g *Gaussian) Draw(dst []float32, rng *rand.Rand) {
	checkImage(dst, len(g.mean))
	z := make([]float64, len(g.t.diagonal))
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	if !g.gram {
		z = g.t.colour(z)
	}
	var x mat.VecDense
	x.MulVec(g.basis, mat.NewVecDense(len(z), z))
	for j := range dst {
		dst[j] = float32(g.mean[j] + x.AtVec(j))
	}
}

// colour returns L z, where L L^T = T is the Cholesky factor of a positive semidefinite T. L has two diagonals.
func (t tridiagonal) colour(z []float64) []float64 {
	coloured := make([]float64, len(z))
	below := 0.0 // of L: row i, column i-1
	for i, d := range t.diagonal {
		if i > 0 {
			coloured[i] = below * z[i-1]
		}
		rest := d - below*below
		if rest <= 1e-14*d { // rounding: T is singular here
			below = 0
			continue
		}
		l := math.Sqrt(rest)
		coloured[i] += l * z[i]
		if i < len(t.off) {
			below = t.off[i] / l
		}
	}
	return coloured
}

// Draw implements Prior: it chooses a component by its weight, and draws from it.
func (m *Mixture) Draw(dst []float32, rng *rand.Rand) {
	u := rng.Float64()
	last := len(m.components) - 1
	for j, g := range m.components {
		if u -= m.weight(j); u < 0 || j == last {
			g.Draw(dst, rng)
			return
		}
	}
}

// Draw implements Prior: it chooses an image of the set.
func (s *Data) Draw(dst []float32, rng *rand.Rand) {
	checkImage(dst, s.pixels)
	i := rng.IntN(len(s.images) / s.pixels)
	copy(dst, s.images[i*s.pixels:][:s.pixels])
}

// Draw implements Prior.
func (g *Isotropic) Draw(dst []float32, rng *rand.Rand) {
	checkImage(dst, len(g.mean))
	for j := range dst {
		dst[j] = g.mean[j] + float32(math.Sqrt(float64(g.variance[j]))*rng.NormFloat64())
	}
}

// checkImage panics unless an image has d values.
func checkImage(image []float32, d int) {
	if len(image) != d {
		panic("exact: a drawn image has another length than those of the prior")
	}
}
