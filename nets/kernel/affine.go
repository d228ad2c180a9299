package kernel

// The kernels of normalisation see an activation as rows of channels, one row a pixel; each coefficient slice holds one
// value a channel. Group normalisation is an affine map per image and channel, x scale + shift, once the statistics are known.

// Affine computes dst = x scale + shift.
func Affine(dst, x, scale, shift []float32) {
	channels := len(scale)
	sameLength("Affine", len(x), len(dst))
	sameLength("Affine's coefficients", channels, len(shift))
	wholeRows("Affine", len(x), channels)
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
	sameLength("AffineSiLU", len(x), len(dst))
	sameLength("AffineSiLU's coefficients", channels, len(shift))
	wholeRows("AffineSiLU", len(x), channels)
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

// AffineCombine computes dst = a dv + b x + d, the second pass of the backward of a normalisation: the statistics
// depend on x too, which adds a term linear in x and a constant.
func AffineCombine(dst, dv, x, a, b, d []float32) {
	channels := len(a)
	sameLength("AffineCombine", len(x), len(dv), len(dst))
	sameLength("AffineCombine's coefficients", channels, len(b), len(d))
	wholeRows("AffineCombine", len(x), channels)
	if useAVX2 {
		affineCombineAVX2(dst, dv, x, a, b, d)
		return
	}
	for i := 0; i < len(x); i += channels {
		row, g := dst[i:], dv[i:]
		for c, v := range x[i:][:channels] {
			row[c] = a[c]*g[c] + b[c]*v + d[c]
		}
	}
}
