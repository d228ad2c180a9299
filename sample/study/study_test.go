package study

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/experiments"
)

// tiny is an experiment of 8 x 8 glyphs with two short walks, which are scored.
const tiny = `
[data]
path = "glyphs"
size = 8
channels = 1
[metrics]
reference = 60
features = 8
[[walk]]
name = "first"
samples = 8
schedule = { kind = "sigmoid", steps = 4, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "constant", value = 0 }
[[walk]]
name = "second"
samples = 9
schedule = { kind = "geometric", steps = 3, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "constant", value = 0 }
`

// measuring is tiny with a measurement in its first walk.
var measuring = strings.Replace(tiny, "value = 0 }", `value = 1 }
measurement = { kind = "denoising", eta = 0.2, posterior = 2 }`, 1)

func parse(t *testing.T, source string) *experiments.Experiment {
	t.Helper()
	e, err := experiments.Parse("tiny.toml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A recorder is an observer that remembers all lines and calls a function for each.
type recorder struct {
	lines []string
	told  func(kind Kind, text string)
}

func (r *recorder) Tell(kind Kind, text string) {
	r.lines = append(r.lines, text)
	if r.told != nil {
		r.told(kind, text)
	}
}

func (*recorder) Progress(Progress) {}

func (r *recorder) text() string { return strings.Join(r.lines, "\n") }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestRunInOwnProcess runs an experiment as another program does: nothing but a folder is needed.
func TestRunInOwnProcess(t *testing.T) {
	t.Chdir(t.TempDir())
	e := parse(t, tiny)
	made, err := Run(t.Context(), e, Options{Checkpoint: "exact:gaussian"})
	if err != nil {
		t.Fatal(err)
	}
	if len(made.Walks) != 2 || made.Walks[1].Samples != 9 || len(made.Walks[0].Scores) == 0 || len(made.Floors) == 0 {
		t.Errorf("the result has %d walks, of %d samples and %d scores", len(made.Walks), made.Walks[1].Samples,
			len(made.Walks[0].Scores))
	}
	for _, file := range []string{made.Walks[0].Picture, "results.csv", "report.html", ExperimentFile} {
		if !exists(filepath.Join("figures", file)) {
			t.Errorf("there is no %s", file)
		}
	}
	last := made.Walks[1]
	for alt, want := range map[string]string{last.Alt: "Grid of 9 samples of walk second, 3 steps, letters and digits.",
		last.States[0].Alt: "Walk second at its start: 9 samples of pure noise.",
		last.States[3].Alt: "Walk second after step 3 of 3, σ = 0.1: 9 samples, letters and digits."} {
		if alt != want {
			t.Errorf("a picture is said to show %q, want %q", alt, want)
		}
	}
	if e.Walks[0].Checkpoint != "" {
		t.Error("the caller's experiment has changed")
	}
}

// TestInterruptedWhileScoring cancels when the pictures are there, and when the first of two walks is scored.
func TestInterruptedWhileScoring(t *testing.T) {
	for _, last := range []string{"wrote " + filepath.Join("figures", "second.png"), "first: "} {
		t.Run(last, func(t *testing.T) {
			t.Chdir(t.TempDir())
			ctx, stop := context.WithCancel(t.Context())
			observer := &recorder{told: func(kind Kind, text string) {
				if strings.HasPrefix(text, last) && kind == Outcome {
					stop()
				}
			}}
			_, err := Run(ctx, parse(t, tiny), Options{Checkpoint: "exact:gaussian", Observer: observer})
			stopped, ok := errors.AsType[*StoppedError](err)
			if !ok || !errors.Is(err, context.Canceled) || stopped.Folder != "figures" {
				t.Errorf("the error is %v", err)
			}
			if got := observer.lines[len(observer.lines)-1]; !strings.HasPrefix(got, last) {
				t.Errorf("it went on to %q", got)
			}
			if !exists("figures/first.png") || !exists("figures/second.png") || exists("figures/results.csv") {
				t.Error("pictures are missing, or results are there")
			}
		})
	}
}

// TestFailedScoresLoseNothing scores samples against a reference of images of another size.
func TestFailedScoresLoseNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	s := newStudy(parse(t, tiny), Options{Checkpoint: "exact:gaussian"})
	jobs, err := prepare(t.Context(), s, false)
	if err != nil {
		t.Fatal(err)
	}
	other := newStudy(parse(t, strings.Replace(tiny, "size = 8", "size = 9", 1)), s.Options)
	judge, err := newJudge(t.Context(), other, jobs)
	if err != nil {
		t.Fatal(err)
	}
	drawings, err := drawAll(t.Context(), s, jobs)
	if err != nil {
		t.Fatal(err)
	}
	scores, failed := scoreAll(t.Context(), s, judge, jobs, drawings)
	if len(failed) != 2 {
		t.Fatalf("%d scores failed, want those of both walks", len(failed))
	}
	made, err := publish(s, "", jobs, drawings, scores, nil, failed)
	if made == nil || len(made.Walks) != 2 || err == nil || !strings.Contains(err.Error(), "scores of walk second: ") {
		t.Errorf("published %v with the error %v", made, err)
	}
	if !exists("figures/report.html") || !exists("figures/second.png") {
		t.Error("the report or a picture is missing")
	}
}

// TestNewestCheckpointIsLookedUpAgain removes the checkpoint that was found, as a training does: the walk takes the
// newest instead.
func TestNewestCheckpointIsLookedUpAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	const run = "runs/tiny"
	if err := os.MkdirAll(run+"/checkpoints", 0o777); err != nil {
		t.Fatal(err)
	}
	newest := filepath.Join(run, "checkpoints", "step-000009.safetensors")
	if err := os.WriteFile(newest, []byte("no network"), 0o666); err != nil {
		t.Fatal(err)
	}
	pruned := filepath.Join(run, "checkpoints", "step-000008.safetensors")
	d := newDenoisers(newStudy(parse(t, tiny), Options{}))
	d.files[run] = pruned
	if _, err := d.open(t.Context(), run, "ema", nil); err == nil || !strings.Contains(err.Error(), newest) {
		t.Errorf("the error is %v, want one about %s", err, newest)
	}
	if _, err := d.open(t.Context(), pruned, "ema", nil); err == nil || !strings.Contains(err.Error(), pruned) {
		t.Errorf("the error is %v, want one about the file that is named, %s", err, pruned)
	}
}

// TestSweepGoesOnWithItsCheckpoint runs the stored experiment of a sweep again: nothing is left to draw.
func TestSweepGoesOnWithItsCheckpoint(t *testing.T) {
	t.Chdir(t.TempDir())
	swept := parse(t, tiny+"[sweep]\n\"step.epsilon\" = [0.4, 0.5]\n")
	if _, err := Run(t.Context(), swept, Options{Checkpoint: "exact:gaussian"}); err != nil {
		t.Fatal(err)
	}
	stored, err := experiments.Load(filepath.Join("figures", ExperimentFile))
	if err != nil {
		t.Fatal(err)
	}
	observer := &recorder{}
	if _, err := Run(t.Context(), stored, Options{Checkpoint: "exact:data", Observer: observer}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(observer.text(), "4 of 4 walks are kept") {
		t.Errorf("it said %q", observer.text())
	}
}
