// Command elementwise writes the AVX2+FMA kernels of package kernel that are not matrix products: activations,
// normalisation, softmax, sums and the optimizer's update.
//
// An element's arithmetic is the same in a full vector and in a masked one, and the order of a sum depends on the
// lengths alone. So results depend on neither alignment nor position.
package main

import . "github.com/mmcloughlin/avo/build"

//go:generate go run . -out ../../../nets/kernel/elementwise_amd64.s -stubs ../../../nets/kernel/elementwise_amd64.go -pkg kernel

func main() {
	arithmetic()
	exponential()
	activations()
	softmaxes()
	affines()
	channelSums()
	adam()
	Generate()
}
