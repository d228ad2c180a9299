package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"tweedie/data/random"
)

// LoaderOptions says how batches are drawn.
type LoaderOptions struct {
	Batch int    // images per batch
	Seed  uint64 // of the run
	First int    // number of the first batch
	Flip  bool   // mirror each image, left to right, with probability 1/2
}

// A Loader draws the batches of a training: images uniformly with replacement, flips and crops. Batch number b depends
// only on (Seed, b) and the images, so a run resumed at batch b sees the batches it would have seen. All its draws
// come, image by image, from the stream (Seed, random.TrainingImages, b).
//
// Goroutines prepare a few batches ahead, in buffers used again and again. A Loader is for one goroutine.
type Loader struct {
	set     Images
	options LoaderOptions

	ring    [4]slot
	taken   int      // calls of Next so far
	numbers chan int // of the batches to prepare, each in the slot that its number selects
	err     error    // of every Next to come

	closed  atomic.Bool
	workers sync.WaitGroup
}

var errLoaderClosed = errors.New("data: the loader of batches is closed")

// A slot holds one batch.
type slot struct {
	images []float32
	ready  chan error
}

// NewLoader starts to prepare batches of s. If s is empty, Batch < 1 or First < 0, every call of Next returns an error
// that says so.
func NewLoader(s Images, o LoaderOptions) *Loader {
	l := &Loader{set: s, options: o, numbers: make(chan int, len(Loader{}.ring))}
	switch {
	case s.Len() == 0:
		l.err = fmt.Errorf("data: %s: no images to draw batches from", s)
	case o.Batch < 1:
		l.err = fmt.Errorf("data: %s: batch = %d: want 1 or more", s, o.Batch)
	case o.First < 0:
		l.err = fmt.Errorf("data: %s: first batch %d: want 0 or more", s, o.First)
	}
	if l.err != nil {
		return l
	}
	channels, height, width := s.Shape()
	for k := range l.ring {
		l.ring[k] = slot{make([]float32, o.Batch*channels*height*width), make(chan error, 1)}
		l.numbers <- o.First + k
	}
	for range min(len(l.ring), runtime.GOMAXPROCS(0)) {
		l.workers.Go(l.work)
	}
	return l
}

// Next returns batch First, then First + 1 and so on: Batch images, NCHW, in [-1, 1]. The slice is valid until the next
// call of Next. It is an error if no image of the set can be read, or after Close.
func (l *Loader) Next() ([]float32, error) {
	if l.err != nil {
		return nil, l.err
	}
	number := l.options.First + l.taken
	if l.taken > 0 { // the caller is done with the last batch: its slot is free
		l.numbers <- number - 1 + len(l.ring)
	}
	l.taken++
	next := l.slot(number)
	if err := <-next.ready; err != nil {
		return nil, err
	}
	return next.images, nil
}

// Close stops the preparation of batches and waits for its goroutines. The set stays open.
func (l *Loader) Close() {
	if l.closed.Swap(true) {
		return
	}
	l.err = errLoaderClosed
	close(l.numbers)
	l.workers.Wait()
}

func (l *Loader) slot(number int) *slot { return &l.ring[number%len(l.ring)] }

// work prepares one batch after the other.
func (l *Loader) work() {
	source := random.Source(l.options.Seed, random.TrainingImages, 0)
	rng := rand.New(source)
	for number := range l.numbers {
		random.Reset(source, l.options.Seed, random.TrainingImages, uint64(number))
		batch := l.slot(number)
		batch.ready <- l.draw(batch.images, rng)
	}
}

// draw fills a batch, with all draws from rng.
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
