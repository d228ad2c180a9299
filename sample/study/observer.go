package study

import (
	"context"

	"tweedie/nets"
)

// An Observer is told what happens. All calls come from the goroutine that called Run, Plan or Evaluate.
type Observer interface {
	// Tell passes a line of text, without a newline.
	Tell(kind Kind, text string)

	// Progress is called whenever images have been denoised.
	Progress(p Progress)
}

// A Kind says what a line of text reports.
type Kind int

const (
	Info    Kind = iota // what is being done
	Note                // something unexpected that needs no action
	Warning             // something that is allowed but seldom meant
	Outcome             // a file that was written, or the scores of a walk
)

// Progress counts the images that a denoiser has been given.
type Progress struct {
	Name        string // of the walk, or "evaluation"
	Part, Parts int    // it is the walk number Part of Parts, from 1
	Done, Total int    // images, of all parts
}

type silent struct{}

func (silent) Tell(Kind, string) {}
func (silent) Progress(Progress) {}

// A counter reports progress to an observer.
type counter struct {
	Progress
	observer Observer
}

func (c *counter) add(images int) {
	c.Done += images
	c.observer.Progress(c.Progress)
}

// A countingDenoiser counts its images, and stops with the context's error.
type countingDenoiser struct {
	nets.Denoiser
	ctx     context.Context
	pixels  int // of an image
	counter *counter
}

func (d countingDenoiser) Denoise(dst, x []float32, sigma float64) error {
	if err := d.ctx.Err(); err != nil {
		return err
	}
	err := d.Denoiser.Denoise(dst, x, sigma)
	d.counter.add(len(x) / d.pixels)
	return err
}

// Pullback implements nets.Differentiable. It is not counted: a step that differentiates its denoiser also calls it.
func (d countingDenoiser) Pullback(dst, x, v []float32, sigma float64) error {
	if err := d.ctx.Err(); err != nil {
		return err
	}
	return nets.Pullback(d.Denoiser, dst, x, v, sigma)
}
