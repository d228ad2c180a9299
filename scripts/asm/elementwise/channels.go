package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// channelSums writes the kernels that sum over the rows of one block. A strip of channels keeps its float32 sums in
// registers, and adds them to float64 sums in memory at the end of the block.
func channelSums() {
	kernel("channelSumsAVX2", "func(x []float32, sum []float64)", "adds a block's sum of x to sum.")
	{
		x, sum := pointer("x"), pointer("sum")
		overStrips(length("x"), length("sum"), []int{4, 2, 1}, func(s strip) {
			sums := zeros(s.vectors)
			s.eachRow(func(p place) {
				VADDPS(p.load(x), sums[p.vector], sums[p.vector])
			})
			s.addTo(sum, sums)
		})
		end()
	}

	kernel("channelProductsAVX2", "func(x, g []float32, sumG, sumGX []float64)",
		"adds a block's sum of g to sumG and of g x to sumGX.")
	{
		x, g, sumG, sumGX := pointer("x"), pointer("g"), pointer("sumG"), pointer("sumGX")
		overStrips(length("x"), length("sumG"), []int{4, 2, 1}, func(s strip) {
			sums, products := zeros(s.vectors), zeros(s.vectors)
			s.eachRow(func(p place) {
				y := p.load(g)
				VADDPS(y, sums[p.vector], sums[p.vector])
				VFMADD231PS(p.load(x), y, products[p.vector])
			})
			s.addTo(sumG, sums)
			s.addTo(sumGX, products)
		})
		end()
	}

	kernel("affineSiLUBackwardAVX2", "func(dv, x, g, scale, shift []float32, sumDv, sumDvX []float64)",
		"computes dv = g silu'(x scale + shift), and adds a block's sum of dv to sumDv and of dv x to sumDvX.")
	{
		dv, x, g, scale, shift := pointer("dv"), pointer("x"), pointer("g"), pointer("scale"), pointer("shift")
		sumDv, sumDvX := pointer("sumDv"), pointer("sumDvX")
		silu := newSigmoid()
		overStrips(length("x"), length("sumDv"), []int{2, 1}, func(s strip) {
			sums, products := zeros(s.vectors), zeros(s.vectors)
			s.eachRow(func(p place) {
				c := place{index: s.channel, vector: p.vector, mask: p.mask}
				xs, v := p.load(x), c.load(scale)
				VFMADD213PS(c.load(shift), xs, v)
				d := silu.backward(v, p.load(g))
				p.store(d, dv)
				VADDPS(d, sums[p.vector], sums[p.vector])
				VFMADD231PS(xs, d, products[p.vector])
			})
			s.addTo(sumDv, sums)
			s.addTo(sumDvX, products)
		})
		end()
	}
}

// A strip is a range of channels, in every row of a block.
type strip struct {
	label       string
	channel     reg.Register // the first channel
	vectors     int
	mask        reg.VecVirtual // nil for full vectors
	n, channels reg.Register   // length of the block and of a row
}

// overStrips runs body over a block of n float32 in rows of `channels`. It takes strips of widths[0] vectors while they
// fit, then strips of the next width, and at the end the rest in a masked vector.
func overStrips(n, channels reg.Register, widths []int, body func(s strip)) {
	c, next := GP64(), GP64()
	XORQ(c, c)
	for _, w := range widths {
		label := fmt.Sprintf("strip%d", w)
		Label(label)
		LEAQ(Mem{Base: c, Disp: w * lanes}, next)
		CMPQ(next, channels)
		JG(LabelRef(label + "_end"))
		body(strip{label: label, channel: c, vectors: w, n: n, channels: channels})
		ADDQ(Imm(uint64(w*lanes)), c)
		JMP(LabelRef(label))
		Label(label + "_end")
	}
	MOVQ(channels, next)
	SUBQ(c, next)
	JZ(LabelRef("strips_end"))
	body(strip{label: "strip_rest", channel: c, vectors: 1, mask: firstLanes(next), n: n, channels: channels})
	Label("strips_end")
}

// eachRow runs body at every vector of the strip, row after row.
func (s strip) eachRow(body func(p place)) {
	i := GP64()
	MOVQ(s.channel, i)
	Label(s.label + "_row")
	for v := range s.vectors {
		body(place{index: i, vector: v, mask: s.mask})
	}
	ADDQ(s.channels, i)
	CMPQ(i, s.n)
	JL(LabelRef(s.label + "_row"))
}

// addTo adds float32 sums of the strip's channels to float64 sums.
func (s strip) addTo(total reg.Register, sums []reg.VecVirtual) {
	for v, y := range sums {
		low, high := toFloat64(y)
		for half, d := range []reg.VecVirtual{low, high} {
			at := Mem{Base: total, Index: s.channel, Scale: 8, Disp: v*2*stride + half*stride}
			if s.mask == nil {
				VADDPD(at, d, d)
				VMOVUPD(d, at)
				continue
			}
			selected, mask, old := XMM(), YMM(), YMM()
			VEXTRACTF128(Imm(uint64(half)), s.mask, selected)
			VPMOVSXDQ(selected, mask)
			VMASKMOVPD(at, mask, old)
			VADDPD(old, d, d)
			VMASKMOVPD(d, mask, at)
		}
	}
}
