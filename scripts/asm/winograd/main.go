// Command winograd writes the AVX2+FMA and AVX-512 kernels of package kernel's Winograd convolutions: the
// one-dimensional transforms, the transform that writes rows of the result, and the matrix product between them.
//
//go:generate go run . -out ../../../nets/kernel/winograd_amd64.s -stubs ../../../nets/kernel/winograd_amd64.go -pkg kernel
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const lane = 32 // bytes in a vector

func main() {
	transform("inputTransform", 6, 6, inputTransform)
	transform("outputTransform", 6, 4, outputTransform)
	transform("gradientTransform", 4, 6, gradientTransform)
	transform("weightTransform", 3, 6, weightTransform)
	transform("weightGradientTransform", 6, 3, weightGradientTransform)
	outputRows()
	strip6x16()
	strip12x16()
	Generate()
}

// elements loads a parameter that counts float32 and scales it to bytes.
func elements(name string) reg.Register {
	n := Load(Param(name), GP64())
	SHLQ(Imm(2), n)
	return n
}

func vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = YMM()
	}
	return v
}

var named = map[float64]Mem{}

// constant loads v into all lanes of a register.
func constant(v float64) reg.VecVirtual {
	m, ok := named[v]
	if !ok {
		bits := math.Float32bits(float32(v))
		m = ConstData("winograd"+string(rune('A'+len(named))), U32(bits))
		named[v] = m
	}
	y := YMM()
	VBROADCASTSS(m, y)
	return y
}

// strided addresses memory at 0 to 5 strides from a pointer, which can be moved.
type strided struct{ at, third, stride reg.Register }

func newStrided(p, stride reg.Register) strided {
	third := GP64()
	LEAQ(Mem{Base: p, Index: stride, Scale: 2}, third)
	ADDQ(stride, third)
	return strided{p, third, stride}
}

func (s strided) row(i, disp int) Mem {
	base := s.at
	if i >= 3 {
		base, i = s.third, i-3
	}
	if i == 0 {
		return Mem{Base: base, Disp: disp}
	}
	return Mem{Base: base, Index: s.stride, Scale: uint8(i), Disp: disp}
}

func (s strided) move(bytes Op) {
	ADDQ(bytes, s.at)
	ADDQ(bytes, s.third)
}

// transform writes a kernel that maps vectors of several slices (inputs) to vectors of several rows (outputs).
func transform(name string, inputs, outputs int, arithmetic func() func(d []reg.VecVirtual) []reg.VecVirtual) {
	TEXT(name+"AVX2", NOSPLIT, "func(dst *float32, row, step int, src *[6][]float32, srcStep, n, count int)")
	Pragma("noescape")
	Doc(name + "AVX2 is " + name + ".apply in AVX2 and FMA; n is a multiple of 8.")
	slices := Load(Param("src"), GP64())
	src := make([]reg.GPVirtual, inputs)
	for i := range src {
		src[i] = GP64()
		MOVQ(Mem{Base: slices, Disp: 24 * i}, src[i])
	}
	dst := newStrided(Load(Param("dst"), GP64()), elements("row"))
	count := Load(Param("count"), GP64())
	at, left, skip, n := GP64(), GP64(), GP64(), GP64()
	XORQ(at, at)
	compute := arithmetic()
	Label("tile")
	Load(Param("n"), left)
	Label("vector")
	d := vectors(inputs)
	for i := range d {
		VMOVUPS(Mem{Base: src[i], Index: at, Scale: 1}, d[i])
	}
	for i, v := range compute(d) {
		VMOVUPS(v, dst.row(i, 0))
	}
	ADDQ(Imm(lane), at)
	dst.move(Imm(lane))
	SUBQ(Imm(lane/4), left)
	JNZ(LabelRef("vector"))

	Load(Param("n"), n)
	Load(Param("srcStep"), skip)
	SUBQ(n, skip)
	LEAQ(Mem{Base: at, Index: skip, Scale: 4}, at)
	Load(Param("step"), skip)
	SUBQ(n, skip)
	SHLQ(Imm(2), skip)
	dst.move(skip)
	DECQ(count)
	JNZ(LabelRef("tile"))
	VZEROUPPER()
	RET()
}

// outputRows writes the kernel of the last transform of a convolution, which maps six rows to up to four of the result.
func outputRows() {
	TEXT("outputRowsAVX2", NOSPLIT, "func(dst *float32, row, step, rows int, "+
		"src *float32, srcRow, n, count int, bias, init *float32)")
	Pragma("noescape")
	Doc("outputRowsAVX2 is outputRows in AVX2 and FMA; n is a multiple of 8.")
	src := newStrided(Load(Param("src"), GP64()), elements("srcRow"))
	row := elements("row")
	dst := newStrided(Load(Param("dst"), GP64()), row)
	init := newStrided(Load(Param("init"), GP64()), row)
	rows := Load(Param("rows"), GP64())
	count := Load(Param("count"), GP64())
	bias, left, scratch := GP64(), GP64(), GP64()
	compute := outputTransform()
	Label("pixel")
	Load(Param("bias"), bias)
	Load(Param("n"), left)
	Label("vector")
	d := vectors(6)
	for i := range d {
		VMOVUPS(src.row(i, 0), d[i])
	}
	y := compute(d)
	add := YMM()
	VMOVUPS(Mem{Base: bias}, add)
	for i := range y {
		VADDPS(add, y[i], y[i])
	}
	Load(Param("init"), scratch)
	TESTQ(scratch, scratch)
	JZ(LabelRef("store"))
	for i := range y {
		VADDPS(init.row(i, 0), y[i], y[i])
		if i < len(y)-1 {
			CMPQ(rows, Imm(uint64(i+1)))
			JE(LabelRef("store"))
		}
	}
	Label("store")
	for i := range y {
		VMOVUPS(y[i], dst.row(i, 0))
		if i < len(y)-1 {
			CMPQ(rows, Imm(uint64(i+1)))
			JE(LabelRef("next"))
		}
	}
	Label("next")
	src.move(Imm(lane))
	dst.move(Imm(lane))
	init.move(Imm(lane))
	ADDQ(Imm(lane), bias)
	SUBQ(Imm(lane/4), left)
	JNZ(LabelRef("vector"))

	Load(Param("step"), scratch)
	Load(Param("n"), left)
	SUBQ(left, scratch)
	SHLQ(Imm(2), scratch)
	dst.move(scratch)
	init.move(scratch)
	DECQ(count)
	JNZ(LabelRef("pixel"))
	VZEROUPPER()
	RET()
}

