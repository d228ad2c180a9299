package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

func adam() {
	kernel("adamAVX2", "func(w, g, m, v, ema []float32, "+
		"gradScale, keep1, take1, keep2, take2, rate, root, epsilon, emaTake float32)",
		"is one step of Adam, see AdamStep. If ema is nil, there is no average.")
	w, g, m, v, ema, n := pointer("w"), pointer("g"), pointer("m"), pointer("v"), pointer("ema"), length("w")
	gradScale, keep1, take1 := broadcast("gradScale"), broadcast("keep1"), broadcast("take1")
	keep2, take2 := broadcast("keep2"), broadcast("take2")
	rate, root, epsilon, emaTake := broadcast("rate"), broadcast("root"), broadcast("epsilon"), broadcast("emaTake")
	update := func(p place, average bool) {
		gs, ms, vs, t := p.load(g), p.load(m), p.load(v), YMM()
		VMULPS(gradScale, gs, gs)
		VMULPS(keep1, ms, ms)
		VFMADD231PS(take1, gs, ms)
		p.store(ms, m)
		VMULPS(gs, gs, gs)
		VMULPS(keep2, vs, vs)
		VFMADD231PS(take2, gs, vs)
		p.store(vs, v)
		VSQRTPS(vs, t)
		VFMADD213PS(epsilon, root, t)
		VMULPS(rate, ms, ms)
		VDIVPS(t, ms, ms)
		ws := p.load(w)
		VSUBPS(ms, ws, ws)
		p.store(ws, w)
		if average {
			es := p.load(ema)
			VSUBPS(es, ws, ws)
			VFMADD231PS(emaTake, ws, es)
			p.store(es, ema)
		}
	}
	TESTQ(ema, ema)
	JZ(LabelRef("no_ema"))
	each("ema", n, 1, func(p place) { update(p, true) })
	end()
	Label("no_ema")
	each("plain", n, 1, func(p place) { update(p, false) })
	end()
}
