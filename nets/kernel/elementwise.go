package kernel

import "fmt"

// Destinations of the elementwise kernels may be one of the sources, from the same first element; overlapping otherwise
// gives undefined values. All panic on lengths that do not fit.

// Add computes dst = a + b.
func Add(dst, a, b []float32) {
	sameLength("Add", len(dst), len(a), len(b))
	if useAVX2 {
		addAVX2(dst, a, b)
		return
	}
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

// AddTo computes dst += a.
func AddTo(dst, a []float32) { Add(dst, dst, a) }

// Scale computes dst = alpha a.
func Scale(dst, a []float32, alpha float32) {
	sameLength("Scale", len(dst), len(a))
	if useAVX2 {
		scaleAVX2(dst, a, alpha)
		return
	}
	for i, v := range a {
		dst[i] = alpha * v
	}
}

// sameLength panics unless n is also every other length.
func sameLength(kernel string, n int, others ...int) {
	for _, other := range others {
		if other != n {
			panic(fmt.Sprintf("kernel: %s of %d and %d values, which should be as many", kernel, n, other))
		}
	}
}

// wholeRows panics unless n values are whole rows.
func wholeRows(kernel string, n, row int) {
	if row < 1 || n%row != 0 {
		panic(fmt.Sprintf("kernel: %s of %d values, which should be whole rows of %d", kernel, n, row))
	}
}
