package kernel

import (
	"runtime"
	"sync"
)

// Scratch is memory for one task. It is valid until the task returns, holds whatever earlier tasks left there, and is
// reused, so that nothing is allocated in a steady state.
type Scratch struct {
	blocks [][]float32
	used   int // blocks that the current task has
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

// Parallel runs f(scratch, i) for every i < n on all cores and returns when all are done. Any core may take any i, so
// tasks must write disjoint results. A task may call Parallel, and several goroutines may call it at once: they share
// the cores.
//
// If a task panics, Parallel starts no more tasks, waits for those that run, and panics with the same value. Where the
// task ran on another goroutine and nobody recovers, the program prints that goroutine's stack as well.
func Parallel(n int, f func(s *Scratch, i int)) { cores.run(n, f) }

var cores = newPool(nil)

// run is Parallel on the workers of a pool.
func (p *pool) run(n int, f func(s *Scratch, i int)) {
	helpers := min(runtime.GOMAXPROCS(0), n) - 1
	if helpers > 0 {
		if j := p.post(n, helpers, f); j != nil {
			completed := false
			defer func() { j.finish(completed) }()
			j.work()
			completed = true
			return
		}
	}
	s := scratches.Get().(*Scratch)
	defer scratches.Put(s)
	for i := range n {
		s.used = 0
		f(s, i)
	}
}
