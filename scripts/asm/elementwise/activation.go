package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// A sigmoid holds the constants that the logistic function needs, in registers.
type sigmoid struct {
	exponent
	one reg.VecVirtual
}

func newSigmoid() sigmoid { return sigmoid{newExponent(), load(1)} }

// logistic returns exp(v)/(1 + exp(v)), whose relative error is small for either sign of v.
func (s sigmoid) logistic(v reg.VecVirtual) reg.VecVirtual {
	y, below := s.saturated(v), YMM()
	VADDPS(s.one, y, below)
	VDIVPS(below, y, y)
	return y
}

// backward returns g times the derivative of v sigmoid(v), which is g s (1 + v (1 - s)).
func (s sigmoid) backward(v, g reg.VecVirtual) reg.VecVirtual {
	y, t := s.logistic(v), YMM()
	VSUBPS(y, s.one, t)
	VFMADD213PS(s.one, v, t)
	VMULPS(g, y, y)
	VMULPS(t, y, y)
	return y
}

func activations() {
	kernel("siluAVX2", "func(dst, x []float32)", "computes dst = x sigmoid(x).")
	{
		dst, x, n := pointer("dst"), pointer("x"), length("dst")
		s := newSigmoid()
		each("silu", n, 2, func(p place) {
			v := p.load(x)
			y := s.logistic(v)
			VMULPS(v, y, y)
			p.store(y, dst)
		})
		end()
	}

	kernel("siluBackwardAVX2", "func(dx, x, g []float32)", "computes dx = g silu'(x).")
	{
		dx, x, g, n := pointer("dx"), pointer("x"), pointer("g"), length("dx")
		s := newSigmoid()
		each("silu", n, 2, func(p place) {
			p.store(s.backward(p.load(x), p.load(g)), dx)
		})
		end()
	}
}
