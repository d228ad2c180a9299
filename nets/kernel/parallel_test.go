package kernel

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a test waits for a goroutine before it counts as lost. Tests that pass do not wait.
const patience = 2 * time.Second

// meeting runs n tasks that wait for each other, and returns how many goroutines came: n, unless workers are lost.
func meeting(run func(n int, f func(*Scratch, int)), n int) int {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var present atomic.Int64
	run(n, func(*Scratch, int) {
		if ctx.Err() != nil {
			return // another goroutine waited in vain and now takes the tasks of those that did not come
		}
		if present.Add(1) == int64(n) {
			cancel()
		}
		<-ctx.Done()
	})
	return int(present.Load())
}

// withCores runs a test with each number of cores from 2 to 8.
func withCores(t *testing.T, f func(t *testing.T, cores int)) {
	for cores := 2; cores <= 8; cores++ {
		t.Run(fmt.Sprint(cores, " cores"), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			f(t, cores)
		})
	}
}

// The pool is interrupted between its steps, sometimes for so long that workers fall asleep.
// Afterwards every worker still comes.
func TestNoWorkerIsLost(t *testing.T) {
	withCores(t, func(t *testing.T, cores int) {
		var steps atomic.Uint64
		var calm atomic.Bool
		p := newPool(func() {
			if calm.Load() {
				return
			}
			switch rand.New(rand.NewPCG(1, steps.Add(1))).IntN(8) {
			case 0, 1, 2:
				runtime.Gosched()
			case 3:
				time.Sleep(3 * lookout)
			}
		})
		for round := range 100 {
			calm.Store(false)
			for range 10 {
				p.run(cores, func(*Scratch, int) {})
			}
			calm.Store(true)
			if got := meeting(p.run, cores); got != cores {
				t.Fatalf("round %d: %d of %d goroutines come", round, got, cores)
			}
		}
	})
}

// While other goroutines hog the cores, callers and workers are descheduled at any point. Once they stop, every call
// has all its helpers.
func TestAllWorkersComeAfterBusyTimes(t *testing.T) {
	withCores(t, func(t *testing.T, cores int) {
		p := newPool(nil)
		var stop atomic.Bool
		var hogs sync.WaitGroup
		for range 2 * cores {
			hogs.Go(func() {
				for !stop.Load() {
				}
			})
		}
		for range 20 {
			p.run(4*cores, func(*Scratch, int) {})
			runtime.Gosched() // a hog has the core for some milliseconds, in which workers fall asleep
		}
		stop.Store(true)
		hogs.Wait()
		for call := range 100 {
			if got := meeting(p.run, cores); got != cores {
				t.Fatalf("call %d: %d of %d goroutines come", call, got, cores)
			}
		}
	})
}

// Two goroutines that call at the same time both have helpers: every pair of tasks meets.
func TestCallersShareWorkers(t *testing.T) {
	withCores(t, func(t *testing.T, cores int) {
		p := newPool(nil)
		var callers sync.WaitGroup
		for range 2 {
			callers.Go(func() {
				for call := range 200 {
					if got := meeting(p.run, 2); got != 2 {
						t.Errorf("call %d has no helper", call)
						return
					}
				}
			})
		}
		callers.Wait()
	})
}

// More calls at once than the pool has jobs, some of them from tasks, all run all their tasks.
func TestParallelInsideTasks(t *testing.T) {
	withCores(t, func(t *testing.T, cores int) {
		var leaves atomic.Int64
		var callers sync.WaitGroup
		for range 5 {
			callers.Go(func() {
				for range 10 {
					Parallel(6, func(*Scratch, int) {
						Parallel(5, func(*Scratch, int) {
							Parallel(4, func(*Scratch, int) { leaves.Add(1) })
						})
					})
				}
			})
		}
		callers.Wait()
		if got := leaves.Load(); got != 5*10*6*5*4 {
			t.Errorf("%d innermost tasks, want %d", got, 5*10*6*5*4)
		}
	})
}

// onWorker reports whether a task runs on a worker's goroutine rather than the caller's.
func onWorker() bool { return strings.Contains(string(debug.Stack()), "(*job).help") }

