package main

import (
	"slices"

	"tweedie/sample/walk"
)

// What is kept of a walk's course, at most: a sweep has many walks.
const (
	courseStates, courseImages = 33, 9
	sweepStates, sweepImages   = 13, 4
	denoisedImages             = 2
	courseValues               = 1 << 22 // numbers in all; large images have fewer
)

// A course is how the first samples of a walk come about: some of its states, evenly spaced, the start and the end among them.
type course struct {
	states []walk.State // X of a few images, Denoised of fewer
	at     []int        // the steps after which they are taken
	images int
	pixels int
}

// newCourse looks out for the states of a walk of K steps.
func newCourse(K, states, images, pixels int) *course {
	states = min(states, K+1)
	images = max(1, min(images, courseValues/(states*pixels)))
	return &course{at: spread(states, 0, K), images: images, pixels: pixels}
}

// newCourse is as long in a sweep as its many walks allow.
func (j job) newCourse() *course {
	states, images := courseStates, courseImages
	if len(j.At) > 0 {
		states, images = sweepStates, sweepImages
	}
	return newCourse(len(j.walk.Sigma), states, images, j.denoiser.pixels())
}

// see keeps a copy of the state's first images if it is one of those wanted.
func (c *course) see(s walk.State) {
	if !slices.Contains(c.at, s.K) {
		return
	}
	first := func(x []float32, images int) []float32 { return slices.Clone(x[:min(len(x), images*c.pixels)]) }
	s.X, s.Denoised = first(s.X, c.images), first(s.Denoised, min(c.images, denoisedImages))
	c.states = append(c.states, s)
}
