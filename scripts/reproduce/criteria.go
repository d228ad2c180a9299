package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// level is the probability of a wrong verdict that a test may have.
const level = 0.05

// leastSamples is the number of samples of a walk below which no set is judged: the margins, which are partly in units
// of real images' scores, are meant for so many.
const leastSamples = 500

// A bound is an interval in which a number must lie.
type bound struct{ low, high float64 }

// test returns whether an estimate lies in the bound. It agrees if both one-sided tests at the level reject that the
// number lies outside (two one-sided tests: Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987). It
// disagrees if a test rejects that the number lies inside, at the level divided by the number of such tests that one
// verdict rests on (Bonferroni). Otherwise it is undecided, as with a number that is not known.
func (b bound) test(e result.Estimate, tests int) string {
	if low, high := e.Interval(level); low >= b.low && high <= b.high {
		return report.Agrees
	}
	if low, high := e.Interval(level / float64(tests)); high < b.low || low > b.high {
		return report.Disagrees
	}
	return report.Undecided
}

// all joins verdicts: one that disagrees refutes all, and one that is undecided leaves them undecided.
func all(verdicts ...string) string {
	for _, v := range []string{report.Disagrees, report.Undecided} {
		if slices.Contains(verdicts, v) {
			return v
		}
	}
	return report.Agrees
}

// A criterion is a score by which sets of samples are judged, and how much it may differ. real is the score of as many
// real images. Margins are wide enough for 512 samples of a small network to decide. The tests of this package show
// what they refute.
type criterion struct {
	key, name string
	format    string
	margin    func(real float64) float64 // greatest difference between comparable samples, either way
	usable    func(real float64) bound   // difference from real images beyond which samples are no images at all
	good      func(real float64) bound   // difference from real images that is as good as none
}

// criteria are judged in all comparisons of sets of samples. The Frechet distance sees means, covariances and missing
// modes, but neither noise nor broken shapes. Precision sees those, and recall and coverage see missing variety.
// Sharpness sees blur and lost contrast, and the nearest training image sees memorised ones. A single class that is
// missing is seen by judgeClasses alone.
var criteria = []criterion{
	{"frechet-pca", "Frechet", "%.3g",
		func(real float64) float64 { return 4 * real },
		func(real float64) bound { return atMost(20 * real) },
		func(real float64) bound { return atMost(real) }},
	{"precision", "precision", "%.2f",
		func(float64) float64 { return 0.1 },
		func(real float64) bound { return atLeast(-0.75 * real) },
		func(float64) bound { return atLeast(-0.05) }},
	{"recall", "recall", "%.2f",
		func(float64) float64 { return 0.1 },
		func(real float64) bound { return atLeast(-0.5 * real) },
		func(float64) bound { return atLeast(-0.015) }},
	{"coverage", "coverage", "%.2f",
		func(real float64) float64 { return 0.1 * real },
		func(real float64) bound { return atLeast(-0.95 * real) },
		func(real float64) bound { return atLeast(-0.1 * real) }},
	{"noise", "noise", "%.3f",
		func(float64) float64 { return 0.02 },
		func(float64) bound { return atMost(0.04) },
		func(float64) bound { return atMost(0.02) }},
	{"sharpness", "sharpness", "%.3f",
		func(real float64) float64 { return 0.1 * real },
		func(real float64) bound { return bound{-0.15 * real, 0.15 * real} },
		func(real float64) bound { return bound{-0.1 * real, 0.1 * real} }},
	{"nearest", "nearest", "%.3f",
		func(real float64) float64 { return 0.15 * real },
		func(real float64) bound { return atLeast(-0.3 * real) },
		func(real float64) bound { return bound{-0.1 * real, 0.1 * real} }},
}

func atMost(v float64) bound  { return bound{math.Inf(-1), v} }
func atLeast(v float64) bound { return bound{v, math.Inf(1)} }

// rules states how verdicts come about, for the report's introduction.
const rules = "Where sets of samples are compared, comparable means that they differ from each other by at most " +
	"4 times the Frechet distance of as many real images, 0.1 of precision and of recall, 10% of real images' " +
	"coverage, 0.02 of noise, 10% of real images' sharpness and 15% of their distance to the nearest training " +
	"image. These margins are fixed in the program, by what they refute: white noise, blur, one image repeated, " +
	"memorised images, half the variance, leftover noise of 0.05 and one class missing, in the place of one walk's " +
	"samples or of all. " +
	"A claim agrees if the intervals of 90% of all differences lie within the margins (two one-sided tests at 5%). " +
	"It disagrees if one lies outside, at 5% for all of them together. Otherwise the data cannot decide. Sample i " +
	"has the same noise in all walks of an experiment, and differences are taken in pairs.\n\n" +
	"Samples of each walk must also be images: at most 20 times real images' Frechet distance from them, at least " +
	"a quarter of their precision, half of their recall and a twentieth of their coverage, at most 0.04 more " +
	"noise, sharpness within 15%, and at least 70% of their distance to the nearest training image. What all walks " +
	"lack alike within these bounds, the comparisons do not see; the first finding may.\n\n" +
	"No class may be missing, such as one of the characters. A sample has the class of the nearest training image. " +
	"Samples are refuted if a class has less than a quarter of its share among real images, and significantly less " +
	"than all of it (binomial tests, at 5% for all classes and differences together). They agree if each class has " +
	"significantly more samples than a twentieth of its share, and than are mistaken for it. Classes are the folders " +
	"of training images, if the nearest of the others tells them for 90% of these, and are judged if at least 10 " +
	"samples of them are expected.\n\n" +
	"Intervals are those of other noise, with these networks and training images. Each network was trained once: " +
	"what another seed of training would change is not known."