const (
	rows   = 6 // rows of a tile of the product
	unroll = 4 // values of k in each turn of the loop over k
)

// strip6x16 writes the product of six rows at a time.
func strip6x16() {
	TEXT("strip6x16AVX2", NOSPLIT, "func(c *float32, ldc int, a *float32, lda, strips, k int, b *float32)")
	Pragma("noescape")
	Doc("strip6x16AVX2 is strip6x16 in AVX2 and FMA; k is a multiple of 4.")
	a := newStrided(Load(Param("a"), GP64()), elements("lda"))
	c := newStrided(Load(Param("c"), GP64()), elements("ldc"))
	strips := Load(Param("strips"), GP64())
	b, left, skip := GP64(), GP64(), GP64()
	low, high := vectors(rows), vectors(rows)
	Label("strip")
	for i := range rows {
		VXORPS(low[i], low[i], low[i])
		VXORPS(high[i], high[i], high[i])
	}
	Load(Param("b"), b)
	Load(Param("k"), left)
	Label("loop")
	for u := range unroll {
		b0, b1, even, odd := YMM(), YMM(), YMM(), YMM()
		VMOVUPS(Mem{Base: b, Disp: 2 * u * lane}, b0)
		VMOVUPS(Mem{Base: b, Disp: (2*u + 1) * lane}, b1)
		for i := 0; i < rows; i += 2 {
			VBROADCASTSS(a.row(i, 4*u), even)
			VBROADCASTSS(a.row(i+1, 4*u), odd)
			VFMADD231PS(b0, even, low[i])
			VFMADD231PS(b1, even, high[i])
			VFMADD231PS(b0, odd, low[i+1])
			VFMADD231PS(b1, odd, high[i+1])
		}
	}
	a.move(Imm(4 * unroll))
	ADDQ(U32(unroll*2*lane), b)
	SUBQ(Imm(unroll), left)
	JNZ(LabelRef("loop"))
	for i := range rows {
		VMOVUPS(low[i], c.row(i, 0))
		VMOVUPS(high[i], c.row(i, lane))
	}
	six := func(stride reg.Register) {
		LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, skip)
		ADDQ(skip, skip)
	}
	six(c.stride)
	c.move(skip)
	six(a.stride)
	Load(Param("k"), left)
	SHLQ(Imm(2), left)
	SUBQ(left, skip)
	a.move(skip)
	DECQ(strips)
	JNZ(LabelRef("strip"))
	VZEROUPPER()
	RET()
}

// strip12x16 writes the product of twelve rows at a time. A register holds a row of 16, and the multiplication
// broadcasts the value of a.
func strip12x16() {
	TEXT("strip12x16AVX512", NOSPLIT, "func(c *float32, ldc int, a *float32, lda, pairs, k int, b *float32)")
	Pragma("noescape")
	Doc("strip12x16AVX512 is strip6x16 for pairs of strips in AVX-512; k is a multiple of 4.")
	first := newStrided(Load(Param("a"), GP64()), elements("lda"))
	six := GP64()
	LEAQ(Mem{Base: first.stride, Index: first.stride, Scale: 2}, six)
	ADDQ(six, six)
	start := GP64()
	LEAQ(Mem{Base: first.at, Index: six, Scale: 1}, start)
	second := newStrided(start, first.stride)
	c, ldc := Load(Param("c"), GP64()), elements("ldc")
	pairs := Load(Param("pairs"), GP64())
	b, left := GP64(), GP64()
	sums := make([]reg.VecVirtual, 2*rows)
	for i := range sums {
		sums[i] = ZMM()
	}
	Label("pair")
	for _, s := range sums {
		VPXORD(s, s, s)
	}
	Load(Param("b"), b)
	Load(Param("k"), left)
	Label("step")
	for u := range unroll {
		v := ZMM()
		VMOVUPS(Mem{Base: b, Disp: 2 * u * lane}, v)
		for i := range rows {
			VFMADD231PS_BCST(first.row(i, 4*u), v, sums[i])
			VFMADD231PS_BCST(second.row(i, 4*u), v, sums[rows+i])
		}
	}
	first.move(Imm(4 * unroll))
	second.move(Imm(4 * unroll))
	ADDQ(U32(unroll*2*lane), b)
	SUBQ(Imm(unroll), left)
	JNZ(LabelRef("step"))
	for _, s := range sums {
		VMOVUPS(s, Mem{Base: c})
		ADDQ(ldc, c)
	}
	Load(Param("k"), left)
	SHLQ(Imm(2), left)
	for _, s := range []strided{first, second} {
		s.move(six)
		s.move(six)
		SUBQ(left, s.at)
		SUBQ(left, s.third)
	}
	DECQ(pairs)
	JNZ(LabelRef("pair"))
	VZEROUPPER()
	RET()
}
