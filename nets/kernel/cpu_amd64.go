package kernel

import "golang.org/x/sys/cpu"

// useAVX2 selects the assembly kernels over their portable Go twins; tests turn it off to run both.
var useAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// useAVX512 lets kernels that have it take AVX-512 where they would take AVX2; results have the same bits.
var useAVX512 = cpu.X86.HasAVX512F
