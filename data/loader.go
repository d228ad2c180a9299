package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// LoaderOptions says how batches are drawn.
type LoaderOptions struct {
	Batch int    // images a step
	Seed  uint64 // of the run
	First int    // the step of the first batch
	Flip  bool   // mirror each image, left to right, with probability 1/2
}

// A Loader draws the batch of every training step: images uniformly with
// replacement, flips and crops. The batch of step s depends only on (Seed, s) and
// the files, so a run resumed at step s sees the batches it would have seen. All
// its draws come, image by image, from rand.NewPCG(Seed, 2*s); the odd streams are
// left for the noise.
//
// Goroutines prepare a few batches ahead, in buffers used again and again. A
// Loader is for one goroutine.
type Loader struct {
	set     *Set
	options LoaderOptions

	ring  [4]slot
	taken int      // calls of Next so far
	steps chan int // to prepare, each in the slot its number selects
	err   error    // of every Next to come

	closed  atomic.Bool
	workers sync.WaitGroup
}

var errLoaderClosed = errors.New("data: the loader of batches is closed")

// A slot holds the batch of one step.
type slot struct {
	images []float32
	ready  chan error
}

// NewLoader starts to prepare batches of s. If s is empty, Batch < 1 or First < 0,
// every call of Next returns an error that says so.
func NewLoader(s *Set, o LoaderOptions) *Loader {
	l := &Loader{set: s, options: o, steps: make(chan int, len(Loader{}.ring))}
	switch {
	case s.Len() == 0:
		l.err = fmt.Errorf("data: %s: no images to draw batches from", s.options.Path)
	case o.Batch < 1:
		l.err = fmt.Errorf("data: %s: batch = %d: want 1 or more", s.options.Path, o.Batch)
	case o.First < 0:
		l.err = fmt.Errorf("data: %s: first step %d: want 0 or more", s.options.Path, o.First)
	}
	if l.err != nil {
		return l
	}
	channels, height, width := s.Shape()
	for k := range l.ring {
		l.ring[k] = slot{make([]float32, o.Batch*channels*height*width), make(chan error, 1)}
		l.steps <- o.First + k
	}
	for range min(len(l.ring), runtime.GOMAXPROCS(0)) {
		l.workers.Go(l.work)
	}
	return l
}

// Next returns the images of step First, then First + 1 and so on: Batch images,
// NCHW, in [-1, 1]. The slice is valid until the next call of Next. It is an error
// if no image of the set can be read, or after Close.
func (l *Loader) Next() ([]float32, error) {
	if l.err != nil {
		return nil, l.err
	}
	step := l.options.First + l.taken
	if l.taken > 0 { // the caller is done with the last batch: its slot is free
		l.steps <- step - 1 + len(l.ring)
	}
	l.taken++
	next := l.at(step)
	if err := <-next.ready; err != nil {
		return nil, err
	}
	return next.images, nil
}

// Close stops the preparation of batches and waits for its goroutines. The set
// stays open.
func (l *Loader) Close() {
	if l.closed.Swap(true) {
		return
	}
	l.err = errLoaderClosed
	close(l.steps)
	l.workers.Wait()
}

func (l *Loader) at(step int) *slot { return &l.ring[step%len(l.ring)] }

// work prepares one step after the other.
func (l *Loader) work() {
	stream := rand.NewPCG(0, 0)
	rng := rand.New(stream)
	for step := range l.steps {
		stream.Seed(l.options.Seed, 2*uint64(step))
		batch := l.at(step)
		batch.ready <- l.draw(batch.images, rng)
	}
}

// draw fills a batch, all of it from rng.
func (l *Loader) draw(images []float32, rng *rand.Rand) error {
	_, _, width := l.set.Shape()
	for image := range slices.Chunk(images, len(images)/l.options.Batch) {
		if l.closed.Load() {
			return errLoaderClosed
		}
		index := rng.IntN(l.set.Len())
		flip := l.options.Flip && rng.Uint64()&1 == 1
		if err := l.set.Image(image, index, rng); err != nil {
			return err
		}
		if flip {
			for row := range slices.Chunk(image, width) {
				slices.Reverse(row)
			}
		}
	}
	return nil
}
