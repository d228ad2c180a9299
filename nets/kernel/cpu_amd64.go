package kernel

import "golang.org/x/sys/cpu"

// useAVX2 selects the assembly kernels over their portable Go twins; tests turn it off to run both.
var useAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA
