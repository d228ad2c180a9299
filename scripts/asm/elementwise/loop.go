package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	lanes  = 8  // float32 in a vector
	stride = 32 // bytes in a vector
)

// kernel begins a function whose slices do not escape.
func kernel(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
	Doc(name + " " + doc)
}

// end closes a function that returns nothing.
func end() {
	VZEROUPPER()
	RET()
}

func pointer(slice string) reg.GPVirtual {
	return Load(Param(slice).Base(), GP64()).(reg.GPVirtual)
}

func length(slice string) reg.GPVirtual {
	return Load(Param(slice).Len(), GP64()).(reg.GPVirtual)
}

func integer(name string) reg.GPVirtual {
	return Load(Param(name), GP64()).(reg.GPVirtual)
}

// broadcast fills a vector with a float32 parameter.
func broadcast(name string) reg.VecVirtual {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	y := YMM()
	VBROADCASTSS(p.Addr, y)
	return y
}

func zero() reg.VecVirtual {
	y := YMM()
	VXORPS(y, y, y)
	return y
}

// A place is the position of one vector in any slice: it starts at element index + lanes*vector. At the end of the data
// mask selects the elements that are there.
type place struct {
	index  reg.Register
	vector int
	mask   reg.VecVirtual // nil for a full vector
}

// address returns the vector in the slice that starts at base.
func (p place) address(base reg.Register) Mem {
	return Mem{Base: base, Index: p.index, Scale: 4, Disp: p.vector * stride}
}

func (p place) load(base reg.Register) reg.VecVirtual {
	y := YMM()
	if p.mask == nil {
		VMOVUPS(p.address(base), y)
	} else {
		VMASKMOVPS(p.address(base), p.mask, y)
	}
	return y
}

func (p place) store(y, base reg.Register) {
	if p.mask == nil {
		VMOVUPS(y, p.address(base))
	} else {
		VMASKMOVPS(y, p.mask, p.address(base))
	}
}

// each runs body over n elements: first `unroll` vectors at a time, then one at a time, then the rest in a masked
// vector.
func each(label string, n reg.Register, unroll int, body func(p place)) {
	i, last := GP64(), GP64()
	XORQ(i, i)
	loop := func(label string, vectors int) {
		MOVQ(n, last)
		SUBQ(Imm(uint64(vectors*lanes)), last)
		CMPQ(i, last)
		JG(LabelRef(label + "_end"))
		Label(label)
		for v := range vectors {
			body(place{index: i, vector: v})
		}
		ADDQ(Imm(uint64(vectors*lanes)), i)
		CMPQ(i, last)
		JLE(LabelRef(label))
		Label(label + "_end")
	}
	if unroll > 1 {
		loop(label+"_wide", unroll)
	}
	loop(label+"_single", 1)
	CMPQ(i, n)
	JGE(LabelRef(label + "_done"))
	MOVQ(n, last)
	SUBQ(i, last)
	body(place{index: i, mask: firstLanes(last)})
	Label(label + "_done")
}

// rows runs body for each row of `width` float32, and moves the pointers from row to row. The first pointer points to a
// slice of length n, and ends the loop when it reaches the end of the slice.
func rows(n, width reg.Register, pointers []reg.GPVirtual, body func()) {
	limit, bytes := GP64(), GP64()
	LEAQ(Mem{Base: pointers[0], Index: n, Scale: 4}, limit)
	MOVQ(width, bytes)
	SHLQ(Imm(2), bytes)
	CMPQ(pointers[0], limit)
	JAE(LabelRef("rows_end"))
	Label("row")
	body()
	for _, p := range pointers {
		ADDQ(bytes, p)
	}
	CMPQ(pointers[0], limit)
	JB(LabelRef("row"))
	Label("rows_end")
}

var maskTable Mem

// firstLanes is the mask of the first n < lanes float32 of a vector.
func firstLanes(n reg.Register) reg.VecVirtual {
	if maskTable.Base == nil {
		maskTable = GLOBL("laneMask", RODATA|NOPTR)
		for i := range 2 * lanes {
			mask := U32(0)
			if i < lanes {
				mask = ^mask
			}
			DATA(4*i, mask)
		}
	}
	at, from, y := GP64(), GP64(), YMM()
	LEAQ(maskTable, at)
	MOVQ(U32(lanes), from)
	SUBQ(n, from)
	VMOVUPS(Mem{Base: at, Index: from, Scale: 4}, y)
	return y
}

// everyLane combines the lanes of a vector, in a fixed order, and returns the result in all lanes.
func everyLane(fold func(ops ...Op), y reg.VecVirtual) reg.VecVirtual {
	t := YMM()
	VPERM2F128(Imm(0x01), y, y, t)
	fold(t, y, y)
	VSHUFPS(Imm(0x4E), y, y, t)
	fold(t, y, y)
	VSHUFPS(Imm(0xB1), y, y, t)
	fold(t, y, y)
	return y
}

// returnSum adds the lanes of float32 vectors in float64 and returns the sum from the function.
func returnSum(sums []reg.VecVirtual) {
	for n := len(sums); n > 1; n /= 2 {
		for i := range n / 2 {
			VADDPS(sums[i+n/2], sums[i], sums[i])
		}
	}
	low, high := toFloat64(sums[0])
	VADDPD(high, low, low)
	x, upper := low.AsX(), XMM()
	VEXTRACTF128(Imm(1), low, upper)
	VADDPD(upper, x, x)
	VPERMILPD(Imm(1), x, upper)
	VADDSD(upper, x, x)
	result, err := ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	VMOVSD(x, result.Addr)
	end()
}

// toFloat64 widens the lower and the upper half of a float32 vector.
func toFloat64(y reg.VecVirtual) (low, high reg.VecVirtual) {
	low, high = YMM(), YMM()
	half := XMM()
	VEXTRACTF128(Imm(1), y, half)
	VCVTPS2PD(y.AsX(), low)
	VCVTPS2PD(half, high)
	return low, high
}
