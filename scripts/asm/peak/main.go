// Command peak writes the loop with which scripts/bench measures how fast a core multiplies and adds.
//
//go:generate go run . -out ../../bench/peak_amd64.s -stubs ../../bench/peak_amd64.go -pkg main
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// chains is how many sums run beside each other: enough to hide the latency of an FMA.
const chains = 12

func main() {
	TEXT("fmaAVX2", NOSPLIT, "func(n int)")
	Doc("fmaAVX2 runs n times 12 independent AVX2 multiply-adds of 8 float32.")
	n := Load(Param("n"), GP64())
	var sums [chains]reg.VecVirtual
	for i := range sums {
		sums[i] = YMM()
		VXORPS(sums[i], sums[i], sums[i])
	}
	x := YMM()
	VXORPS(x, x, x)
	Label("loop")
	for _, s := range sums {
		VFMADD231PS(x, x, s)
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
	Generate()
}
