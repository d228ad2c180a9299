package kernel

// AffineSiLUBackward is the first pass of the gradient of silu(v), v = x scale + shift, for the gradient g of its
// result. It writes dv = g silu'(v), and adds to sumDv the sum over the rows of dv and to sumDvX that of dv x: the
// gradients of shift and of scale. dv may be g.
func AffineSiLUBackward(dv, x, g, scale, shift []float32, sumDv, sumDvX []float64) {
	channels := len(scale)
	sameLength("AffineSiLUBackward", len(x), len(g), len(dv))
	sameLength("AffineSiLUBackward's coefficients", channels, len(shift), len(sumDv), len(sumDvX))
	wholeRows("AffineSiLUBackward", len(x), channels)
	if useAVX2 {
		for i := 0; i < len(x); i += blockRows * channels {
			end := min(i+blockRows*channels, len(x))
			affineSiLUBackwardAVX2(dv[i:end], x[i:end], g[i:end], scale, shift, sumDv, sumDvX)
		}
		return
	}
	for i := 0; i < len(x); i += channels {
		to, from := dv[i:], g[i:]
		for c, v := range x[i:][:channels] {
			d := from[c] * siluSlope(v*scale[c]+shift[c])
			to[c] = d
			sumDv[c] += float64(d)
			sumDvX[c] += float64(d) * float64(v)
		}
	}
}

// AffineBackward is the first pass of the gradient of v = x scale + shift, for the gradient g of v: it adds to sumG the
// sum over the rows of g and to sumGX that of g x. (dv is g.)
func AffineBackward(x, g []float32, sumG, sumGX []float64) {
	channels := len(sumG)
	sameLength("AffineBackward", len(x), len(g))
	sameLength("AffineBackward's sums", channels, len(sumGX))
	wholeRows("AffineBackward", len(x), channels)
	if useAVX2 {
		for i := 0; i < len(x); i += blockRows * channels {
			end := min(i+blockRows*channels, len(x))
			channelProductsAVX2(x[i:end], g[i:end], sumG, sumGX)
		}
		return
	}
	for i := 0; i < len(x); i += channels {
		from := g[i:]
		for c, v := range x[i:][:channels] {
			sumG[c] += float64(from[c])
			sumGX[c] += float64(from[c]) * float64(v)
		}
	}
}
