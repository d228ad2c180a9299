package main

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/sample/metric"
)

// evaluation returns the lines of JSON that end the output.
func evaluation(t *testing.T, stdout string) (lines []map[string]float64) {
	t.Helper()
	for line := range strings.Lines(stdout) {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		var values map[string]float64
		if err := json.Unmarshal([]byte(line), &values); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, values)
	}
	return lines
}

func TestEvaluate(t *testing.T) {
	newRun(t)
	stdout, stderr := sample(t, 0, "-evaluate", "validation")
	if strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "fitting the linear denoiser") {
		t.Errorf("stderr is %q", stderr)
	}
	e, err := experiments.Parse("tiny.toml", []byte(tiny))
	if err != nil {
		t.Fatal(err)
	}
	_, held, err := e.Data.Open()
	if err != nil {
		t.Fatal(err)
	}
	images, err := held.EvenlySpaced(t.Context(), 500, 500)
	if err != nil {
		t.Fatal(err)
	}
	power := 0.0
	for _, v := range images {
		power += float64(v) * float64(v) / float64(len(images))
	}
	lines := evaluation(t, stdout)
	if len(lines) != len(metric.NoiseLevels) {
		t.Fatalf("%d lines of JSON, want %d:\n%s", len(lines), len(metric.NoiseLevels), stdout)
	}
	for k, sigma := range metric.NoiseLevels {
		got := lines[k]
		if len(got) != 4 || got["sigma"] != sigma {
			t.Fatalf("line %d is %v, want sigma %v, raw, ema and linear", k, got, sigma)
		}
		// With F = 0, D(x, sigma) = c x with c = sd^2/(sd^2 + sigma^2): the error is (1-c)^2 E[X^2] + c^2 sigma^2.
		c := 0.25 / (0.25 + sigma*sigma)
		if want := (1-c)*(1-c)*power + c*c*sigma*sigma; math.Abs(got["raw"]/want-1) > 0.03 {
			t.Errorf("sigma %v: raw error %v, want %v", sigma, got["raw"], want)
		}
		if got["ema"] == got["raw"] {
			t.Errorf("sigma %v: ema and raw weights have the same error", sigma)
		}
		// The raw denoiser is linear, so none is better than the best; the images held out follow the same
		// distribution.
		if got["linear"] > got["raw"] {
			t.Errorf("sigma %v: linear error %v is above %v of a worse linear denoiser", sigma, got["linear"],
				got["raw"])
		}
	}
	if again, _ := sample(t, 0, "-evaluate", "validation"); again != stdout {
		t.Error("a second evaluation gave other numbers")
	}
	if _, err := os.Stat("runs/tiny/figures"); err == nil {
		t.Error("an evaluation wrote figures")
	}
}

func TestEvaluateWithoutTrainingImages(t *testing.T) {
	newRun(t)
	stdout, stderr := sample(t, 0, "-evaluate", "glyphs", "-data", "gone.zip")
	if !strings.Contains(stderr, "gone.zip") || strings.Contains(stdout, "linear") {
		t.Errorf("printed %q and %q, want a note and no linear denoiser", stdout, stderr)
	}
	for _, line := range evaluation(t, stdout) {
		if len(line) != 3 {
			t.Errorf("%v, want sigma, raw and ema", line)
		}
	}
}
