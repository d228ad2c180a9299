//go:build !amd64

package kernel

// Other processors have no assembly kernels. There useAVX2 and useAVX512 are false, and nothing calls these functions.

const noAVX2 = "kernel: AVX2 on another processor"

func addAVX2(dst, a, b []float32) { panic(noAVX2) }

func scaleAVX2(dst, a []float32, alpha float32) { panic(noAVX2) }

func dotAVX2(a, b []float32) float64 { panic(noAVX2) }

func squaredErrorAVX2(d, f, target []float32, alpha float32) float64 { panic(noAVX2) }

func expAVX2(dst, x []float32) { panic(noAVX2) }

func siluAVX2(dst, x []float32) { panic(noAVX2) }

func siluBackwardAVX2(dx, x, g []float32) { panic(noAVX2) }

func softmaxAVX2(x []float32, row int, scale float32) { panic(noAVX2) }

func softmaxBackwardAVX2(dx, p, g []float32, row int, scale float32) { panic(noAVX2) }

func affineAVX2(dst, x, scale, shift []float32) { panic(noAVX2) }

func affineSiLUAVX2(dst, x, scale, shift []float32) { panic(noAVX2) }

func affineCombineAVX2(dst, dv, x, a, b, d []float32) { panic(noAVX2) }

func channelSumsAVX2(x []float32, sum []float64) { panic(noAVX2) }

func channelProductsAVX2(x, g []float32, sumG, sumGX []float64) { panic(noAVX2) }

func affineSiLUBackwardAVX2(dv, x, g, scale, shift []float32, sumDv, sumDvX []float64) { panic(noAVX2) }

func adamAVX2(w, g, m, v, ema []float32, gradScale, keep1, take1, keep2, take2, rate, root, epsilon, emaTake float32) {
	panic(noAVX2)
}

func inputTransformAVX2(dst *float32, row, step int, src *[6][]float32, srcStep, n, count int) {
	panic(noAVX2)
}

func outputTransformAVX2(dst *float32, row, step int, src *[6][]float32, srcStep, n, count int) {
	panic(noAVX2)
}

func gradientTransformAVX2(dst *float32, row, step int, src *[6][]float32, srcStep, n, count int) {
	panic(noAVX2)
}

func weightTransformAVX2(dst *float32, row, step int, src *[6][]float32, srcStep, n, count int) {
	panic(noAVX2)
}

func weightGradientTransformAVX2(dst *float32, row, step int, src *[6][]float32, srcStep, n, count int) {
	panic(noAVX2)
}

func outputRowsAVX2(dst *float32, row, step, rows int, src *float32, srcRow, n, count int, bias, init *float32) {
	panic(noAVX2)
}

func strip6x16AVX2(c *float32, ldc int, a *float32, lda, strips, k int, b *float32) { panic(noAVX2) }

func strip12x16AVX512(c *float32, ldc int, a *float32, lda, pairs, k int, b *float32) { panic(noAVX2) }

func tile6x16AVX2(c *float32, ldc int, a *float32, offsets *[6]int, k, segments, stride int,
	b, bias, init *float32, ldi int) {
	panic(noAVX2)
}

func outer12x16AVX512(c *float32, ldc, rows, width int, a *float32, aStep, aRow int, grad *float32, gStep, gRow int) {
	panic(noAVX2)
}

func outer6x16AVX2(c *float32, ldc, rows, width int, a *float32, aStep, aRow int, grad *float32, gStep, gRow int) {
	panic(noAVX2)
}
