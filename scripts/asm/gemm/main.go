// Command gemm writes the AVX2+FMA and AVX-512 kernels of package kernel's products: tile6x16, a tile of a matrix
// product or a convolution, and outer6x16 and outer12x16, the sum of outer products in a gradient of weights.
//
//go:generate go run . -out ../../../nets/kernel/gemm_amd64.s -stubs ../../../nets/kernel/gemm_amd64.go -pkg kernel
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	rows   = 6  // rows of a tile
	vecs   = 2  // vectors of eight float32 in a row of a tile
	unroll = 4  // values of k in each turn of the loop over k
	lane   = 32 // bytes in a vector
)

type tile [rows][vecs]reg.VecVirtual

func main() {
	tile6x16()
	outer6x16()
	outer12x16()
	Generate()
}

// elements loads a parameter that counts float32 and scales it to bytes.
func elements(name string) reg.Register {
	n := Load(Param(name), GP64())
	SHLQ(Imm(2), n)
	return n
}

// accumulate adds broadcast(a[i]) * b to row i of the tile, two rows at a time.
func (t tile) accumulate(a func(i int) Mem, b [vecs]Op) {
	even, odd := YMM(), YMM()
	for i := 0; i < rows; i += 2 {
		VBROADCASTSS(a(i), even)
		VBROADCASTSS(a(i+1), odd)
		for j := range vecs {
			VFMADD231PS(b[j], even, t[i][j])
		}
		for j := range vecs {
			VFMADD231PS(b[j], odd, t[i+1][j])
		}
	}
}

func newTile() (t tile) {
	for i := range t {
		for j := range t[i] {
			t[i][j] = YMM()
		}
	}
	return t
}

func (t tile) zero() {
	for i := range t {
		for j := range t[i] {
			VXORPS(t[i][j], t[i][j], t[i][j])
		}
	}
}

// load reads the tile's rows, which are stride bytes apart. It moves p to the last row, and so does store.
func (t tile) load(p, stride reg.Register) {
	for i := range t {
		for j := range t[i] {
			VMOVUPS(Mem{Base: p, Disp: j * lane}, t[i][j])
		}
		if i < rows-1 {
			ADDQ(stride, p)
		}
	}
}

func (t tile) store(p, stride reg.Register) {
	for i := range t {
		for j := range t[i] {
			VMOVUPS(t[i][j], Mem{Base: p, Disp: j * lane})
		}
		if i < rows-1 {
			ADDQ(stride, p)
		}
	}
}

// tile6x16 writes a tile of a product with a packed right operand.
func tile6x16() {
	TEXT("tile6x16AVX2", NOSPLIT, "func(c *float32, ldc int, a *float32, offsets *[6]int, "+
		"k, segments, stride int, b, bias, init *float32, ldi int)")
	Pragma("noescape")
	Doc("tile6x16AVX2 is tile6x16 in AVX2 and FMA. Strides and offsets count float32.")
	a := Load(Param("a"), GP64())
	offsets := Load(Param("offsets"), GP64())
	var row [rows]reg.GPVirtual
	for i := range row {
		row[i] = GP64()
		MOVQ(Mem{Base: offsets, Disp: 8 * i}, row[i])
		LEAQ(Mem{Base: a, Index: row[i], Scale: 4}, row[i])
	}
	t := newTile()
	init := Load(Param("init"), GP64())
	TESTQ(init, init)
	JZ(LabelRef("zero"))
	ldi := elements("ldi")
	t.load(init, ldi)
	JMP(LabelRef("start"))
	Label("zero")
	t.zero()
	Label("start")

	b := Load(Param("b"), GP64())
	segments := Load(Param("segments"), GP64())
	left, at := GP64(), GP64()

	step := func(u int) {
		var bv [vecs]Op
		for j := range bv {
			v := YMM()
			VMOVUPS(Mem{Base: b, Disp: u*vecs*lane + j*lane}, v)
			bv[j] = v
		}
		t.accumulate(func(i int) Mem { return Mem{Base: row[i], Index: at, Scale: 4, Disp: 4 * u} }, bv)
	}
	Label("segment")
	Load(Param("k"), left)
	XORQ(at, at)
	SUBQ(Imm(unroll), left)
	JL(LabelRef("tail"))
	Label("loop")
	for u := range unroll {
		PREFETCHT0(Mem{Base: b, Disp: 512 + u*vecs*lane})
		step(u)
	}
	ADDQ(Imm(unroll), at)
	ADDQ(U32(unroll*vecs*lane), b)
	SUBQ(Imm(unroll), left)
	JGE(LabelRef("loop"))
	Label("tail")
	ADDQ(Imm(unroll), left)
	JZ(LabelRef("next"))
	Label("one")
	step(0)
	INCQ(at)
	ADDQ(Imm(vecs*lane), b)
	DECQ(left)
	JNZ(LabelRef("one"))
	Label("next")
	Load(Param("stride"), at)
	SHLQ(Imm(2), at)
	for i := range row {
		ADDQ(at, row[i])
	}
	DECQ(segments)
	JNZ(LabelRef("segment"))

	bias := Load(Param("bias"), GP64())
	for j := range vecs {
		v := YMM()
		VMOVUPS(Mem{Base: bias, Disp: j * lane}, v)
		for i := range t {
			VADDPS(v, t[i][j], t[i][j])
		}
	}
	c := Load(Param("c"), GP64())
	ldc := elements("ldc")
	t.store(c, ldc)
	VZEROUPPER()
	RET()
}

