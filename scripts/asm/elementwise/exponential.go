package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constant returns memory with eight copies of v. It is the same memory for every call with that v.
func constant(v float32) Mem {
	m, ok := constants[v]
	if !ok {
		m = GLOBL(fmt.Sprintf("constant%d", len(constants)), RODATA|NOPTR)
		for i := range lanes {
			DATA(4*i, U32(math.Float32bits(v))) // the printed form of F32(1) is an integer
		}
		constants[v] = m
	}
	return m
}

var constants = map[float32]Mem{}

func load(v float32) reg.VecVirtual {
	y := YMM()
	VMOVUPS(constant(v), y)
	return y
}

// The constants of exp(x) = 2^n exp(r), n = round(x log2(e)), r = x - n ln(2). See activation.go of package kernel.
const (
	lowest  = -87.33654
	highest = 88.72283
	log2E   = 1.44269504
	ln2High = 0.693359375
	ln2Low  = -2.12194440e-4
)

var expSeries = [...]float32{0.00138145406, 0.00836874638, 0.041668389, 0.166665211, 0.49999994, 1, 1}

// An exponent holds the constants that exp needs, in registers.
type exponent struct{ lowest, highest, log2E reg.VecVirtual }

func newExponent() exponent { return exponent{load(lowest), load(highest), load(log2E)} }

// saturated returns exp(x) with x clamped to [lowest, highest]. A NaN gives a NaN: VMINPS and VMAXPS return their first
// operand if either is NaN, and VCVTPS2DQ gives 0x80000000, which the shift clears.
func (e exponent) saturated(x reg.VecVirtual) reg.VecVirtual {
	r, n, y := YMM(), YMM(), YMM()
	VMINPS(x, e.highest, r)
	VMAXPS(r, e.lowest, r)
	VMULPS(e.log2E, r, n)
	VROUNDPS(Imm(0), n, n)
	VFNMADD231PS(constant(ln2High), n, r)
	VFNMADD231PS(constant(ln2Low), n, r)
	VMOVUPS(constant(expSeries[0]), y)
	for _, c := range expSeries[1:] {
		VFMADD213PS(constant(c), r, y)
	}
	VCVTPS2DQ(n, n)
	VPSLLD(Imm(23), n, n)
	VPADDD(n, y, y)
	return y
}

// exp returns exp(x), with zero below lowest.
func (e exponent) exp(x reg.VecVirtual) reg.VecVirtual {
	y, below := e.saturated(x), YMM()
	VCMPPS(Imm(0x11), e.lowest, x, below) // x < lowest, false for NaN
	VANDNPS(y, below, y)
	return y
}

func exponential() {
	kernel("expAVX2", "func(dst, x []float32)", "computes dst = exp(x).")
	dst, x, n := pointer("dst"), pointer("x"), length("dst")
	e := newExponent()
	each("exp", n, 2, func(p place) {
		p.store(e.exp(p.load(x)), dst)
	})
	end()
}
