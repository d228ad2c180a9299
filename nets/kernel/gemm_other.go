//go:build !amd64

package kernel

func tile6x16AVX2(c *float32, ldc int, a *float32, offsets *[6]int, k, segments, stride int, b, bias, init *float32, ldi int) {
	panic("kernel: AVX2 on another processor")
}

func outer12x16AVX512(c *float32, ldc, rows, width int, a *float32, aStep, aRow int, g *float32, gStep, gRow int) {
	panic("kernel: AVX-512 on another processor")
}

func outer6x16AVX2(c *float32, ldc, rows, width int, a *float32, aStep, aRow int, g *float32, gStep, gRow int) {
	panic("kernel: AVX2 on another processor")
}
