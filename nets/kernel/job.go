package kernel

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sys/cpu"
)

// A job holds the tasks of one call of Parallel. The pool has a fixed number of jobs, and calls use them in turn.
//
// Its state counts, in the low half, the goroutines inside, and in the high half the places for workers that may still
// enter. They form one word, so that a worker enters only where there is a place, and is counted at the same moment:
//
//	0                       free
//	1, no places            owned by a caller, who writes or reads the other fields
//	1 + workers, k places   open: the caller and workers run tasks, k more workers may enter
//	1 + workers, no places  closed: no task is left to take; once the workers have left, only the caller is inside
//
// A worker may enter a job that has been freed and posted anew since the worker looked for one. It then helps the new
// call, which is as useful.
type job struct {
	state   atomic.Int64
	next    atomic.Int64 // the task to take next
	n       int64
	f       func(s *Scratch, i int)
	failure atomic.Pointer[failure] // the first panic of a task on a worker
	_       cpu.CacheLinePad
}

const (
	inside = 1       // of a job's state: one goroutine
	place  = 1 << 32 // of a job's state: one worker that may enter
)

// A failure is a panic that a worker recovered.
type failure struct {
	value any
	stack string
}

// reserve takes the job for a caller, if it is free.
func (j *job) reserve() bool { return j.state.Load() == 0 && j.state.CompareAndSwap(0, inside) }

// open lets workers enter. The caller has written the other fields.
func (j *job) open(helpers int) { j.state.Add(int64(helpers) * place) }

// close keeps further workers from entering.
func (j *job) close() { j.state.And(place - 1) }

// enter takes a place, if there is one.
func (j *job) enter() bool {
	for {
		state := j.state.Load()
		if state < place {
			return false
		}
		if j.state.CompareAndSwap(state, state-place+inside) {
			return true
		}
	}
}

// work runs tasks until none is left to take.
func (j *job) work() {
	s := scratches.Get().(*Scratch)
	defer scratches.Put(s)
	for i := j.next.Add(1) - 1; i < j.n; i = j.next.Add(1) - 1 {
		s.used = 0
		j.f(s, int(i))
	}
	j.close()
}

// stop leaves the tasks that nobody has taken undone.
func (j *job) stop() {
	j.next.Store(j.n)
	j.close()
}

// help is a worker's part in a job that it has entered.
func (j *job) help() {
	completed := false
	defer func() {
		value := recover()
		if !completed && value == nil {
			value = "kernel: a task of Parallel called runtime.Goexit" // in a test, for example, by t.Fatal
		}
		if value != nil {
			j.failure.CompareAndSwap(nil, &failure{value, string(debug.Stack())})
			j.stop()
		}
		j.state.Add(-inside)
	}()
	j.work()
	completed = true
}

// finish ends the caller's part: it waits until the workers have left, frees the job, and passes on a worker's panic.
// If the caller's own part did not complete, because a task panicked there, that panic goes on instead.
func (j *job) finish(completed bool) {
	if !completed {
		j.stop()
	}
	for j.state.Load() != inside {
		runtime.Gosched()
	}
	failed := j.failure.Swap(nil)
	j.f = nil
	j.state.Store(0)
	if completed && failed != nil {
		failed.panic()
	}
}

// panic panics with the recovered value. The first panic shows the worker's stack, if the program crashes.
func (f *failure) panic() {
	defer panic(f.value)
	panic("kernel: a task of Parallel panicked on another goroutine:\n" + f.stack)
}
