package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/cpu"
)

// A pool has workers that help callers of Parallel with their jobs.
//
// A network calls Parallel thousands of times a second, and waking a thread takes longer than many of the network's
// operations. So workers watch for the next job for a while before they sleep.
//
// No worker can miss a job and sleep through it. A caller first opens the job, then counts it in posted, and then reads
// sleeping. A worker reads posted, looks through all jobs, and falls asleep only after it has counted itself in
// sleeping and found posted unchanged. These are sequentially consistent atomics, so either the worker sees the new
// count, or the caller sees the worker and wakes it. No worker can be lost either: a worker is counted in sleeping for
// as long as it sleeps, whichever job was posted last, so every later call sees it too.
type pool struct {
	posted   atomic.Int64 // jobs opened so far
	sleeping atomic.Int64 // workers in wake.Wait, or about to be
	_        cpu.CacheLinePad
	jobs     [8]job // calls beyond these, at one time, run without helpers

	mu      sync.Mutex
	wake    *sync.Cond // a job has been posted
	workers atomic.Int64

	pause func() // called by interrupt in tests; nil otherwise
}

// lookout is how long workers watch for a job before they sleep.
const lookout = 100 * time.Microsecond

func newPool(pause func()) *pool {
	p := &pool{pause: pause}
	p.wake = sync.NewCond(&p.mu)
	return p
}

// interrupt marks a point between two steps at which tests can delay a goroutine.
func (p *pool) interrupt() {
	if p.pause != nil {
		p.pause()
	}
}

// post opens a job for the caller and some helpers, or returns nil if all jobs are in use.
func (p *pool) post(n, helpers int, f func(s *Scratch, i int)) *job {
	if p.workers.Load() < int64(helpers) {
		p.hire(helpers)
	}
	for k := range p.jobs {
		if j := &p.jobs[k]; j.reserve() {
			j.n, j.f = int64(n), f
			j.next.Store(0)
			j.open(helpers)
			p.interrupt()
			p.posted.Add(1)
			p.interrupt()
			if sleeping := p.sleeping.Load(); sleeping > 0 {
				p.rouse(min(helpers, int(sleeping)))
			}
			return j
		}
	}
	return nil
}

// hire starts workers until there are as many as helpers.
func (p *pool) hire(helpers int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.workers.Load() < int64(helpers) {
		p.workers.Add(1)
		go p.work()
	}
}

// rouse wakes sleeping workers.
func (p *pool) rouse(count int) {
	p.mu.Lock() // a worker that has counted itself holds mu until it waits
	p.mu.Unlock()
	for range count {
		p.wake.Signal()
	}
}

// work is the life of a worker. A task may end its goroutine with runtime.Goexit; then another one takes over.
func (p *pool) work() {
	defer func() { go p.work() }()
	for last := 0; ; {
		posted := p.posted.Load()
		p.interrupt()
		if j := p.find(&last); j != nil {
			p.interrupt()
			j.help()
			continue // without waiting: another job may be open
		}
		p.await(posted)
	}
}

// find enters a job that has a place. It starts with the job after the last one, so that callers get helpers in turn.
func (p *pool) find(last *int) *job {
	for range p.jobs {
		*last = (*last + 1) % len(p.jobs)
		if j := &p.jobs[*last]; j.enter() {
			return j
		}
	}
	return nil
}

// await returns once more than the given number of jobs have been posted.
func (p *pool) await(posted int64) {
	for start := time.Now(); time.Since(start) < lookout; runtime.Gosched() {
		for range 32 {
			if p.posted.Load() != posted {
				return
			}
		}
	}
	p.interrupt()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sleeping.Add(1)
	p.interrupt()
	for p.posted.Load() == posted {
		p.wake.Wait()
	}
	p.sleeping.Add(-1)
}
