package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"tweedie/nets"
)

// quiet is the time between two lines of progress where there is no terminal; the first comes sooner.
const quiet, firstQuiet = 15 * time.Second, 5 * time.Second

// A progress reports how many of a number of images have been denoised: by a bar on a terminal, else by a line now and then.
type progress struct {
	name        string
	done, total int
	bar         *progressbar.ProgressBar // nil without a terminal
	lines       io.Writer
	start, next time.Time
}

// newProgress counts to a total.
func newProgress(stderr io.Writer, total int) *progress {
	now := time.Now()
	p := &progress{total: total, lines: stderr, start: now, next: now.Add(firstQuiet)}
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(f),
			progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return p
}

// of names what is counted: part i of n.
func (p *progress) of(name string, i, n int) {
	p.name = name
	if n > 1 {
		p.name = fmt.Sprintf("%d of %d, %s", i, n, name)
	}
	if p.bar != nil {
		p.bar.Describe(p.name)
	}
}

func (p *progress) add(images int) {
	p.done += images
	if p.bar != nil {
		p.bar.Add(images)
		return
	}
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(quiet)
		share := float64(p.done) / float64(p.total)
		left := time.Duration(float64(now.Sub(p.start)) * (1/share - 1)).Round(time.Second)
		fmt.Fprintf(p.lines, "%s: %.0f%% of all, %v left\n", p.name, 100*share, left)
	}
}

// close removes the bar.
func (p *progress) close() {
	if p.bar != nil {
		p.bar.Clear()
	}
}

// observed is a denoiser that counts its images, and stops with the context's error.
type observed struct {
	ctx context.Context
	nets.Denoiser
	pixels int // of an image
	*progress
}

func (o observed) Denoise(dst, x []float32, sigma float64) error {
	if err := o.ctx.Err(); err != nil {
		return err
	}
	err := o.Denoiser.Denoise(dst, x, sigma)
	o.add(len(x) / o.pixels)
	return err
}
