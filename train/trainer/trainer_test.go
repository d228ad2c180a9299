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
	"tweedie/nets/registry"
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
		if rows := string(bytesOf(t, r.Folder.Metrics())); strings.Count(rows, "\n") != 3 || !strings.Contains(rows, "\n20,") {
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

// TestExtension trains on after the last step. The rate must not jump, must reach the plan of the longer run, and an
// extension that is interrupted goes on bit for bit.
func TestExtension(t *testing.T) {
	first, longer := tiny(t), with(t, steps(60))
	mustRun(t, first, Options{Folder: "a"})
	if err := os.CopyFS("b", os.DirFS("a")); err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	whole := mustRun(t, longer, Options{Folder: "a", Resume: true, Observer: w})
	before := plannedRate(first.Train, first.Train.Steps-1)
	for i, rate := range w.rates {
		if jump := math.Abs(rate - before); jump > 0.25*longer.Train.Rate {
			t.Errorf("step %d: the rate jumps from %g to %g", 20+i, before, rate)
		}
		if i >= 4 && rate != plannedRate(longer.Train, 20+i) {
			t.Errorf("step %d: the rate is %g, want that of a run of 60 steps", 20+i, rate)
		}
		before = rate
	}
	if !strings.Contains(w.summary.String(), "changed at step 20: within 4 steps") {
		t.Errorf("the summary is\n%s", w.summary)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Run(ctx, longer, Options{Folder: "b", Resume: true, Observer: &witness{after: func(p Progress) {
		if p.Step == 22 {
			cancel()
		}
	}}}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if r := mustRun(t, longer, Options{Folder: "b", Resume: true}); !bytes.Equal(bytesOf(t, r.Checkpoint), bytesOf(t, whole.Checkpoint)) {
		t.Error("an interrupted extension gives other bits")
	}
}

// TestExtensionOfPlans has the rates without training: no step of the rate is larger than the new plan asks for.
func TestExtensionOfPlans(t *testing.T) {
	plan := func(steps int, decay string) experiments.Train {
		return experiments.Train{Rate: 1, Warmup: 10, Steps: steps, Decay: decay}
	}
	for _, c := range []struct {
		name       string
		saved, now experiments.Train
		step       int
	}{
		{"after the end", plan(1000, "cosine"), plan(2000, "cosine"), 1000},
		{"a little more", plan(1000, "cosine"), plan(1100, "cosine"), 1000},
		{"in the middle", plan(1000, "cosine"), plan(3000, "cosine"), 500},
		{"fewer steps", plan(3000, "cosine"), plan(1000, "cosine"), 500},
		{"in the warmup", plan(1000, "cosine"), plan(3000, "cosine"), 5},
		{"no decay", plan(1000, "none"), plan(3000, "none"), 1000},
	} {
		x := extend(c.saved, c.now, nil, c.step)
		again := extend(c.now, plan(4000, c.now.Decay), x, c.step+3) // a second change, while the first goes on
		once := func(step int) float64 {
			if step < c.step {
				return plannedRate(c.saved, step)
			}
			return x.rate(c.now, step)
		}
		twice := func(step int) float64 {
			if step < c.step+3 {
				return once(step)
			}
			return again.rate(plan(4000, c.now.Decay), step)
		}
		for name, rates := range map[string]func(step int) float64{"": once, ", twice": twice} {
			for step := c.step; step < c.now.Steps; step++ {
				if jump := math.Abs(rates(step) - rates(step-1)); jump > 0.1+1e-12 { // as in the warmup
					t.Errorf("%s%s: at step %d the rate goes from %g to %g", c.name, name, step, rates(step-1), rates(step))
				}
			}
		}
		if last := c.now.Steps - 1; x.rate(c.now, last) != plannedRate(c.now, last) {
			t.Errorf("%s: the last rate is %g, want %g", c.name, x.rate(c.now, last), plannedRate(c.now, last))
		}
	}
	if x := extend(plan(1000, "none"), plan(3000, "none"), nil, 1000); x != nil {
		t.Errorf("a rate that does not decay is extended by %+v", *x)
	}
}

// TestChanges resumes with other settings. What would make another network or train it on something else is refused.
func TestChanges(t *testing.T) {
	e := tiny(t)
	mustRun(t, e, Options{Folder: "a"})
	longer := steps(21)
	for _, c := range []struct {
		name   string
		change func(e *experiments.Experiment)
		want   string // "": it may change
	}{
		{"seed", func(e *experiments.Experiment) { e.Seed = 4 }, "seed is 3 in the checkpoint and 4 in the experiment"},
		{"network", func(e *experiments.Experiment) { e.Net.Settings.(*registry.UNet).Multipliers = []int{1, 1} }, "net.multipliers is [1,2] in the checkpoint and [1,1]"},
		{"parameterization", func(e *experiments.Experiment) { e.Train.Parameterization = "epsilon" }, `train.parameterization is "edm" in the checkpoint and "epsilon"`},
		{"noise", func(e *experiments.Experiment) { e.Train.Noise.Mean = 0 }, "train.noise.mean is -1.2 in the checkpoint and 0"},
		{"kind of noise", func(e *experiments.Experiment) { e.Train.Noise = experiments.Noise{Kind: "ddpm"} }, "train.noise.std is 1.2 in the checkpoint and not given"},
		{"weight", func(e *experiments.Experiment) { e.Train.Weight.Kind = "power" }, "train.weight.kind"},
		{"channels", func(e *experiments.Experiment) { e.Data.Channels = 3 }, "data.channels is 1 in the checkpoint and 3"},
		{"place of the images", func(e *experiments.Experiment) { e.Data.Path = "photos" }, "-data"},
		{"held-out images", func(e *experiments.Experiment) { e.Data.Validation.Share = 0.5 }, "data.validation"},
		{"housekeeping", func(e *experiments.Experiment) {
			e.Train.Keep, e.Train.CheckpointEvery, e.Train.ValidateEvery, e.Train.PreviewEvery, e.Title = 9, 9, 9, 0, "mine"
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.CopyFS(c.name, os.DirFS("a")); err != nil {
				t.Fatal(err)
			}
			w := &witness{}
			_, err := Run(t.Context(), with(t, longer, c.change), Options{Folder: runs.Folder(c.name), Resume: true, Observer: w})
			if c.want != "" {
				oneLine(t, err, c.want, "step-000020.safetensors")
			} else if err != nil || len(w.warnings) > 0 {
				t.Errorf("error %v, warnings %q", err, w.warnings)
			}
		})
	}
	w := &witness{}
	mustRun(t, with(t, longer, func(e *experiments.Experiment) { e.Train.Rate = 1e-4 }), Options{Folder: "a", Resume: true, Observer: w})
	if w.warned("train.rate is 0.001 in the checkpoint and 0.0001 in the experiment; training goes on with the new value") != 1 || w.rates[0] > 1e-4 {
		t.Errorf("rate %g, warnings %q", w.rates[0], w.warnings)
	}
}

// TestMovedImages goes on when only the place of the images has changed, and stores the new one.
func TestMovedImages(t *testing.T) {
	e := tiny(t)
	picture(t, "photos/1.png", "photos/2.png")
	e.Data.Path, e.Data.Validation.Share = "photos", 0
	mustRun(t, e, Options{Folder: "a"})
	if err := os.Rename("photos", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	moved := with(t, steps(22))
	moved.Data.Path, moved.Data.Validation.Share = "elsewhere", 0
	mustRun(t, moved, Options{Folder: "a", Resume: true, DataMoved: true})
	if source := string(bytesOf(t, "a/experiment.toml")); !strings.Contains(source, `path = "elsewhere"`) {
		t.Errorf("experiment.toml:\n%s", source)
	}
}

// TestRenamedCheckpoint is the copy of a checkpoint under the name of a later step.
func TestRenamedCheckpoint(t *testing.T) {
	e := tiny(t)
	r := mustRun(t, e, Options{Folder: "a"})
	fake := checkpoint.File("a/checkpoints", 999)
	if err := os.WriteFile(fake, bytesOf(t, r.Checkpoint), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Run(t.Context(), with(t, steps(2000)), Options{Folder: "a", Resume: true})
	oneLine(t, err, fake, "holds step 20")
}

// TestDamagedCheckpoint cuts the newest checkpoint short: the run goes on from the one before, with the same result.
func TestDamagedCheckpoint(t *testing.T) {
	e := tiny(t, func(e *experiments.Experiment) { e.Train.CheckpointEvery, e.Train.Keep = 8, 2 })
	r := mustRun(t, e, Options{Folder: "a"})
	want := bytesOf(t, r.Checkpoint)
	if err := os.Truncate(r.Checkpoint, 5000); err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	mustRun(t, e, Options{Folder: "a", Resume: true, Observer: w})
	if w.summary.First != 16 || !bytes.Equal(bytesOf(t, r.Checkpoint), want) {
		t.Errorf("resumed from step %d, or with another result", w.summary.First)
	}
	if w.warned(r.Checkpoint) != 1 || w.warned("from the one before, "+checkpoint.File("a/checkpoints", 16)) != 1 {
		t.Errorf("warnings %q", w.warnings)
	}
	if _, err := os.Stat(r.Checkpoint + ".damaged"); err != nil {
		t.Error(err)
	}
}

// TestDamagedMetrics cuts metrics.csv in the middle of a row, as a crash does.
func TestDamagedMetrics(t *testing.T) {
	e := tiny(t)
	mustRun(t, e, Options{Folder: "a"})
	rows := bytesOf(t, "a/metrics.csv")
	damaged := append(rows[:len(rows)-10:len(rows)-10], make([]byte, 100)...)
	if err := os.WriteFile("a/metrics.csv", damaged, 0o666); err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	mustRun(t, with(t, steps(30)), Options{Folder: "a", Resume: true, Observer: w})
	got := string(bytesOf(t, "a/metrics.csv"))
	if w.warned("metrics.csv: 1 damaged row") != 1 || strings.Count(got, "\n") != 3 || !strings.Contains(got, "\n10,") || !strings.Contains(got, "\n30,") {
		t.Errorf("warnings %q, metrics\n%q", w.warnings, got)
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
	oneLine(t, err, fmt.Sprintf("step %d:", last+1), "train.rate", "the last good checkpoint is "+checkpoint.File("a/checkpoints", last))
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
