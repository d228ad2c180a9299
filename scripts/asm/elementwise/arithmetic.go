package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// arithmetic writes the kernels that do one or two operations per element, and the sums over all elements.
func arithmetic() {
	kernel("addAVX2", "func(dst, a, b []float32)", "computes dst = a + b.")
	{
		dst, a, b, n := pointer("dst"), pointer("a"), pointer("b"), length("dst")
		each("add", n, 4, func(p place) {
			y := p.load(a)
			VADDPS(p.load(b), y, y)
			p.store(y, dst)
		})
		end()
	}

	kernel("scaleAVX2", "func(dst, a []float32, alpha float32)", "computes dst = alpha a.")
	{
		dst, a, n, alpha := pointer("dst"), pointer("a"), length("dst"), broadcast("alpha")
		each("scale", n, 4, func(p place) {
			y := p.load(a)
			VMULPS(alpha, y, y)
			p.store(y, dst)
		})
		end()
	}

	kernel("dotAVX2", "func(a, b []float32) float64", "returns the sum of a b over one block.")
	{
		a, b, n := pointer("a"), pointer("b"), length("a")
		sums := zeros(4)
		each("dot", n, len(sums), func(p place) {
			VFMADD231PS(p.load(a), p.load(b), sums[p.vector])
		})
		returnSum(sums)
	}

	kernel("squaredErrorAVX2", "func(d, f, target []float32, alpha float32) float64",
		"computes d = alpha (f - target) and returns the sum of (f - target)^2 over one block.")
	{
		d, f, target, n, alpha := pointer("d"), pointer("f"), pointer("target"), length("d"), broadcast("alpha")
		sums := zeros(4)
		each("error", n, len(sums), func(p place) {
			e := p.load(f)
			VSUBPS(p.load(target), e, e)
			VFMADD231PS(e, e, sums[p.vector])
			VMULPS(alpha, e, e)
			p.store(e, d)
		})
		returnSum(sums)
	}
}

func zeros(n int) []reg.VecVirtual {
	y := make([]reg.VecVirtual, n)
	for i := range y {
		y[i] = zero()
	}
	return y
}
