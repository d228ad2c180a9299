package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/sample/result"
)

// swept is an experiment of two walks, a sweep over two axes, scores and figures.
var swept = strings.Replace(tiny, "[[walk]]", "[metrics]\nreference = 200\nfeatures = 8\n[[walk]]", 1) + `
[sweep]
"step.epsilon" = [0.3, 0.6]
"schedule" = [
  { kind = "sigmoid", steps = 4, max = 10.0, min = 0.1 },
  { kind = "linear", steps = 5, max = 9.0, min = 0.1 },
  { kind = "list", levels = [2.0, 1.0] },
]
[[figure]]
kind = "heat-map"
x = "step.epsilon"
y = "schedule"
walk = "sigmoid"
metrics = ["frechet-pca", "recall"]
[[figure]]
kind = "cells"
x = "schedule"
y = "step.epsilon"
walk = "geometric"
[[figure]]
kind = "curves"
name = "calls"
x = "calls"
series = "step.epsilon"
walk = "geometric"
[[figure]]
kind = "samples"
walks = ["geometric"]
count = 4
schedules = true
[[figure]]
kind = "film"
walks = ["sigmoid"]
`

func TestSweep(t *testing.T) {
	newRun(t)
	write(t, "swept.toml", strings.ReplaceAll(swept, "samples = 3\n", "samples = 7\n"))
	args := []string{"-experiment", "swept.toml", "-checkpoint", "runs/tiny", "-out", "out"}
	stdout, _ := sample(t, 0, args...)
	for _, name := range []string{"heat-map", "cells", "calls", "samples"} {
		for _, ending := range []string{".png", ".svg"} {
			if !strings.Contains(stdout, "wrote "+filepath.Join("out", name+ending)) {
				t.Errorf("%s%s was not written: %q", name, ending, stdout)
			}
		}
		picture(t, "out/"+name+".png")
	}
	films, _ := filepath.Glob("out/film-sigmoid-*.gif")
	if len(films) != 6 {
		t.Errorf("%d films of 6 walks", len(films))
	}

	// A row for each walk, with its settings, in the order of the sweep.
	text, err := os.ReadFile("out/results.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	if len(rows) != 1+12 {
		t.Fatalf("%d rows, want a header and 2 walks x 2 x 3", len(rows))
	}
	for i, want := range map[int][4]string{
		1: {"0.3", "sigmoid", "4", "7"}, 2: {"0.3", "linear", "5", "7"}, 6: {"0.6", "list", "2", "7"},
		12: {"0.6", "list", "2", "35"},
	} {
		row := rows[i]
		got := [4]string{row[column["step.epsilon"]], row[column["schedule.kind"]], row[column["network calls"]],
			row[column["drawn"]]}
		if got != want {
			t.Errorf("row %d is of %q, want %q", i, got, want)
		}
		hash := row[column["checkpoint sha256"]]
		if row[column["frechet-pca"]] == "" || row[column["seconds"]] == "" || len(hash) != 64 {
			t.Errorf("row %d lacks scores, seconds or the checkpoint: %q", i, row)
		}
	}

	// What is finished is kept, to the bit, whichever walk is missing; another seed is another walk.
	kept, _ := filepath.Glob("out/walks/*.safetensors")
	if len(kept) != 12 {
		t.Fatalf("%d walks are kept", len(kept))
	}
	before, err := os.ReadFile(kept[3])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(kept[3]); err != nil {
		t.Fatal(err)
	}
	again, stderr := sample(t, 0, args...)
	if !strings.Contains(stderr, "11 of 12 walks are kept") || again != stdout {
		t.Errorf("the second time: %q and %q", stderr, again)
	}
	if now, _ := os.ReadFile(kept[3]); !bytes.Equal(withoutTime(now), withoutTime(before)) {
		t.Error("a walk drawn again differs")
	}
	if _, stderr := sample(t, 0, append(args, "-seed", "5")...); strings.Contains(stderr, "are kept") {
		t.Errorf("another seed: %q", stderr)
	}
}

// withoutTime is a kept walk's file without the header, which has the seconds that it took.
func withoutTime(file []byte) []byte {
	return file[bytes.LastIndexByte(file[:min(len(file), 4096)], '}'):]
}

// A walk that is interrupted goes on where it was, and ends as if it had not been.
func TestStoppedWalkGoesOn(t *testing.T) {
	newRun(t)
	write(t, "long.toml", strings.NewReplacer("samples = 35", "samples = 70", "steps = 3", "steps = 90").Replace(tiny))
	sample(t, 0, "-experiment", "long.toml", "-checkpoint", "runs/tiny", "-out", "whole")
	_, _, want := picture(t, "whole/geometric.png")

	ctx, stop := context.WithCancel(t.Context())
	var stdout bytes.Buffer
	stderr := &interrupter{after: "geometric", stop: stop}
	args := []string{"-experiment", "long.toml", "-checkpoint", "runs/tiny", "-out", "parts"}
	if code := run(ctx, args, &stdout, stderr); code != 130 {
		t.Fatalf("exit code %d, want 130: %s", code, stderr.text.String())
	}
	if text := stderr.text.String(); !strings.Contains(text, "go on with go run ./sample -resume parts") {
		t.Errorf("it is not said how to go on: %q", text)
	}
	for range 2 { // once to go on, and once more with nothing left
		sample(t, 0, "-resume", "parts")
		if _, _, got := picture(t, "parts/geometric.png"); got != want {
			t.Fatal("a walk that was stopped ends elsewhere")
		}
	}
	for _, args := range [][]string{{"-resume", "nowhere"}, {"-resume", "parts", "-seed", "3"}} {
		if _, stderr := sample(t, 2, args...); strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, args[1]) {
			t.Errorf("%q: %q", args, stderr)
		}
	}
}

// An interrupter interrupts a little after a text was written to it.
type interrupter struct {
	text  bytes.Buffer
	after string
	stop  func()
}

func (i *interrupter) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(i.after)) {
		i.stop()
	}
	return i.text.Write(p)
}

func TestResultsAreKeptWithThePictures(t *testing.T) {
	newRun(t)
	sample(t, 0, "-out", "out", "-seed", "4")
	e, err := result.Load("out")
	if err != nil {
		t.Fatal(err)
	}
	if e.Command != "go run ./sample -out out -seed 4" || !strings.Contains(e.TOML, "seed = 4") || len(e.Walks) != 2 {
		t.Errorf("command %q, %d walks, experiment\n%s", e.Command, len(e.Walks), e.TOML)
	}
	for _, w := range e.Walks {
		if last := w.States[len(w.States)-1]; w.States[0].K != 0 || last.K != w.Calls || len(w.Sigma) != w.Calls {
			t.Errorf("walk %s has states from %d to %d, and %d levels, of %d steps", w.Name, w.States[0].K, last.K,
				len(w.Sigma), w.Calls)
		}
		for _, s := range w.States {
			f, err := os.Open(filepath.Join("out", s.Picture))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := png.Decode(f); err != nil {
				t.Error(err)
			}
			f.Close()
		}
	}
}
