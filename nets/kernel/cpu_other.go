//go:build !amd64

package kernel

// useAVX2 is false where there are no assembly kernels.
var useAVX2, useAVX512 = false, false
