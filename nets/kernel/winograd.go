package kernel

import "math"

// Winograd's convolution F(4x4, 3x3) (Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016)
// computes the result in tiles of 4x4 pixels. For inputs d (6x6, neighbouring tiles overlap by two), weights w (3x3)
// and a tile y it is
//
//	y = A^T [(G w G^T) * (B^T d B)] A
//
// where * is elementwise. The sum over input channels becomes 36 matrix products, one for each element of the 6x6 (a
// "plane"), with a quarter of the multiplications. The convolution is bilinear, and so the gradient of the weights is
//
//	dw = G^T [sum over tiles (B^T d B) * (A dy A^T)] G.
//
// The matrices interpolate polynomials at 0, +-1/sqrt 2, +-sqrt 2 and infinity. Rounding errors are twice those of the
// direct sum. With the usual points 0, +-1, +-2 the largest errors would be eight times those of the direct sum.
const (
	tileSide = 4
	patch    = tileSide + 2 // side of the inputs of a tile, in pixels
	planes   = patch * patch
)

const (
	alpha = math.Sqrt2 / 2
	beta  = math.Sqrt2
)

// winograd reports whether this algorithm computes the result. It is faster than the direct sum if channels fill whole
// vectors and at least half of the tiles' pixels lie in the image. The two round differently, so the choice depends on
// neither N nor the machine.
func (c Conv) winograd() bool {
	return c.Stride == 1 && c.In%8 == 0 && c.Out%8 == 0 && c.In >= 16 && c.inside() >= 0.5
}

// winogradForWeights reports the same for the gradient of the weights, where pixels outside the image cost more.
func (c Conv) winogradForWeights() bool { return c.winograd() && c.inside() >= 2./3 }

// inside is the share of the tiles' pixels that lie in the image.
func (c Conv) inside() float64 {
	return float64(c.H*c.W) / float64(c.tilesHigh()*c.tilesWide()*tileSide*tileSide)
}

// A transform is a linear map of the values in a row or a column, by one of the matrices above.
type transform int

const (
	inputTransform          transform = iota // B^T
	outputTransform                          // A^T
	gradientTransform                        // A
	weightTransform                          // G
	weightGradientTransform                  // G^T
)

var matrices = [...][][]float32{
	inputTransform: {
		{1, 0, -2.5, 0, 1, 0},
		{0, -beta, -2, alpha, 1, 0},
		{0, beta, -2, -alpha, 1, 0},
		{0, -alpha, -0.5, beta, 1, 0},
		{0, alpha, -0.5, -beta, 1, 0},
		{0, 1, 0, -2.5, 0, 1},
	},
	outputTransform: {
		{1, 1, 1, 1, 1, 0},
		{0, alpha, -alpha, beta, -beta, 0},
		{0, 0.5, 0.5, 2, 2, 0},
		{0, alpha / 2, -alpha / 2, 2 * beta, -2 * beta, 1},
	},
	gradientTransform: {
		{1, 0, 0, 0},
		{1, alpha, 0.5, alpha / 2},
		{1, -alpha, 0.5, -alpha / 2},
		{1, beta, 2, 2 * beta},
		{1, -beta, 2, -2 * beta},
		{0, 0, 0, 1},
	},
	weightTransform: {
		{1, 0, 0},
		{-2. / 3, -beta / 3, -1. / 3},
		{-2. / 3, beta / 3, -1. / 3},
		{1. / 6, beta / 6, 1. / 3},
		{1. / 6, -beta / 6, 1. / 3},
		{0, 0, 1},
	},
	weightGradientTransform: {
		{1, -2. / 3, -2. / 3, 1. / 6, 1. / 6, 0},
		{0, -beta / 3, beta / 3, beta / 6, -beta / 6, 0},
		{0, -1. / 3, -1. / 3, 1. / 3, 1. / 3, 1},
	},
}

// apply transforms `count` groups of n values. src has one slice for each column of the matrix m, dst one row for each
// of m's rows:
//
//	dst[k*row+t*step+i] = sum_j m[k][j] src[j][t*srcStep+i],   i < n, t < count.
//
// n is a multiple of 8. dst does not overlap src.
func (f transform) apply(dst []float32, row, step int, src *[patch][]float32, srcStep, n, count int) {
	if useAVX2 {
		switch f {
		case inputTransform:
			inputTransformAVX2(&dst[0], row, step, src, srcStep, n, count)
		case outputTransform:
			outputTransformAVX2(&dst[0], row, step, src, srcStep, n, count)
		case gradientTransform:
			gradientTransformAVX2(&dst[0], row, step, src, srcStep, n, count)
		case weightTransform:
			weightTransformAVX2(&dst[0], row, step, src, srcStep, n, count)
		case weightGradientTransform:
			weightGradientTransformAVX2(&dst[0], row, step, src, srcStep, n, count)
		}
		return
	}
	for k, coefficients := range matrices[f] {
		for t := range count {
			to := dst[k*row+t*step:][:n]
			clear(to)
			for j, m := range coefficients {
				if m == 0 {
					continue
				}
				for i, v := range src[j][t*srcStep:][:n] {
					to[i] += m * v
				}
			}
		}
	}
}

// strip6x16 computes c = a b for 6*strips rows of a and one packed panel b (k x 16). Rows of c are ldc apart, those of
// a lda. k is a multiple of 4.
func strip6x16(c []float32, ldc int, a []float32, lda, strips, k int, b []float32) {
	if useAVX2 {
		if pairs := strips / 2; useAVX512 && pairs > 0 {
			strip12x16AVX512(&c[0], ldc, &a[0], lda, pairs, k, &b[0])
			if strips -= 2 * pairs; strips == 0 {
				return
			}
			c, a = c[2*tileRows*pairs*ldc:], a[2*tileRows*pairs*lda:]
		}
		strip6x16AVX2(&c[0], ldc, &a[0], lda, strips, k, &b[0])
		return
	}
	var bias [tileColumns]float32
	var offsets [tileRows]int
	for first := 0; first < strips*tileRows; first += tileRows {
		for r := range offsets {
			offsets[r] = (first + r) * lda
		}
		tile6x16(c[first*ldc:], ldc, a, &offsets, k, 1, 0, b, bias[:], nil, 0)
	}
}
