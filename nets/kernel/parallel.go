package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
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
	j := &job{n: int64(n), f: f}
	helpers := min(runtime.GOMAXPROCS(0), n) - 1
	if helpers > 0 && crew.busy.TryLock() {
		crew.call(j, helpers)
		crew.busy.Unlock()
		return
	}
	// On one core, or while another goroutine has the crew.
	j.work()
}

// A job is the tasks of one call of Parallel.
type job struct {
	n          int64
	f          func(s *Scratch, i int)
	next, done atomic.Int64
	places     atomic.Int64 // for workers that may still join
}

// work takes tasks until none is left.
func (j *job) work() {
	s := scratches.Get().(*Scratch)
	defer scratches.Put(s)
	for i := j.next.Add(1) - 1; i < j.n; i = j.next.Add(1) - 1 {
		s.used = 0
		j.f(s, int(i))
		j.done.Add(1)
	}
}

// workers wait for jobs. A network calls Parallel thousands of times a second, and to wake a sleeping thread takes
// longer than many of its operations: so they look out for the next job for a while before they sleep.
type workers struct {
	busy     sync.Mutex // held by the call that has the workers
	count    int
	current  atomic.Pointer[job]
	sleeping atomic.Int64
	wake     chan struct{}
}

// lookout is how long workers look out for a job before they sleep.
const lookout = 100 * time.Microsecond

var crew = workers{wake: make(chan struct{}, 64)}

// call runs a job on this goroutine and some workers.
func (w *workers) call(j *job, helpers int) {
	for ; w.count < helpers; w.count++ {
		go w.worker()
	}
	j.places.Store(int64(helpers))
	w.current.Store(j)
	for range w.sleeping.Swap(0) {
		select {
		case w.wake <- struct{}{}:
		default: // there are wakes to spare: of workers that saw a job before they slept
		}
	}
	j.work()
	for j.done.Load() < j.n {
		runtime.Gosched()
	}
}

func (w *workers) worker() {
	var last *job
	for {
		last = w.following(last)
		if last.places.Add(-1) >= 0 {
			last.work()
		}
	}
}

// following waits for a job other than last.
func (w *workers) following(last *job) *job {
	for start := time.Now(); time.Since(start) < lookout; runtime.Gosched() {
		for range 32 {
			if j := w.current.Load(); j != last {
				return j
			}
		}
	}
	w.sleeping.Add(1)
	for w.current.Load() == last {
		<-w.wake
	}
	return w.current.Load()
}
