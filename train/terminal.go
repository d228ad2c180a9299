package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"tweedie/train/trainer"
)

// A terminal is the observer of the command. If stderr is a terminal, it shows progress as a bar below all other lines.
type terminal struct {
	trainer.Observer // writes lines
	stderr           io.Writer
	bar              *progressbar.ProgressBar // nil before the first step, and if stderr is no terminal
}

func newTerminal(stderr io.Writer) *terminal {
	return &terminal{Observer: trainer.Lines(stderr), stderr: stderr}
}

func (t *terminal) Started(s trainer.Summary) {
	t.Observer.Started(s)
	if f, ok := t.stderr.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return
	}
	t.bar = progressbar.NewOptions(s.Steps, progressbar.OptionSetWriter(t.stderr), progressbar.OptionSetWidth(20),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())
	t.bar.Set(s.First)
}

func (t *terminal) Progress(p trainer.Progress) {
	if t.bar == nil {
		t.Observer.Progress(p)
		return
	}
	t.bar.Describe(fmt.Sprintf("loss %.4f, %.0f images/s, %v left", p.Loss, p.ImagesPerSecond, p.Left))
	t.bar.Set(p.Step)
}

func (t *terminal) Warn(message string) {
	if t.bar != nil {
		t.bar.Clear()
	}
	t.Observer.Warn(message)
}

func (t *terminal) close() {
	if t.bar != nil {
		t.bar.Exit()
	}
}
