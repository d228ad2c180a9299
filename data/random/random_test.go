package random

import "testing"

// TestStreamsDiffer draws from streams whose names differ in one word, or have the same words in another order. Two
// streams that shared a value would share all that follow it.
func TestStreamsDiffer(t *testing.T) {
	type name struct {
		seed    uint64
		purpose Purpose
		index   uint64
	}
	const words = 20
	first := map[uint64]name{}
	for seed := range uint64(words) {
		for purpose := Purpose(1); purpose < last; purpose++ {
			for index := range uint64(words) {
				n := name{seed, purpose, index}
				r := Stream(seed, purpose, index)
				for range 8 { // also against a stream that is another one, shifted
					v := r.Uint64()
					if other, ok := first[v]; ok {
						t.Fatalf("%v and %v share a value", n, other)
					}
					first[v] = n
				}
			}
		}
	}
}

// TestStreamRepeats compares with numbers that were written down: results must be the same on every machine and in
// every version.
func TestStreamRepeats(t *testing.T) {
	r := Stream(7, Walk, 3)
	for i, want := range []float64{-1.164462290412555, -0.2868362973150119, 0.5010861271040516} {
		if got := r.NormFloat64(); got != want {
			t.Errorf("number %d is %v, want %v", i, got, want)
		}
	}
}

// TestReset gives the numbers of a new source, after any number of others were drawn.
func TestReset(t *testing.T) {
	source := Source(1, Walk, 2)
	source.Uint64()
	Reset(source, 3, TrainingImages, 4)
	fresh := Source(3, TrainingImages, 4)
	for i := range 100 {
		if got, want := source.Uint64(), fresh.Uint64(); got != want {
			t.Fatalf("number %d is %d, want %d", i, got, want)
		}
	}
}
