package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func softmaxes() {
	kernel("softmaxAVX2", "func(x []float32, row int, scale float32)", "replaces each row x by softmax(scale x).")
	{
		x, n, row, scale := pointer("x"), length("x"), integer("row"), broadcast("scale")
		e := newExponent()
		rows(n, row, []reg.GPVirtual{x}, func() {
			most := []reg.VecVirtual{YMM(), YMM()}
			VBROADCASTSS(Mem{Base: x}, most[0])
			VMULPS(scale, most[0], most[0])
			VMOVAPS(most[0], most[1])
			each("max", row, len(most), func(p place) {
				y := p.load(x)
				VMULPS(scale, y, y)
				if p.mask != nil {
					VBLENDVPS(p.mask, y, most[0], y)
				}
				VMAXPS(y, most[p.vector], most[p.vector])
			})
			VMAXPS(most[1], most[0], most[0])
			top := everyLane(VMAXPS, most[0])

			sums := zeros(2)
			each("exp", row, len(sums), func(p place) {
				v := p.load(x)
				VFMSUB213PS(top, scale, v)
				y := e.exp(v)
				if p.mask != nil {
					VANDPS(p.mask, y, y)
				}
				VADDPS(y, sums[p.vector], sums[p.vector])
				p.store(y, x)
			})
			VADDPS(sums[1], sums[0], sums[0])
			total, share := everyLane(VADDPS, sums[0]), load(1)
			VDIVPS(total, share, share)
			each("divide", row, 4, func(p place) {
				y := p.load(x)
				VMULPS(share, y, y)
				p.store(y, x)
			})
		})
		end()
	}

	kernel("softmaxBackwardAVX2", "func(dx, p, g []float32, row int, scale float32)",
		"computes dx = scale p (g - sum(p g)), row by row.")
	{
		dx, prob, g, n := pointer("dx"), pointer("p"), pointer("g"), length("dx")
		row, scale := integer("row"), broadcast("scale")
		rows(n, row, []reg.GPVirtual{dx, prob, g}, func() {
			sums := zeros(4)
			each("dot", row, len(sums), func(p place) {
				VFMADD231PS(p.load(prob), p.load(g), sums[p.vector])
			})
			VADDPS(sums[2], sums[0], sums[0])
			VADDPS(sums[3], sums[1], sums[1])
			VADDPS(sums[1], sums[0], sums[0])
			mean := everyLane(VADDPS, sums[0])
			each("product", row, 2, func(p place) {
				y := p.load(g)
				VSUBPS(mean, y, y)
				VMULPS(p.load(prob), y, y)
				VMULPS(scale, y, y)
				p.store(y, dx)
			})
		})
		end()
	}
}
