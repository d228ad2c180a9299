package study

import (
	"math"
	"slices"

	"tweedie/sample/walk"
)

// Limits of a walk's history. A sweep has many walks, so each keeps less.
const (
	historyStates, historyImages = 33, 9
	sweepStates, sweepImages     = 13, 4
	denoisedImages               = 2
	historyValues                = 1 << 22 // numbers in all; large images have fewer
)

// A history shows how the first samples of a walk come about: some of its states, evenly spaced, the start and the end
// among them.
type history struct {
	states []walk.State // X of a few images, Denoised of fewer
	steps  []int        // numbers of steps after which a state is kept
	images int          // in X
	pixels int          // of an image
}

// newHistory returns a history of a job without any states yet.
func newHistory(j job) *history {
	states, images := historyStates, historyImages
	if j.inSweep() {
		states, images = sweepStates, sweepImages
	}
	K, pixels := len(j.walk.Sigma), j.denoiser.shape.Len()
	states = min(states, K+1)
	images = max(1, min(images, historyValues/(states*pixels)))
	return &history{steps: evenly(states, 0, K), images: images, pixels: pixels}
}

// record keeps a copy of the state's first images, if the history keeps states of that number of steps.
func (h *history) record(s walk.State) {
	if !slices.Contains(h.steps, s.K) {
		return
	}
	first := func(x []float32, images int) []float32 { return slices.Clone(x[:min(len(x), images*h.pixels)]) }
	s.X, s.Denoised, s.Z = first(s.X, h.images), first(s.Denoised, min(h.images, denoisedImages)), nil
	h.states = append(h.states, s)
}

// evenly returns n whole numbers from first to last, including both, evenly spaced; a single one is the last.
func evenly(n, first, last int) []int {
	if n == 1 {
		return []int{last}
	}
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = first + int(math.Round(float64(i*(last-first))/float64(n-1)))
	}
	return numbers
}
