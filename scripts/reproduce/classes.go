package main

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// leastClass is the key of the score that tells how many samples each class has.
const leastClass = "least-class"

const (
	missing = 1. / 20 // share of a class among samples, relative to real images, up to which it counts as missing
	lacking = 1. / 4  // relative share below which a class may refute

	// leastExpected is the expected number of samples of a class below which it is not judged. So many are needed to
	// tell by one set whether the class is missing.
	leastExpected = 10
)

// judgeClasses tests whether samples have all classes that real images have. Counts are too small, and the scarcest of
// many classes is too far below its share by chance, for an interval of the score. So each class has a binomial test of
// its count.
//
// Samples disagree if they have less than a quarter of some class's share of real images, and significantly less than
// all of it, at the level for all tests and classes together (Bonferroni). They agree if each class has significantly
// more samples than if it were missing: a twentieth of its share, or those samples of other classes that are mistaken
// for it, if these are more.
func (c *comparison) judgeClasses(name string, w result.Walk) string {
	s := score(w.Scores, leastClass)
	var judged []result.Class
	for _, class := range s.Classes {
		if float64(s.N)*class.Real >= leastExpected {
			judged = append(judged, class)
		}
	}
	c.classes, c.judged = len(s.Classes), len(judged)
	verdict, least, others := report.Agrees, result.Class{}, -1
	for _, class := range judged {
		v := classPresent(class, s.N, level/float64(c.tests*len(judged)))
		if v == report.Agrees {
			continue
		}
		verdict = all(verdict, v)
		if others++; others == 0 || float64(class.Count)*least.Real < float64(least.Count)*class.Real {
			least = class
		}
	}
	if others < 0 {
		return verdict
	}
	reason := fmt.Sprintf("%s beside real images: %d samples are of class %q, and %.1f are expected",
		name, least.Count, least.Name, float64(s.N)*least.Real)
	if others > 0 {
		reason += fmt.Sprintf(" (and %d more classes)", others)
	}
	c.reason = append(c.reason, reason+", "+verdict)
	return verdict
}

// classPresent judges one class by its count among n samples. It disagrees at the level refuting.
func classPresent(class result.Class, n int, refuting float64) string {
	binomial := func(share float64) distuv.Binomial { return distuv.Binomial{N: float64(n), P: share} }
	count := float64(class.Count)
	if count < lacking*float64(n)*class.Real && binomial(class.Real).CDF(count) <= refuting {
		return report.Disagrees
	}
	if 1-binomial(max(class.Mistaken, missing*class.Real)).CDF(count-1) <= level {
		return report.Agrees
	}
	return report.Undecided
}

// aboutClasses says which classes were judged.
func (c *comparison) aboutClasses() string {
	switch {
	case c.classes == 0:
		return "Classes were not judged."
	case c.judged < c.classes:
		return fmt.Sprintf("Of %d classes, %d were judged: of the others, fewer than %d samples are expected.",
			c.classes, c.judged, leastExpected)
	}
	return fmt.Sprintf("All %d classes were judged.", c.classes)
}
