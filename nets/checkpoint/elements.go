package checkpoint

import (
	"encoding/binary"
	"math"
)

// An element is how a number is stored. Numbers that are no parameters (integers, such as counters) have no decode.
type element struct {
	name   string
	size   int                  // bytes, little-endian
	decode func([]byte) float32 // of one number, to the nearest
}

var (
	float32s  = element{"F32", 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }}
	float64s  = element{"F64", 8, func(b []byte) float32 { return float32(math.Float64frombits(binary.LittleEndian.Uint64(b))) }}
	float16s  = element{"F16", 2, func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) }}
	bfloat16s = element{"BF16", 2, func(b []byte) float32 { return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16) }}
)

// half is the value of IEEE 754's binary16: its exponent and significand are put where binary32 has them, and the
// exponent's bias corrected by a product, which is exact for subnormal numbers too.
func half(h uint16) float32 {
	bits := uint32(h&0x7fff) << 13
	if h&0x7c00 == 0x7c00 { // infinite, or no number
		bits |= 0x7f800000
	} else {
		bits = math.Float32bits(math.Float32frombits(bits) * 0x1p112)
	}
	return math.Float32frombits(bits | uint32(h&0x8000)<<16)
}
