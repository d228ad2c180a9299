package kernel

import "slices"

// Group normalisation is an affine map for each image and channel, x scale + shift, once the statistics are known.
// These kernels take an activation as rows of channels, one row for each pixel, and one coefficient for each channel.

// Affine computes dst = x scale + shift.
func Affine(dst, x, scale, shift []float32) {
	channels := len(scale)
	checkLength("Affine", "x", len(x), len(dst))
	checkLength("Affine", "shift", len(shift), channels)
	checkRows("Affine", "dst", len(dst), channels)
	if useAVX2 {
		affineAVX2(dst, x, scale, shift)
		return
	}
	for i := 0; i < len(x); i += channels {
		row := dst[i:]
		for c, v := range x[i:][:channels] {
			row[c] = v*scale[c] + shift[c]
		}
	}
}

// AffineSiLU computes dst = silu(x scale + shift).
func AffineSiLU(dst, x, scale, shift []float32) {
	channels := len(scale)
	checkLength("AffineSiLU", "x", len(x), len(dst))
	checkLength("AffineSiLU", "shift", len(shift), channels)
	checkRows("AffineSiLU", "dst", len(dst), channels)
	if useAVX2 {
		affineSiLUAVX2(dst, x, scale, shift)
		return
	}
	for i := 0; i < len(x); i += channels {
		row := dst[i:]
		for c, v := range x[i:][:channels] {
			v = v*scale[c] + shift[c]
			row[c] = v * sigmoid(v)
		}
	}
}

// blockRows is how many rows of a channel are added in float32 before their sum is added to a float64 sum. Blocks are
// counted from the start of the slice. Callers who want bits that do not depend on the batch pass one image at a time.
const blockRows = 64

// AffineSiLUBackward is the first pass of the gradient of silu(v), v = x scale + shift, where g is the gradient with
// respect to silu(v). It writes dv = g silu'(v), the gradient with respect to v. Over the rows it adds the sum of dv to
// sumDv and that of dv x to sumDvX: the gradients of shift and of scale. dv may be g.
func AffineSiLUBackward(dv, x, g, scale, shift []float32, sumDv, sumDvX []float64) {
	channels := len(scale)
	checkLength("AffineSiLUBackward", "x", len(x), len(dv))
	checkLength("AffineSiLUBackward", "g", len(g), len(dv))
	checkLength("AffineSiLUBackward", "shift", len(shift), channels)
	checkLength("AffineSiLUBackward", "sumDv", len(sumDv), channels)
	checkLength("AffineSiLUBackward", "sumDvX", len(sumDvX), channels)
	checkRows("AffineSiLUBackward", "dv", len(dv), channels)
	if useAVX2 {
		for i := 0; i < len(x); i += blockRows * channels {
			end := min(i+blockRows*channels, len(x))
			affineSiLUBackwardAVX2(dv[i:end], x[i:end], g[i:end], scale, shift, sumDv, sumDvX)
		}
		return
	}
	for i := 0; i < len(x); i += channels {
		dvRow, gRow := dv[i:], g[i:]
		for c, v := range x[i:][:channels] {
			d := gRow[c] * siluSlope(v*scale[c]+shift[c])
			dvRow[c] = d
			sumDv[c] += float64(d)
			sumDvX[c] += float64(d) * float64(v)
		}
	}
}

// AffineBackward is the first pass of the gradient of v = x scale + shift, where g is the gradient with respect to v.
// Over the rows it adds the sum of g to sumG and that of g x to sumGX: the gradients of shift and of scale.
func AffineBackward(x, g []float32, sumG, sumGX []float64) {
	checkLength("AffineBackward", "g", len(g), len(x))
	checkLength("AffineBackward", "sumGX", len(sumGX), len(sumG))
	checkRows("AffineBackward", "x", len(x), len(sumG))
	channelProducts(x, g, sumG, sumGX)
}

// AffineCombine computes dst = a dv + b x + d, the second pass of the gradient of a normalisation. The statistics
// depend on x too, which adds a term linear in x and a constant.
func AffineCombine(dst, dv, x, a, b, d []float32) {
	channels := len(a)
	checkLength("AffineCombine", "dv", len(dv), len(dst))
	checkLength("AffineCombine", "x", len(x), len(dst))
	checkLength("AffineCombine", "b", len(b), channels)
	checkLength("AffineCombine", "d", len(d), channels)
	checkRows("AffineCombine", "dst", len(dst), channels)
	if useAVX2 {
		affineCombineAVX2(dst, dv, x, a, b, d)
		return
	}
	for i := 0; i < len(x); i += channels {
		row, dvRow := dst[i:], dv[i:]
		for c, v := range x[i:][:channels] {
			row[c] = a[c]*dvRow[c] + b[c]*v + d[c]
		}
	}
}

// ChannelSums adds the sum over the rows of x to sum. The gradient of a bias is such a sum.
func ChannelSums(x []float32, sum []float64) {
	channels := len(sum)
	checkRows("ChannelSums", "x", len(x), channels)
	if useAVX2 {
		for block := range slices.Chunk(x, blockRows*channels) {
			channelSumsAVX2(block, sum)
		}
		return
	}
	for i := 0; i < len(x); i += channels {
		for c, v := range x[i:][:channels] {
			sum[c] += float64(v)
		}
	}
}

// ChannelMoments adds the sum over the rows of x to sum, and that of x^2 to sumSquares.
func ChannelMoments(x []float32, sum, sumSquares []float64) {
	checkLength("ChannelMoments", "sumSquares", len(sumSquares), len(sum))
	checkRows("ChannelMoments", "x", len(x), len(sum))
	channelProducts(x, x, sum, sumSquares)
}

// channelProducts adds, over the rows, the sum of g to sumG and that of g x to sumGX.
func channelProducts(x, g []float32, sumG, sumGX []float64) {
	channels := len(sumG)
	if useAVX2 {
		for i := 0; i < len(x); i += blockRows * channels {
			end := min(i+blockRows*channels, len(x))
			channelProductsAVX2(x[i:end], g[i:end], sumG, sumGX)
		}
		return
	}
	for i := 0; i < len(x); i += channels {
		gRow := g[i:]
		for c, v := range x[i:][:channels] {
			sumG[c] += float64(gRow[c])
			sumGX[c] += float64(gRow[c]) * float64(v)
		}
	}
}
