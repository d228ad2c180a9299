package exact

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The eigenvalues are those of the dense covariance, and the variance along the mean is its quadratic form, whether the
// Gaussian was made of many images or of few.
func TestSpectrum(t *testing.T) {
	const d = 12
	for _, n := range []int{300, 7} {
		images := correlated(rand.New(rand.NewPCG(8, 1)), n, d)
		g, err := FitGaussian(images, d)
		if err != nil {
			t.Fatal(err)
		}
		mean, c := moments(images, d)
		var dense mat.EigenSym
		if !dense.Factorize(c, false) {
			t.Fatal("no eigenvalues")
		}
		ascending := dense.Values(nil)
		got := g.Eigenvalues()
		if len(got) != d {
			t.Fatalf("%d images: %d eigenvalues, want %d", n, len(got), d)
		}
		for j, l := range got {
			if want := ascending[d-1-j]; math.Abs(l-want) > 1e-9 {
				t.Errorf("%d images: eigenvalue %d is %g, want %g", n, j, l, want)
			}
		}
		mu := mat.NewVecDense(d, mean)
		wantSquare := mat.Dot(mu, mu)
		square, variance := g.AlongMean()
		if want := mat.Inner(mu, c, mu) / wantSquare; math.Abs(square-wantSquare) > 1e-9 ||
			math.Abs(variance-want) > 1e-9 {
			t.Errorf("%d images: mean square %g and variance %g, want %g and %g", n, square, variance,
				wantSquare, want)
		}
	}
}
