package study

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tweedie/sample/inverse"
)

// scoresOf runs an experiment and returns the scores of its first walk.
func scoresOf(t *testing.T, source string) map[string]float64 {
	t.Helper()
	t.Chdir(t.TempDir())
	made, err := Run(t.Context(), parse(t, source), Options{Checkpoint: "exact:gaussian"})
	if err != nil {
		t.Fatal(err)
	}
	scores := map[string]float64{}
	for _, s := range made.Walks[0].Scores {
		scores[s.Key] = s.Value
	}
	return scores
}

// linearly is an experiment that asks for the best linear estimates, as a figure does that shows their scores.
var linearly = strings.Replace(measuring, "[metrics]\n", "[metrics]\nlinear = true\n", 1)

const linearFigure = `
[[figure]]
kind = "curves"
x = "calls"
walk = "first"
metrics = ["psnr-linear", "variance-seen"]
`

// The best linear estimates are scored if metrics.linear asks for them. Other scores do not depend on it.
func TestLinearEstimatesAreAskedFor(t *testing.T) {
	without, with := scoresOf(t, measuring), scoresOf(t, linearly+linearFigure)
	if _, is := without["psnr-linear"]; is {
		t.Error("nobody asked for linear estimates")
	}
	if with["psnr-linear"] <= 0 {
		t.Errorf("scores are %v", with)
	}
	for key, value := range without {
		if with[key] != value {
			t.Errorf("%s is %g, and %g beside linear estimates", key, value, with[key])
		}
	}
	_, err := Run(t.Context(), parse(t, measuring+linearFigure), Options{Checkpoint: "exact:gaussian"})
	if !isMisuse(err) || !strings.Contains(err.Error(), "psnr-linear") {
		t.Errorf("a figure of a score that is not there: %v", err)
	}
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// What cannot be afforded for images of 256 x 256 pixels in colour is refused before they are read.
func TestTooLargeToFit(t *testing.T) {
	t.Chdir(t.TempDir())
	large := func(source string) string {
		return strings.NewReplacer("size = 8\nchannels = 1", "size = 256\nchannels = 3",
			"reference = 60", "reference = 600").Replace(source)
	}
	const values = 3 * 256 * 256
	var err error
	bytes := allocated(func() { err = Plan(t.Context(), parse(t, large(linearly)), Options{}, &strings.Builder{}) })
	if !isMisuse(err) {
		t.Fatalf("600 images: %v", err)
	}
	for _, part := range []string{"metrics.linear: 600 training images of 196608 values", fmt.Sprint(12 * 600 * values),
		"set metrics.reference to 455 or less"} {
		if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q does not say %q in one line", err, part)
		}
	}
	// It would take 1.4 GB. What is measured, 4 images, takes a few MB.
	if bytes > 1e8 {
		t.Errorf("%d bytes were allocated for a mistake", bytes)
	}
	f := newStudy(parse(t, linearly), Options{}).linearFit()
	if err := f.affordable(455, values); err != nil || f.affordable(456, values) == nil {
		t.Errorf("455 is not the most: %v", err)
	}
	bytes = allocated(func() {
		_, err = Run(t.Context(), parse(t, large(measuring)), Options{Checkpoint: "exact:gaussian"})
	})
	if err == nil || !strings.Contains(err.Error(), "exact:gaussian") || bytes > 1e8 {
		t.Errorf("%d bytes were allocated for a denoiser that cannot be fitted: %v", bytes, err)
	}
}

// The memory that is said beforehand is enough for the images and for what fitting allocates, and not much more.
func TestMemoryOfTheLinearEstimator(t *testing.T) {
	f := newStudy(parse(t, linearly), Options{}).linearFit()
	for _, c := range []struct{ n, pixels int }{{900, 300}, {500, 500}, {300, 900}} {
		images := make([]float32, c.n*c.pixels)
		for i := range images {
			images[i] = float32(i*i%17) / 17
		}
		var err error
		got := float64(4*len(images)) + float64(allocated(func() {
			_, err = inverse.NewLinearEstimator(images, c.pixels)
		}))
		if said := f.bytes(float64(c.n), float64(c.pixels)); err != nil || got > 1.01*said || said > 1.5*got {
			t.Errorf("%d images of %d pixels: %.0f bytes, %.0f were said (%v)", c.n, c.pixels, got, said, err)
		}
	}
}
