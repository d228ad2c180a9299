package trainer

import (
	"fmt"
	"io"
	"time"

	"tweedie/data"
	"tweedie/experiments/runs"
)

// An Observer is told what happens in a run, by one goroutine.
type Observer interface {
	// Started is called once, before the first step.
	Started(Summary)
	// Progress is called after every step.
	Progress(Progress)
	// Warn reports, in one line, a problem that does not end the training.
	Warn(message string)
}

// A Summary says what is trained.
type Summary struct {
	Name            string // of the experiment
	Images, HeldOut int
	Network         string // its kind
	Parameters      int
	Folder          runs.Folder
	First, Steps    int    // steps done by earlier processes, and in all
	Extension       string // what happens to the learning rate because Steps has changed; "" if it has not
}

// String is the summary in one line, or two if the run is extended.
func (s Summary) String() string {
	images := fmt.Sprintf("%d images, %d held out", s.Images, s.HeldOut)
	if s.Images >= data.Endless {
		images = "endless images"
	}
	line := fmt.Sprintf("%s: %s; %s of %d parameters; %s", s.Name, images, s.Network, s.Parameters, s.Folder)
	if s.Extension != "" {
		line += "\n" + s.Extension
	}
	return line
}

// Progress is how far a run is after a step.
type Progress struct {
	Step, Steps     int
	Loss            float64 // mean since the last row of metrics.csv
	Rate            float64 // learning rate of the step
	GradientNorm    float64 // before clipping
	ImagesPerSecond float64 // of this process
	Left            time.Duration
}

// String is the progress without the steps, in one line.
func (p Progress) String() string {
	return fmt.Sprintf("loss %.4f  %.0f images/s  %v left", p.Loss, p.ImagesPerSecond, p.Left)
}

// lineEvery is the time between two lines of progress.
const lineEvery = 5 * time.Second

// Lines returns an Observer that writes to w: the summary, a line every few seconds and after the last step, and
// warnings.
func Lines(w io.Writer) Observer { return &lines{w: w, last: time.Now()} }

type lines struct {
	w    io.Writer
	last time.Time
}

func (l *lines) Started(s Summary) { fmt.Fprintln(l.w, s) }

func (l *lines) Progress(p Progress) {
	if time.Since(l.last) > lineEvery || p.Step == p.Steps {
		l.last = time.Now()
		fmt.Fprintf(l.w, "step %d/%d  %s\n", p.Step, p.Steps, p)
	}
}

func (l *lines) Warn(message string) { fmt.Fprintf(l.w, "train: %s\n", message) }

// silent is the Observer of a run without one.
type silent struct{}

func (silent) Started(Summary)   {}
func (silent) Progress(Progress) {}
func (silent) Warn(string)       {}
