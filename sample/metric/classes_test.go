package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/result"
)

// corners returns images of two pixels near the corners of a square, counts[c] of them near corner c, and the number of
// the corner of each.
func corners(rng *rand.Rand, counts ...int) (images []float32, classes []string) {
	for c, count := range counts {
		for range count {
			x, y := float64(2*(c%2)-1), float64(2*(c/2)-1)
			images = append(images, float32(x+0.1*rng.NormFloat64()), float32(y+0.1*rng.NormFloat64()))
			classes = append(classes, fmt.Sprint(c))
		}
	}
	return images, classes
}

// leastClass returns the score of the metric, and whether there is one.
func leastClass(t *testing.T, r *Reference, samples []float32) (result.Score, bool) {
	t.Helper()
	scores, err := r.Measure(samples)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(scores, func(s result.Score) bool { return s.Key == "least-class" })
	if i < 0 {
		return result.Score{}, false
	}
	return scores[i], true
}

// TestLeastClass compares shares of 0.1, 0.3, 0.4 and 0.2 with those of samples, whose classes are plain to see.
func TestLeastClass(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	images, classes := corners(rng, 40, 120, 160, 80)
	r, err := NewReference(images, 2, ReferenceOptions{Neighbours: 2, Projections: 1, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		counts []int
		want   float64
	}{
		{[]int{10, 30, 40, 20}, 1},
		{[]int{10, 30, 50, 10}, 0.5},
		{[]int{100, 0, 300, 600}, 0},
		{[]int{85, 12, 2, 1}, 2. / 100 / 0.4},
	} {
		samples, _ := corners(rng, c.counts...)
		got, ok := leastClass(t, r, samples)
		if !ok || math.Abs(got.Value-c.want) > 1e-6 {
			t.Errorf("%v samples: %g, want %g", c.counts, got.Value, c.want)
		}
		for i, class := range got.Classes {
			want := result.Class{Name: fmt.Sprint(i), Count: c.counts[i], Real: []float64{0.1, 0.3, 0.4, 0.2}[i]}
			if class != want {
				t.Errorf("%v samples: class %+v, want %+v", c.counts, class, want)
			}
		}
	}
}

// TestMistakenClasses puts a tenth of the images of corner 3 at corner 0, where they are mistaken for its class.
func TestMistakenClasses(t *testing.T) {
	images, classes := corners(rand.New(rand.NewPCG(1, 1)), 220, 200, 200, 180)
	for i := 0; i < 220; i += 11 {
		classes[i] = "3"
	}
	r, err := NewReference(images, 2, ReferenceOptions{Neighbours: 2, Projections: 1, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := leastClass(t, r, images)
	// Of 600 images of other classes, 20 are given class 0. Some of them have each other as their neighbours.
	if m := got.Classes[0].Mistaken; m < 10./600 || m > 20./600 {
		t.Errorf("%g of the others are given class 0", m)
	}
	if m := got.Classes[1].Mistaken + got.Classes[2].Mistaken; m > 0 {
		t.Errorf("%g of the others are given classes 1 and 2", m)
	}
}

// TestClassesThatCannotBeTold have no score.
func TestClassesThatCannotBeTold(t *testing.T) {
	images, classes := corners(rand.New(rand.NewPCG(1, 1)), 100, 100, 100, 100)
	change := func(change func(i int) string) []string {
		changed := slices.Clone(classes)
		for i := range changed {
			changed[i] = change(i)
		}
		return changed
	}
	for name, classes := range map[string][]string{
		"no classes": nil,
		"one class":  change(func(int) string { return "" }),
		"many":       change(func(i int) string { return fmt.Sprint(i) }),
		"one of two": change(func(i int) string { return fmt.Sprint(i % 2) }),
	} {
		r, err := NewReference(images, 2, ReferenceOptions{Neighbours: 2, Projections: 1, Classes: classes})
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := leastClass(t, r, images); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
	_, err := NewReference(images, 2, ReferenceOptions{Neighbours: 2, Projections: 1, Classes: classes[1:]})
	if err == nil || !strings.Contains(err.Error(), "399 classes of 400 training images") {
		t.Errorf("too few classes: %v", err)
	}
}

// TestIntervalOfLeastClass repeats sets of samples, as TestIntervalsContainTheTruth does.
func TestIntervalOfLeastClass(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	images, classes := corners(rng, 100, 100, 100, 100)
	r, err := NewReference(images, 2, ReferenceOptions{Neighbours: 2, Projections: 1, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	for _, shares := range [][]float64{{0.1, 0.3, 0.3, 0.3}, {0.25, 0.25, 0.25, 0.25}} {
		var scores []result.Score
		truth := 0.0
		for range 200 {
			counts := make([]int, 4)
			for range 200 {
				c, u := 0, rng.Float64()
				for ; c < 3 && u >= shares[c]; c++ {
					u -= shares[c]
				}
				counts[c]++
			}
			samples, _ := corners(rng, counts...)
			rng.Shuffle(200, func(i, j int) {
				for k := range 2 {
					samples[2*i+k], samples[2*j+k] = samples[2*j+k], samples[2*i+k]
				}
			})
			c := r.compare(imageSet{samples, 2, 1}, false)
			values, err := c.leastClass()
			if err != nil {
				t.Fatal(err)
			}
			s := Metric{}.score(values, c.subsets, 200, 0)
			scores = append(scores, s)
			truth += s.Value / 200
		}
		inside := 0
		for _, s := range scores {
			if s.Low <= truth && truth <= s.High {
				inside++
			}
		}
		t.Logf("shares %v: mean %.3f, intervals contain it in %d of 200", shares, truth, inside)
		if inside < 180 {
			t.Errorf("shares %v: intervals contain the truth in %d of 200", shares, inside)
		}
	}
}
