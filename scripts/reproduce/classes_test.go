package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// drawn returns a walk that has real images in the place of samples, drawn without repetition, but none of one
// character. It has the score of their classes alone. These are their characters: TestCountsOfClasses checks that the
// nearest training image tells them.
func (g *gallery) drawn(rng *rand.Rand, without string) result.Walk {
	s := score(g.real, leastClass)
	s.Classes = slices.Clone(s.Classes)
	for i := range s.Classes {
		s.Classes[i].Count = 0
	}
	left := s.N
	for _, i := range rng.Perm(len(g.order)) {
		character := characterOf(i, len(g.order))
		if left == 0 || character == without {
			continue
		}
		left--
		class, _ := slices.BinarySearchFunc(s.Classes, character, func(c result.Class, name string) int {
			return strings.Compare(c.Name, name)
		})
		s.Classes[class].Count++
	}
	return result.Walk{Samples: s.N, Scores: []result.Score{s}}
}

// TestCountsOfClasses compares the classes that real images are given with their characters.
func TestCountsOfClasses(t *testing.T) {
	g := openGallery(t)
	counts := map[string]int{}
	for _, i := range g.order[:samples] {
		counts[characterOf(i, len(g.order))]++
	}
	for _, class := range score(openBook(t).good[0], leastClass).Classes {
		if class.Count != counts[class.Name] || class.Mistaken > 0.001 {
			t.Errorf("%d images are of %q, and it is %+v", counts[class.Name], class.Name, class)
		}
	}
}

// TestRealImagesHaveAllClasses judges 200 sets of real images, at the strictest level. It may wrongly refute one in
// twenty, and should hardly leave one undecided.
func TestRealImagesHaveAllClasses(t *testing.T) {
	const sets = 200
	g := openGallery(t)
	rng := rand.New(rand.NewPCG(3, 1))
	verdicts := map[string]int{}
	for range sets {
		c := &comparison{real: g.real, tests: 1}
		verdicts[c.judgeClasses("walk", g.drawn(rng, ""))]++
	}
	t.Log(verdicts)
	if verdicts[report.Disagrees] > sets/20 || verdicts[report.Agrees] < sets*9/10 {
		t.Errorf("verdicts on real images: %v", verdicts)
	}
}

// TestEachMissingClassIsRefuted leaves out each of the characters in turn, where a verdict rests on many tests.
func TestEachMissingClassIsRefuted(t *testing.T) {
	g := openGallery(t)
	rng := rand.New(rand.NewPCG(3, 2))
	for i := range characters {
		name := characterOf(i, characters)
		c := &comparison{real: g.real, tests: testsOf(16, 15)}
		if v := c.judgeClasses("walk", g.drawn(rng, name)); v != report.Disagrees {
			t.Errorf("%s missing: %s, %v", name, v, c.reason)
		}
		if len(c.reason) != 1 || !strings.Contains(c.reason[0], `0 samples are of class "`+name+`", and 1`) {
			t.Errorf("%s missing: %q", name, c.reason)
		}
	}
}

// TestOneClassIsPresent has a class of a tenth of the images, of which 100 are expected among 1000 samples. Other
// images are not mistaken for it, or are as often as they may.
func TestOneClassIsPresent(t *testing.T) {
	for _, c := range []struct {
		count    int
		mistaken float64
		want     string
	}{
		{0, 0, report.Disagrees},
		{24, 0, report.Disagrees}, // less than a quarter
		{26, 0, report.Agrees},
		{100, 0, report.Agrees},
		{24, 0.02, report.Disagrees},
		{26, 0.02, report.Undecided}, // 20 if the class is missing, give or take 4.5
		{35, 0.02, report.Agrees},
	} {
		class := result.Class{Name: "a", Count: c.count, Real: 0.1, Mistaken: c.mistaken}
		if v := classPresent(class, 1000, 1e-4); v != c.want {
			t.Errorf("%+v: %s, want %s", class, v, c.want)
		}
	}
}

// TestClassesThatAreNotJudged are those of images without folders, and those that are rare.
func TestClassesThatAreNotJudged(t *testing.T) {
	b := openBook(t)
	text := func(change func(s result.Score) result.Score) string {
		f := b.fixture()
		w := &f["figure1"].Walks[0]
		w.Scores = slices.Clone(w.Scores)
		for i, s := range w.Scores {
			if s.Key == leastClass {
				w.Scores[i] = change(s)
			}
		}
		finding := realism(f["figure1"])
		if finding.Verdict != report.Agrees {
			t.Errorf("%s: %s", finding.Verdict, finding.Text)
		}
		return finding.Text
	}
	for want, change := range map[string]func(result.Score) result.Score{
		"All 36 classes were judged.": func(s result.Score) result.Score { return s },
		"Classes were not judged.":    func(s result.Score) result.Score { s.Classes = nil; return s },
		"Of 37 classes, 36 were judged": func(s result.Score) result.Score {
			s.Classes = append(slices.Clip(s.Classes), result.Class{Name: "rare", Real: 0.01})
			return s
		},
	} {
		if got := text(change); !strings.Contains(got, want) {
			t.Errorf("%s: want %s", got, want)
		}
	}
}
