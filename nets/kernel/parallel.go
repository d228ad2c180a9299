package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Scratch is memory that one task uses for itself: it is valid until the task returns, holds what earlier tasks left, and
// is reused, so that a steady state allocates nothing.
type Scratch struct {
	blocks [][]float32
	used   int
}

// Floats returns n uninitialised values.
func (s *Scratch) Floats(n int) []float32 {
	if s.used == len(s.blocks) {
		s.blocks = append(s.blocks, nil)
	}
	b := &s.blocks[s.used]
	if cap(*b) < n {
		*b = make([]float32, n)
	}
	s.used++
	return (*b)[:n]
}

var scratches = sync.Pool{New: func() any { return new(Scratch) }}

// Parallel runs f(scratch, i) for every i < n on all cores. Which core takes which i is left open, so tasks must write
// disjoint results.
func Parallel(n int, f func(s *Scratch, i int)) {
	var next atomic.Int64
	work := func() {
		s := scratches.Get().(*Scratch)
		defer scratches.Put(s)
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			s.used = 0
			f(s, i)
		}
	}
	var others sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}
