package exact

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// FitGaussian returns the Gaussian with the mean and the covariance (divided by n) of n images of d pixels. Of all
// affine denoisers it has the least expected error on these images, at every sigma. It reports an empty data set, and
// values that are not a whole number of images or not finite.
//
// It takes O(n d min(n, d) + min(n, d)^3) operations. On two cores this is a second for a few thousand images of d =
// 784 and ten for 60000, five for 1500 images of d = 3072, and a minute for more than 3072 of these.
func FitGaussian(images []float32, pixels int) (*Gaussian, error) {
	if len(images) == 0 {
		return nil, errors.New("exact: no images to fit a Gaussian to")
	}
	if pixels < 1 || len(images)%pixels != 0 {
		return nil, fmt.Errorf("exact: %d values are not a whole number of images of %d pixels", len(images), pixels)
	}
	mean := make([]float64, pixels)
	for i, v := range images {
		mean[i%pixels] += float64(v)
	}
	n := len(images) / pixels
	for j := range mean {
		mean[j] /= float64(n)
		if math.IsNaN(mean[j]) || math.IsInf(mean[j], 0) {
			return nil, fmt.Errorf("exact: pixel %d of the images is not finite in one of them", j)
		}
	}
	if n < pixels {
		return fromFewImages(images, mean)
	}
	return fromCovariance(mean, covariance(images, mean))
}

// covariance returns C = X^T X / n of the centred images X.
func covariance(images []float32, mean []float64) *mat.Dense {
	const batch = 1024 // images converted to float64 at a time
	d := len(mean)
	c := mat.NewDense(d, d, nil)
	for chunk := range slices.Chunk(images, batch*d) {
		x := centred(chunk, mean).RawMatrix()
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, x, x, 1, c.RawMatrix())
	}
	c.Scale(float64(d)/float64(len(images)), c)
	return c
}

// fromFewImages returns the Gaussian of n < d images, from their Gram matrix, n by n. With the centred images X, one
// a row, Y = X/sqrt(n), C = Y^T Y and Y Y^T = Q T Q^T,
//
//	C (C + sigma^2 I)^-1 = Y^T (Y Y^T + sigma^2 I)^-1 Y = P (T + sigma^2 I)^-1 P^T,  P = Y^T Q.
func fromFewImages(images []float32, mean []float64) (*Gaussian, error) {
	y := centred(images, mean)
	n, _ := y.Dims()
	y.Scale(1/math.Sqrt(float64(n)), y)
	var gram, p mat.Dense
	gram.Mul(y, y.T())
	q, t := tridiagonalize(&gram)
	p.Mul(y.T(), q)
	eigenvalues, err := t.eigenvalues()
	if err != nil {
		return nil, err
	}
	return &Gaussian{mean: mean, eigenvalues: eigenvalues, basis: &p, t: t, gram: true}, nil
}
