package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// affines writes the kernels that apply one coefficient for each channel to every row.
func affines() {
	kernel("affineAVX2", "func(dst, x, scale, shift []float32)", "computes dst = x scale + shift.")
	{
		dst, x, scale, shift := pointer("dst"), pointer("x"), pointer("scale"), pointer("shift")
		n, channels := length("x"), length("scale")
		rows(n, channels, []reg.GPVirtual{x, dst}, func() {
			each("affine", channels, 2, func(p place) {
				v := p.load(x)
				VFMADD213PS(p.load(shift), p.load(scale), v)
				p.store(v, dst)
			})
		})
		end()
	}

	kernel("affineSiLUAVX2", "func(dst, x, scale, shift []float32)", "computes dst = silu(x scale + shift).")
	{
		dst, x, scale, shift := pointer("dst"), pointer("x"), pointer("scale"), pointer("shift")
		n, channels := length("x"), length("scale")
		s := newSigmoid()
		rows(n, channels, []reg.GPVirtual{x, dst}, func() {
			each("affine", channels, 2, func(p place) {
				v := p.load(x)
				VFMADD213PS(p.load(shift), p.load(scale), v)
				y := s.logistic(v)
				VMULPS(v, y, y)
				p.store(y, dst)
			})
		})
		end()
	}

	kernel("affineCombineAVX2", "func(dst, dv, x, a, b, d []float32)", "computes dst = a dv + b x + d.")
	{
		dst, dv, x := pointer("dst"), pointer("dv"), pointer("x")
		a, b, d := pointer("a"), pointer("b"), pointer("d")
		n, channels := length("x"), length("a")
		rows(n, channels, []reg.GPVirtual{x, dv, dst}, func() {
			each("combine", channels, 2, func(p place) {
				y := p.load(x)
				VFMADD213PS(p.load(d), p.load(b), y)
				VFMADD231PS(p.load(a), p.load(dv), y)
				p.store(y, dst)
			})
		})
		end()
	}
}
