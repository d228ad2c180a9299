package walk

import "math/rand/v2"

// source returns the draws of samples first, ..., first+n-1: a function that fills dst,
// n images, with their unit noise of step k, to be called for k = -1 (the start), 0, 1, ...
// in turn. Every step draws, whatever its temperature, so that walks which differ in
// temperature alone share their noise.
func (w Walk) source(pixels, first, n int) func(k int, dst []float32) {
	if w.Noise != nil {
		return func(k int, dst []float32) {
			for i := range n {
				w.Noise(first+i, k, dst[i*pixels:(i+1)*pixels])
			}
		}
	}
	streams := make([]*rand.Rand, n)
	for i := range streams {
		streams[i] = rand.New(rand.NewPCG(w.Seed, uint64(first+i)))
	}
	return func(_ int, dst []float32) {
		for i, r := range streams {
			for j := range pixels {
				dst[i*pixels+j] = float32(r.NormFloat64())
			}
		}
	}
}
