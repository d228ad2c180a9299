package study

import (
	"slices"
	"testing"

	"tweedie/experiments"
	"tweedie/sample/result"
)

func TestClassesOf(t *testing.T) {
	for name, c := range map[string]struct{ names, want []string }{
		"folders":          {[]string{"0/1.png", "0/2.png", "1/1.png"}, []string{"0", "0", "1"}},
		"below one folder": {[]string{"glyphs/H/gomono/3", "glyphs/I/gomono/3"}, []string{"H", "I"}},
		"deep folders":     {[]string{"H/bold/1.png", "H/thin/1.png", "I/bold/1.png"}, []string{"H", "H", "I"}},
		"some have none":   {[]string{"1.png", "a/1.png"}, []string{"", "a"}},
		"none":             {[]string{"1.png", "2.png"}, []string{"", ""}},
		"the same":         {[]string{"a/1.png", "a/2.png"}, []string{"", ""}},
		"no images":        {nil, nil},
	} {
		if got := classesOf(c.names); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestScoresByClass scores samples against the built-in characters, of which the nearest images tell the class.
func TestScoresByClass(t *testing.T) {
	t.Chdir(t.TempDir())
	e := parse(t, tiny)
	e.Metrics.Reference = 1000
	made, err := Run(t.Context(), e, Options{Checkpoint: "exact:gaussian"})
	if err != nil {
		t.Fatal(err)
	}
	for _, scores := range [][]result.Score{made.Walks[1].Scores, made.Floors} {
		i := slices.IndexFunc(scores, func(s result.Score) bool { return s.Key == "least-class" })
		if i < 0 || len(scores[i].Classes) != 36 || scores[i].Classes[17].Name != "H" {
			t.Fatalf("%+v: want 36 classes, the 18th of H", scores)
		}
		count := 0
		for _, class := range scores[i].Classes {
			count += class.Count
		}
		if count != scores[i].N {
			t.Errorf("%d samples in classes, of %d", count, scores[i].N)
		}
	}
}

// TestClassesOfTrainingImages compares a sparse choice of the images with their names: it has 10 of each character.
func TestClassesOfTrainingImages(t *testing.T) {
	d := experiments.Data{Path: "glyphs", Size: 8, Channels: 1}
	images, classes, err := classifiedImages(t.Context(), d, 360)
	if err != nil || len(classes) != 360 || len(images) != 360*8*8 {
		t.Fatalf("%d values and %d classes of 360 images, %v", len(images), len(classes), err)
	}
	for i, class := range classes {
		if want := "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i/10:][:1]; class != want {
			t.Errorf("image %d has class %q, want %q", i, class, want)
		}
	}
}