// outer6x16 writes the sum of outer products, added to a tile.
func outer6x16() {
	TEXT("outer6x16AVX2", NOSPLIT, "func(c *float32, ldc int, rows, width int, "+
		"a *float32, aStep, aRow int, grad *float32, gStep, gRow int)")
	Pragma("noescape")
	Doc("outer6x16AVX2 is outer6x16 in AVX2 and FMA. Strides count float32.")
	t := newTile()
	ldc := elements("ldc")
	c := Load(Param("c"), GP64())
	t.load(c, ldc)
	height := Load(Param("rows"), GP64())
	a := Load(Param("a"), GP64())
	aStep := elements("aStep")
	aRow := elements("aRow")
	g := Load(Param("grad"), GP64())
	gStep := elements("gStep")
	gRow := elements("gRow")
	ap, gp, left := GP64(), GP64(), GP64()
	Label("row")
	MOVQ(a, ap)
	MOVQ(g, gp)
	Load(Param("width"), left)
	step := func() {
		var gv [vecs]Op
		for j := range gv {
			v := YMM()
			VMOVUPS(Mem{Base: gp, Disp: j * lane}, v)
			gv[j] = v
		}
		t.accumulate(func(i int) Mem { return Mem{Base: ap, Disp: 4 * i} }, gv)
		ADDQ(aStep, ap)
		ADDQ(gStep, gp)
	}
	SUBQ(Imm(2), left)
	JL(LabelRef("odd"))
	Label("pair")
	step()
	step()
	SUBQ(Imm(2), left)
	JGE(LabelRef("pair"))
	Label("odd")
	ADDQ(Imm(2), left)
	JZ(LabelRef("done"))
	step()
	Label("done")
	ADDQ(aRow, a)
	ADDQ(gRow, g)
	DECQ(height)
	JNZ(LabelRef("row"))
	Load(Param("c"), c)
	t.store(c, ldc)
	VZEROUPPER()
	RET()
}

// outer12x16 is outer6x16 for twice the rows. A register holds a row of 16, and the multiplication broadcasts the value
// of a.
func outer12x16() {
	TEXT("outer12x16AVX512", NOSPLIT, "func(c *float32, ldc int, rows, width int, "+
		"a *float32, aStep, aRow int, grad *float32, gStep, gRow int)")
	Pragma("noescape")
	Doc("outer12x16AVX512 is outer6x16 for tiles of 12 rows in AVX-512. Strides count float32.")
	sums := make([]reg.VecVirtual, 2*rows)
	for i := range sums {
		sums[i] = ZMM()
	}
	c, ldc := Load(Param("c"), GP64()), elements("ldc")
	for i, s := range sums {
		VMOVUPS(Mem{Base: c}, s)
		if i < len(sums)-1 {
			ADDQ(ldc, c)
		}
	}
	height := Load(Param("rows"), GP64())
	a := Load(Param("a"), GP64())
	aStep, aRow := elements("aStep"), elements("aRow")
	g := Load(Param("grad"), GP64())
	gStep, gRow := elements("gStep"), elements("gRow")
	ap, gp, left := GP64(), GP64(), GP64()
	Label("row")
	MOVQ(a, ap)
	MOVQ(g, gp)
	Load(Param("width"), left)
	Label("pixel")
	v := ZMM()
	VMOVUPS(Mem{Base: gp}, v)
	for i, s := range sums {
		VFMADD231PS_BCST(Mem{Base: ap, Disp: 4 * i}, v, s)
	}
	ADDQ(aStep, ap)
	ADDQ(gStep, gp)
	DECQ(left)
	JNZ(LabelRef("pixel"))
	ADDQ(aRow, a)
	ADDQ(gRow, g)
	DECQ(height)
	JNZ(LabelRef("row"))
	Load(Param("c"), c)
	for i, s := range sums {
		VMOVUPS(s, Mem{Base: c})
		if i < len(sums)-1 {
			ADDQ(ldc, c)
		}
	}
	VZEROUPPER()
	RET()
}