// endOne runs a thousand tasks, and ends one with the given function: one on a worker or one on the caller's goroutine.
// It returns what Parallel panics with.
func endOne(t *testing.T, p *pool, cores int, worker bool, end func()) (value any) {
	var started, running atomic.Int64
	defer func() {
		value = recover()
		if n := running.Load(); n != 0 {
			t.Errorf("%d tasks still run after the panic", n)
		}
		if n := started.Load(); n == 1000 {
			t.Error("all tasks were started in spite of the panic")
		}
	}()
	present, ended := make(chan struct{}), make(chan struct{})
	var once sync.Once
	p.run(1000, func(*Scratch, int) {
		running.Add(1)
		defer running.Add(-1)
		if started.Add(1) == int64(cores) {
			close(present)
		}
		<-present // so that all goroutines take part
		if onWorker() == worker {
			defer once.Do(func() { close(ended) })
			end()
		}
		<-ended
		time.Sleep(time.Millisecond) // the other tasks end later
	})
	return nil
}

// A panic in a task reaches the caller with its value, wherever the task ran, and leaves the pool in order.
func TestPanicInATaskReachesTheCaller(t *testing.T) {
	withCores(t, func(t *testing.T, cores int) {
		p := newPool(nil)
		for _, worker := range []bool{false, true} {
			for range 20 { // more often than the pool has jobs
				want := errors.New("task")
				if got := endOne(t, p, cores, worker, func() { panic(want) }); got != want {
					t.Fatalf("on a worker %v: recovered %v, want %v", worker, got, want)
				}
			}
			if got := meeting(p.run, cores); got != cores {
				t.Fatalf("on a worker %v: then %d of %d goroutines come", worker, got, cores)
			}
		}
	})
}

// A task that ends its worker's goroutine, as t.Fatal does, is an error for the caller, and the worker is replaced.
func TestGoexitInATask(t *testing.T) {
	withCores(t, func(t *testing.T, cores int) {
		p := newPool(nil)
		for range 20 {
			if got := endOne(t, p, cores, true, runtime.Goexit); !strings.Contains(fmt.Sprint(got), "Goexit") {
				t.Fatalf("recovered %v", got)
			}
		}
		if got := meeting(p.run, cores); got != cores {
			t.Fatalf("then %d of %d goroutines come", got, cores)
		}
	})
}

// A program that does not recover prints the value and the stack of the goroutine where the task ran.
func TestCrashShowsTheTask(t *testing.T) {
	if os.Getenv("KERNEL_TEST_CRASH") != "" {
		runtime.GOMAXPROCS(2)
		bothHere := make(chan struct{}, 1)
		Parallel(2, func(*Scratch, int) {
			select {
			case bothHere <- struct{}{}:
				bothHere <- struct{}{}
			case <-bothHere:
			}
			if onWorker() {
				faultyTask()
			}
		})
	}
	c := exec.Command(os.Args[0], "-test.run=^TestCrashShowsTheTask$")
	c.Env = append(os.Environ(), "KERNEL_TEST_CRASH=1")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "faultyTask") || !strings.Contains(string(out), "a faulty task") {
		t.Errorf("%v\n%s", err, out)
	}
}

//go:noinline
func faultyTask() { panic("a faulty task") }

func TestParallelDoesNotAllocate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4)) // AllocsPerRun itself would measure on one core
	task := func(*Scratch, int) {}
	Parallel(8, task)
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			Parallel(8, task)
		}
	})
	if n := r.AllocsPerOp(); n != 0 {
		t.Errorf("%d allocations in a call", n)
	}
}

// BenchmarkParallel measures what a call costs beside its tasks.
func BenchmarkParallel(b *testing.B) {
	for _, n := range []int{1, 2, 4, 8, 16} {
		b.Run(fmt.Sprint(n, "tasks"), func(b *testing.B) {
			b.ReportAllocs()
			task := func(*Scratch, int) {}
			for b.Loop() {
				Parallel(n, task)
			}
		})
	}
}

// BenchmarkParallelMeeting measures how soon helpers come: every task waits until all goroutines are there.
func BenchmarkParallelMeeting(b *testing.B) {
	n := runtime.GOMAXPROCS(0)
	for b.Loop() {
		var present atomic.Int64
		Parallel(n, func(*Scratch, int) {
			present.Add(1)
			for present.Load() < int64(n) {
			}
		})
	}
}
