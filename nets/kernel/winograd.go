package kernel

import "math"

// Winograd's convolution F(4x4, 3x3) (Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016) computes
// tiles of 4x4 pixels of a result, for inputs d (6x6, tiles overlap by two), weights w (3x3) and a result y, as
//
//	y = A^T [(G w G^T) * (B^T d B)] A
//
// where * is elementwise, so that the sum over input channels becomes 36 matrix products (here "planes"), with a quarter of
// the multiplications. Its gradients are those of a bilinear map,
//
//	dw = G^T [sum over tiles (B^T d B) * (A dy A^T)] G.
//
// The matrices interpolate polynomials at 0, +-1/sqrt 2, +-sqrt 2 and infinity. Rounding errors are twice those of the direct
// sum; with the usual points 0, +-1, +-2 the largest would be four times as large again.
const (
	tileSide = 4
	patch    = tileSide + 2 // pixels on a side of the inputs of a tile
	planes   = patch * patch
)

const (
	alpha = math.Sqrt2 / 2
	beta  = math.Sqrt2
)

// winograd says whether this algorithm computes the result: where channels fill vectors and at least half of the tiles' pixels
// lie in the image, it is the faster one. That depends on neither N nor the machine, for the two round differently.
func (c Conv) winograd() bool {
	return c.Stride == 1 && c.In%8 == 0 && c.Out%8 == 0 && c.In >= 16 && c.inside() >= 0.5
}

// winogradForWeights says the same of the gradient of the weights, where tiles past the image cost more.
func (c Conv) winogradForWeights() bool { return c.winograd() && c.inside() >= 2./3 }

// inside is the share of the tiles' pixels that lie in the image.
func (c Conv) inside() float64 {
	return float64(c.H*c.W) / float64(c.tilesHigh()*c.tilesWide()*tileSide*tileSide)
}

// A transform is one of the matrices: a map between values in a row or column.
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

// apply maps vectors of n values, count of them, from one slice per column of the matrix m to rows of dst:
//
//	dst[k*row+t*step+i] = sum_j m[k][j] src[j][t*from+i],   i < n, t < count.
//
// n is a multiple of 8. dst does not overlap src.
func (f transform) apply(dst []float32, row, step int, src *[patch][]float32, from, n, count int) {
	if useAVX2 {
		switch f {
		case inputTransform:
			inputTransformAVX2(&dst[0], row, step, src, from, n, count)
		case outputTransform:
			outputTransformAVX2(&dst[0], row, step, src, from, n, count)
		case gradientTransform:
			gradientTransformAVX2(&dst[0], row, step, src, from, n, count)
		case weightTransform:
			weightTransformAVX2(&dst[0], row, step, src, from, n, count)
		case weightGradientTransform:
			weightGradientTransformAVX2(&dst[0], row, step, src, from, n, count)
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
				for i, v := range src[j][t*from:][:n] {
					to[i] += m * v
				}
			}
		}
	}
}

// strip6x16 computes strips of tiles of a product with one packed panel b of k x 16: c = a b for 6*strips rows. Rows of c
// are ldc apart, those of a lda; k is a multiple of 4.
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