// score returns the score of the key. One that is not known is NaN, about which no test decides.
func score(scores []result.Score, key string) result.Score {
	for _, s := range scores {
		if s.Key == key {
			return s
		}
	}
	return result.Score{Key: key, Value: math.NaN()}
}

// floor returns the scores of as many real images as a walk has samples.
func floor(e *result.Experiment, samples int) (real []result.Score) {
	for _, s := range e.Floors {
		if s.N == samples {
			real = append(real, s)
		}
	}
	return real
}

// A comparison judges walks of one experiment.
type comparison struct {
	real    []result.Score // scores of real images, as many as samples
	tests   int            // in all: see testsOf
	reason  []string       // differences that do not agree
	classes int            // that the images have; 0 if they are not known
	judged  int            // of these
}

// testsOf is the number of tests that a verdict rests on, if it judges so many walks beside real images, and so many
// beside another walk.
func testsOf(besideReal, besideWalks int) int {
	return besideReal*(len(criteria)+1) + besideWalks*len(criteria) // all classes of a walk are one
}

// compared judges a walk beside a baseline: whether no score differs by more than its margin. A difference in favour of
// the walk counts too, unless better is allowed.
func (c *comparison) compared(name string, w, baseline result.Walk, better bool) string {
	if baseline.Samples != w.Samples {
		c.reason = append(c.reason, fmt.Sprintf("scores of %d samples do not compare with the %d of %s, undecided",
			baseline.Samples, w.Samples, name))
		return report.Undecided
	}
	if w.Samples < leastSamples {
		return report.Undecided
	}
	var verdicts []string
	for _, k := range criteria {
		a, b := score(w.Scores, k.key), score(baseline.Scores, k.key)
		margin := k.margin(score(c.real, k.key).Value)
		allowed := bound{-margin, margin}
		switch {
		case better && a.Best == result.Low:
			allowed = atMost(margin)
		case better && a.Best == result.High:
			allowed = atLeast(-margin)
		}
		verdicts = append(verdicts, c.judge(name, k, result.Paired(a, b), allowed))
	}
	return all(verdicts...)
}

// against judges how a walk differs from real images.
func (c *comparison) against(name string, w result.Walk, allowed func(k criterion, real float64) bound) string {
	if w.Samples < leastSamples {
		c.reason = append(c.reason, fmt.Sprintf("%s has %d samples, and %d are needed, undecided",
			name, w.Samples, leastSamples))
		return report.Undecided
	}
	verdicts := []string{c.judgeClasses(name, w)}
	for _, k := range criteria {
		a, real := score(w.Scores, k.key), score(c.real, k.key)
		difference := result.Independent(a, real)
		verdicts = append(verdicts, c.judge(name+" beside real images", k, difference, allowed(k, real.Value)))
	}
	return all(verdicts...)
}

func usable(k criterion, real float64) bound { return k.usable(real) }
func good(k criterion, real float64) bound   { return k.good(real) }

// judge tests a difference, and notes it if it does not agree.
func (c *comparison) judge(name string, k criterion, difference result.Estimate, allowed bound) string {
	v := allowed.test(difference, c.tests)
	if v != report.Agrees {
		low, high := difference.Interval(level)
		c.reason = append(c.reason, fmt.Sprintf("%s: %s differs by %s (%s to %s), %s",
			name, k.name, number(k, difference.Value), number(k, low), number(k, high), v))
	}
	return v
}

func number(k criterion, v float64) string { return fmt.Sprintf(k.format, v) }

// reasons is the sentence that names what does not agree.
func (c *comparison) reasons() string {
	if len(c.reason) == 0 {
		return "No difference is beyond its margin. " + c.aboutClasses()
	}
	const most = 12
	text := strings.Join(c.reason[:min(most, len(c.reason))], "; ")
	if more := len(c.reason) - most; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return "Beyond its margin or undecided (interval of 90%): " + text + ". " + c.aboutClasses()
}

// table lists the scores of walks, each with half the width of its interval of 95%, and those of real images.
func table(walks []result.Walk, name func(result.Walk) string, real []result.Score) string {
	columns := criteria
	if s := score(real, leastClass); s.Classes != nil {
		columns = append(slices.Clip(columns), criterion{key: leastClass, name: "least class", format: "%.2f"})
	}
	head := []string{"walk"}
	for _, k := range columns {
		head = append(head, k.name)
	}
	lines := []string{strings.Join(head, "\t")}
	add := func(name string, scores []result.Score) {
		line := []string{name}
		for _, k := range columns {
			s := score(scores, k.key)
			line = append(line, fmt.Sprintf("%s ± %s", number(k, s.Value), number(k, (s.High-s.Low)/2)))
		}
		lines = append(lines, strings.Join(line, "\t"))
	}
	for _, w := range walks {
		add(name(w), w.Scores)
	}
	add("real images", real)
	return strings.Join(lines, "\n")
}
