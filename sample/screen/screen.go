// Package screen prints what a study does: a line for each message, and progress as a bar on a terminal or, elsewhere,
// as a line now and then. Commands share it. It must not know what the lines mean.
package screen

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"tweedie/sample/study"
)

// quiet is the time between two lines of progress where there is no terminal; the first comes sooner.
const quiet, firstQuiet = 15 * time.Second, 5 * time.Second

// A Screen is a study.Observer that prints outcomes on one writer and all else on another.
type Screen struct {
	stdout, stderr io.Writer
	command        string // before notes and warnings
	terminal       bool
	bar            *progressbar.ProgressBar // nil before the first progress, and without a terminal
	name           string                   // that the bar shows
	start, next    time.Time                // of the work, and of the next line of progress; zero before the first
}

// New returns a screen whose notes and warnings begin with the name of the command.
func New(command string, stdout, stderr io.Writer) *Screen {
	f, ok := stderr.(*os.File)
	return &Screen{command: command, stdout: stdout, stderr: stderr, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

// Tell prints a line.
func (s *Screen) Tell(kind study.Kind, text string) {
	s.Clear()
	if s.next.IsZero() {
		s.start = time.Now() // of what comes next
	}
	switch kind {
	case study.Outcome:
		fmt.Fprintln(s.stdout, text)
	case study.Info:
		fmt.Fprintln(s.stderr, text)
	case study.Note:
		fmt.Fprintln(s.stderr, s.command+": note:", text)
	case study.Warning:
		fmt.Fprintln(s.stderr, s.command+": warning:", text)
	}
}

// Progress shows how much is done, and how long the rest will take.
func (s *Screen) Progress(p study.Progress) {
	name, now := p.Name, time.Now()
	if p.Parts > 1 {
		name = fmt.Sprintf("%d of %d, %s", p.Part, p.Parts, name)
	}
	if s.next.IsZero() {
		s.next = now.Add(firstQuiet)
	}
	switch {
	case s.terminal:
		if s.bar == nil {
			s.bar = progressbar.NewOptions(p.Total, progressbar.OptionSetWriter(s.stderr),
				progressbar.OptionSetWidth(30),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		if s.name != name {
			s.name = name
			s.bar.Describe(name)
		}
		s.bar.Set(p.Done)
	case now.After(s.next):
		s.next = now.Add(quiet)
		share := float64(p.Done) / float64(p.Total)
		left := time.Duration(float64(now.Sub(s.start)) * (1/share - 1)).Round(time.Second)
		fmt.Fprintf(s.stderr, "%s: %.0f%% of all, %v left\n", name, 100*share, left)
	}
}

// Clear removes the bar, which Progress draws again.
func (s *Screen) Clear() {
	if s.bar != nil {
		s.bar.Clear()
	}
}
