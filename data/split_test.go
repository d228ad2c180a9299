package data

import (
	"math"
	"slices"
	"testing"
)

func split(t *testing.T, s *Set, share float64) (training, held *Set) {
	t.Helper()
	training, held, err := s.Split(share)
	if err != nil {
		t.Fatal(err)
	}
	return training, held
}

func TestSplit(t *testing.T) {
	s := open(t, Options{Path: "glyphs", Size: 8, Channels: 1})
	for _, share := range []float64{0, 0.01, 0.05, 0.5, 0.9} {
		training, held := split(t, s, share)
		both := append(names(training), names(held)...)
		if !slices.Equal(slices.Sorted(slices.Values(both)), slices.Sorted(slices.Values(names(s)))) {
			t.Errorf("share %v: the parts are not a partition", share)
		}
		n := float64(s.Len())
		deviation := math.Sqrt(n * share * (1 - share))
		if math.Abs(float64(held.Len())-n*share) > 4*deviation {
			t.Errorf("share %v: %d of %d images are held out", share, held.Len(), s.Len())
		}
	}
	for _, share := range []float64{-0.1, 1, math.NaN()} {
		_, _, err := s.Split(share)
		mentions(t, err, "0 <= share < 1")
	}
}

// TestSplitIsStable requires that new images do not move old ones to the other part, from a folder or a zip.
func TestSplitIsStable(t *testing.T) {
	f := dots(t, 60, 4, 4)
	_, before := split(t, open(t, Options{Path: f.folder(t), Size: 4, Channels: 1}), 0.3)
	for name, file := range dots(t, 200, 4, 4) {
		f[name] = file
	}
	_, after := split(t, open(t, Options{Path: f.archive(t), Size: 4, Channels: 1}), 0.3)
	for _, name := range names(before) {
		if !slices.Contains(names(after), name) {
			t.Errorf("%s is no longer held out", name)
		}
	}
	if before.Len() == 60 || before.Len() == 0 || after.Len() <= before.Len() {
		t.Errorf("%d of 60, then %d of 200 are held out", before.Len(), after.Len())
	}
}

func TestSplitLeavesNoPartEmpty(t *testing.T) {
	for n, want := range map[int]int{1: 0, 2: 1, 3: 1} {
		s := open(t, Options{Path: dots(t, n, 4, 4).folder(t), Size: 4, Channels: 1})
		training, held := split(t, s, 1e-9)
		if training.Len() != n-want || held.Len() != want {
			t.Errorf("tiny share of %d images: %d and %d", n, training.Len(), held.Len())
		}
		if training, _ = split(t, s, 1-1e-9); training.Len() != 1 {
			t.Errorf("share near one of %d images: %d are left for training", n, training.Len())
		}
	}
}
