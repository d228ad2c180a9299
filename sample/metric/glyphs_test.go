package metric

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"tweedie/data"
	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

const side, pixels = 20, 400

// glyphs returns n of the built-in images, evenly spaced, and their Reference.
func glyphs(t *testing.T, n int) ([]float32, *Reference) {
	t.Helper()
	set, err := data.Open(data.Options{Path: "glyphs", Size: side, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	images, err := set.EvenlySpaced(context.Background(), n, set.Len())
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReference(images, pixels, ReferenceOptions{
		Seed: 1, Shape: inverse.Shape{Channels: 1, Height: side, Width: side},
	})
	if err != nil {
		t.Fatal(err)
	}
	return images, r
}

// TestScoresOrderImages checks that real images score better than slightly changed ones, and these better than strongly
// changed ones. The changed images are from the other half, and as many as those of the floor.
func TestScoresOrderImages(t *testing.T) {
	const n = 300
	images, r := glyphs(t, 2*n)
	changed := func(change func(dst, x []float32)) map[string]float64 {
		var samples []float32
		for i := range n {
			dst := make([]float32, pixels)
			change(dst, images[(2*i+1)*pixels:][:pixels])
			samples = append(samples, dst...)
		}
		return values(t)(r.Measure(samples))
	}
	blur := func(std float64) func(dst, x []float32) {
		a, err := inverse.GaussianBlur(inverse.Shape{Channels: 1, Height: side, Width: side}, std, inverse.Symmetric)
		if err != nil {
			t.Fatal(err)
		}
		return a.Apply
	}
	rng := rand.New(rand.NewPCG(1, 1))
	noise := func(sigma float64) func(dst, x []float32) {
		return func(dst, x []float32) {
			for i, v := range x {
				dst[i] = v + float32(sigma*rng.NormFloat64())
			}
		}
	}
	shift := func(columns int) func(dst, x []float32) {
		return func(dst, x []float32) {
			for i := range dst {
				dst[i] = x[i-i%side+(i+columns)%side]
			}
		}
	}
	floor := values(t)(r.Floor(n))
	distances := []string{"sliced Wasserstein", "Frechet distance", "kernel distance"}
	for _, tt := range []struct {
		name           string
		slight, strong map[string]float64
		rises, falls   []string // beside the distances
	}{
		// Smooth images are near many others: density rises above that of real ones, and precision does not notice.
		{"blur", changed(blur(0.7)), changed(blur(2)), []string{"density"}, []string{"recall"}},
		{"noise", changed(noise(0.5)), changed(noise(0.8)), []string{"nearest training image"},
			[]string{"density", "coverage"}},
		{"shift", changed(shift(1)), changed(shift(4)), []string{"nearest training image"},
			[]string{"precision", "recall", "density", "coverage"}},
	} {
		for _, name := range slices.Concat(distances, tt.rises) {
			if f, a, b := floor[name], tt.slight[name], tt.strong[name]; !(f < a && a < b) {
				t.Errorf("%s: %s: %.4g of real images, %.4g slightly and %.4g strongly changed: want a rise",
					tt.name, name, f, a, b)
			}
		}
		for _, name := range tt.falls {
			if f, a, b := floor[name], tt.slight[name], tt.strong[name]; !(f > a && a > b) {
				t.Errorf("%s: %s: %.4g of real images, %.4g slightly and %.4g strongly changed: want a fall",
					tt.name, name, f, a, b)
			}
		}
	}
}

// TestModeCollapse scores copies of one training image: they are precise and nothing else.
func TestModeCollapse(t *testing.T) {
	images, r := glyphs(t, 600)
	got := values(t)(r.Measure(slices.Repeat(images[100*pixels:][:pixels], 64)))
	if got["precision"] != 1 || got["recall"] > 0.01 || got["coverage"] > 0.1 {
		t.Errorf("precision %g, recall %g, coverage %g", got["precision"], got["recall"], got["coverage"])
	}
	const distance = "Frechet distance"
	floor := values(t)(r.Floor(64))
	if floor["recall"] < 0.5 || floor["coverage"] < 0.3 || got[distance] < 2*floor[distance] {
		t.Errorf("collapsed %v, floor %v", got, floor)
	}
}

// TestMemorisedImages scores training images of both halves, and images that are held out from both.
func TestMemorisedImages(t *testing.T) {
	const n = 50
	images, r := glyphs(t, 600)
	var training []float32
	for i := range n {
		training = append(training, images[11*i*pixels:][:pixels]...)
	}
	const name = "nearest training image"
	if got := values(t)(r.Measure(training))[name]; got != 0 {
		t.Errorf("%g of training images", got)
	}
	// Of 601 evenly spaced images, hardly any is among 600.
	others, _ := glyphs(t, 601)
	var held []float32
	for i := range n {
		held = append(held, others[(11*i+5)*pixels:][:pixels]...)
	}
	got, floor := values(t)(r.Measure(held))[name], values(t)(r.Floor(n))[name]
	if got < 0.05 || math.Abs(got/floor-1) > 0.3 {
		t.Errorf("%g of images that are held out, the floor is %g", got, floor)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	const n = 100
	images, r := glyphs(t, 400)
	var samples, shuffled []float32
	for i := range n {
		samples = append(samples, images[(2*i+1)*pixels:][:pixels]...)
	}
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(n) {
		shuffled = append(shuffled, samples[i*pixels:][:pixels]...)
	}
	score := func(scores []result.Score, err error) []result.Score {
		if err != nil {
			t.Fatal(err)
		}
		return scores
	}
	first := score(r.Measure(samples))
	if again := score(r.Measure(samples)); !reflect.DeepEqual(first, again) {
		t.Errorf("measured twice: %v and %v", first, again)
	}
	for i, s := range score(r.Measure(shuffled)) {
		if math.Abs(s.Value-first[i].Value) > 1e-9*(1+math.Abs(first[i].Value)) {
			t.Errorf("%s: %g, and %g in another order", s.Name, first[i].Value, s.Value)
		}
	}
}
