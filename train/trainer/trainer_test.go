package trainer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/checkpoint"
)

// tiny returns an experiment that trains in a second, and changes to a new folder.
func tiny(t *testing.T, changes ...func(e *experiments.Experiment)) *experiments.Experiment {
	t.Helper()
	t.Chdir(t.TempDir())
	return with(t, changes...)
}

func with(t *testing.T, changes ...func(e *experiments.Experiment)) *experiments.Experiment {
	t.Helper()
	e, err := experiments.Parse("tiny.toml", []byte(`seed = 3
[data]
path = "glyphs"
size = 8
channels = 1
[net]
kind = "unet"
base = 8
multipliers = [1, 2]
blocks = 1
attention = [4]
[train]
noise = { kind = "log-normal", mean = -1.2, std = 1.2 }
weight = { kind = "edm" }
batch = 4
steps = 20
rate = 1e-3
warmup = 2
decay = "cosine"
clip = 1.0
checkpoint_every = 0
preview_every = 0
validate_every = 0
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(e)
	}
	return e
}

func steps(n int) func(e *experiments.Experiment) {
	return func(e *experiments.Experiment) { e.Train.Steps = n }
}

// A witness is an Observer that remembers, and may act after a step.
type witness struct {
	after    func(Progress)
	summary  Summary
	rates    []float64
	warnings []string
}

func (w *witness) Started(s Summary)   { w.summary = s }
func (w *witness) Warn(message string) { w.warnings = append(w.warnings, message) }
func (w *witness) Progress(p Progress) {
	w.rates = append(w.rates, p.Rate)
	if w.after != nil {
		w.after(p)
	}
}

// warned counts the warnings that contain text.
func (w *witness) warned(text string) (n int) {
	for _, line := range w.warnings {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

func mustRun(t *testing.T, e *experiments.Experiment, o Options) Result {
	t.Helper()
	r, err := Run(t.Context(), e, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// oneLine checks that an error is one line with all the texts in it.
func oneLine(t *testing.T, err error, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err == nil || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one line with %q", err, text)
		}
	}
}

// TestTogether starts two trainings of one experiment at once: each has its own folder with all rows of its metrics.
func TestTogether(t *testing.T) {
	e := tiny(t)
	var both sync.WaitGroup
	var results [2]Result
	for i := range results {
		both.Go(func() {
			var err error
			if results[i], err = Run(t.Context(), e, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if results[0].Folder == results[1].Folder {
		t.Fatalf("both are in %s", results[0].Folder)
	}
	for _, r := range results {
		rows := string(bytesOf(t, r.Folder.Metrics()))
		if strings.Count(rows, "\n") != 3 || !strings.Contains(rows, "\n20,") {
			t.Errorf("%s:\n%s", r.Folder.Metrics(), rows)
		}
	}
	if !bytes.Equal(bytesOf(t, results[0].Checkpoint), bytesOf(t, results[1].Checkpoint)) {
		t.Error("one experiment gives two different networks")
	}
}

// TestFolderInUse resumes a run, and starts another in its folder, while it goes on.
func TestFolderInUse(t *testing.T) {
	e := tiny(t, func(e *experiments.Experiment) { e.Train.CheckpointEvery = 5 })
	tried := false
	w := &witness{after: func(p Progress) {
		if p.Step == 7 {
			tried = true
			_, err := Run(t.Context(), e, Options{Folder: "a", Resume: true})
			oneLine(t, err, "a: another training is writing into it")
			_, err = Run(t.Context(), e, Options{Folder: "a"})
			oneLine(t, err, "a: holds a run already")
		}
	}}
	mustRun(t, e, Options{Folder: "a", Observer: w})
	if !tried {
		t.Error("nothing was tried")
	}
}

// TestInterruptedWithoutRoom has a save that fails after an interrupt: it must not look like one that was saved.
func TestInterruptedWithoutRoom(t *testing.T) {
	e := tiny(t)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Run(ctx, e, Options{Folder: "a", Observer: &witness{after: func(p Progress) {
		if p.Step == 5 {
			os.WriteFile("a/checkpoints", nil, 0o666) // where the folder should be
			cancel()
		}
	}}})
	oneLine(t, err, "interrupted after step 5, which could not be saved", "the last checkpoint is none yet")
	if errors.Is(err, context.Canceled) || r.Checkpoint != "" {
		t.Errorf("%v, checkpoint %q", err, r.Checkpoint)
	}
}

// TestDivergence has a rate at which the loss soon is not finite: what was trained before is saved.
func TestDivergence(t *testing.T) {
	e := tiny(t, steps(60), func(e *experiments.Experiment) {
		e.Train.Rate, e.Train.Clip, e.Train.Warmup, e.Train.EMA = 1e25, 0, 0, 0.5
	})
	last := 0
	r, err := Run(t.Context(), e, Options{Folder: "a", Observer: &witness{after: func(p Progress) { last = p.Step }}})
	oneLine(t, err, fmt.Sprintf("step %d:", last+1), "train.rate",
		"the last good checkpoint is "+checkpoint.File("a/checkpoints", last))
	c, err := checkpoint.Read(r.Checkpoint)
	if err != nil || c.Meta.Step != last || last == 0 {
		t.Fatalf("checkpoint %q: %v", r.Checkpoint, err)
	}
	for name, p := range c.Parameters {
		for _, v := range p.Data {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("%s is not finite", name)
			}
		}
	}
}

// TestBadWeightsAreNotSaved, even if the loss has not told yet.
func TestBadWeightsAreNotSaved(t *testing.T) {
	run := newTraining(tiny(t), Options{})
	if err := run.prepare(Options{Folder: "a"}); err != nil {
		t.Fatal(err)
	}
	defer run.close()
	run.model.Parameters.All()[3].Data()[0] = float32(math.Inf(1))
	oneLine(t, run.save(), run.model.Parameters.All()[3].Name, "is +Inf")
	if runs.Folder("a").Used() {
		t.Error("a checkpoint was written")
	}
}

// TestDeletedFolder removes the run's folder while it trains. The next checkpoint brings back all that -resume needs.
func TestDeletedFolder(t *testing.T) {
	w := &witness{after: func(p Progress) {
		if p.Step == 7 {
			os.RemoveAll("a")
		}
	}}
	mustRun(t, tiny(t, func(e *experiments.Experiment) { e.Train.CheckpointEvery = 5 }), Options{Folder: "a", Observer: w})
	if w.warned("a was deleted") != 1 {
		t.Errorf("warnings %q", w.warnings)
	}
	if rows := string(bytesOf(t, "a/metrics.csv")); !strings.Contains(rows, "\n20,") {
		t.Errorf("metrics go on elsewhere:\n%s", rows)
	}
	if events, _ := filepath.Glob("a/events*"); len(events) != 1 {
		t.Errorf("events %v", events)
	}
	e, err := experiments.Load("a/experiment.toml")
	if err != nil {
		t.Fatal(err)
	}
	e.Train.Steps = 22
	mustRun(t, e, Options{Folder: "a", Resume: true})
}
