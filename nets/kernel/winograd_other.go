//go:build !amd64

package kernel

func inputTransformAVX2(dst *float32, row, step int, src *[6][]float32, from, n, count int) {
	panic(noAVX2)
}

func outputTransformAVX2(dst *float32, row, step int, src *[6][]float32, from, n, count int) {
	panic(noAVX2)
}

func gradientTransformAVX2(dst *float32, row, step int, src *[6][]float32, from, n, count int) {
	panic(noAVX2)
}

func weightTransformAVX2(dst *float32, row, step int, src *[6][]float32, from, n, count int) {
	panic(noAVX2)
}

func weightGradientTransformAVX2(dst *float32, row, step int, src *[6][]float32, from, n, count int) {
	panic(noAVX2)
}

func outputRowsAVX2(dst *float32, row, step, rows int, src *float32, from, n, count int, bias, init *float32) {
	panic(noAVX2)
}

func strip6x16AVX2(c *float32, ldc int, a *float32, lda, strips, k int, b *float32) { panic(noAVX2) }

func strip12x16AVX512(c *float32, ldc int, a *float32, lda, pairs, k int, b *float32) { panic(noAVX2) }
