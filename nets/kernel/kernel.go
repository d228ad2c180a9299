// Package kernel holds the float32 loops under the networks: matrix products, convolutions, normalisation, activations
// and the optimizer's update. They work on plain slices. Activations are NHWC: a row holds the channels of one pixel.
//
// Each kernel is portable Go. Most have an AVX2+FMA version as well, some an AVX-512 version, which are chosen when the
// program starts; tests run all of them on the same inputs. The assembly is written by scripts/asm.
//
// A result has the same bits on any number of cores. How a problem is cut into tasks depends on its shape alone, and
// sums are added in a fixed order. The versions of a kernel may round differently, except that AVX-512 gives the bits
// of AVX2.
//
// Exported kernels check at entry that every slice has the length that the shape asks for, and panic if one has not.
//
// The package must not know of graphs, networks, images or files, and imports nothing of this module.
package kernel

import (
	"fmt"

	"golang.org/x/sys/cpu"
)

// useAVX2 selects the AVX2+FMA kernels, and useAVX512 those AVX-512 kernels that replace AVX2 ones. Both are false on
// other processors. Tests turn them off.
var (
	useAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	useAVX512 = cpu.X86.HasAVX512F
)

// checkLength panics unless an argument of a kernel holds the wanted number of values.
func checkLength(kernel, argument string, length, want int) {
	if length != want {
		wrongLength(kernel, argument, length, fmt.Sprint("want ", want))
	}
}

// checkOptional is checkLength for an argument that may be nil.
func checkOptional(kernel, argument string, x []float32, want int) {
	if x != nil {
		checkLength(kernel, argument, len(x), want)
	}
}

// checkRoom panics unless an argument holds at least the wanted number of values.
func checkRoom(kernel, argument string, length, want int) {
	if length < want {
		wrongLength(kernel, argument, length, fmt.Sprint("want at least ", want))
	}
}

// checkRows panics unless an argument holds whole rows of the given width.
func checkRows(kernel, argument string, length, width int) {
	if width < 1 || length%width != 0 {
		wrongLength(kernel, argument, length, fmt.Sprint("want whole rows of ", width))
	}
}

func wrongLength(kernel, argument string, length int, want string) {
	panic(fmt.Sprintf("kernel: %s: %s holds %d values, %s", kernel, argument, length, want))
}
