package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tweedie/sample/inverse"
	"tweedie/sample/result"
)

// TestSubsets finds the standard error of a mean from its replicates: it is std/sqrt(n).
func TestSubsets(t *testing.T) {
	const n = 400
	rng := rand.New(rand.NewPCG(1, 1))
	values := make([]float64, n)
	sum, squares := 0.0, 0.0
	for i := range values {
		values[i] = rng.NormFloat64()
		sum, squares = sum+values[i], squares+values[i]*values[i]
	}
	of := subsets(n, 2, 1)
	s := Metric{}.score(means(values, of), of, n, 0)
	want := math.Sqrt((squares/n - sum*sum/n/n) / (n - 1))
	if got := s.Estimate().Error; math.Abs(got/want-1) > 0.15 || math.Abs(s.Value-sum/n) > 1e-12 {
		t.Errorf("mean %g with standard error %g, want %g with %g", s.Value, got, sum/n, want)
	}
	if low, high := s.Estimate().Interval(0.025); low != s.Low || high != s.High ||
		math.Abs((high-low)/(2*1.959964*s.Estimate().Error)-1) > 1e-6 {
		t.Errorf("interval from %g to %g", low, high)
	}
	if few := subsets(5, 6, 1); len(few) != 1 || len(few[0].chosen) != 5 {
		t.Errorf("%d subsets of 5 samples, of which 6 are needed", len(few))
	}
}

// TestIntervalsContainTheTruth scores many sets of one distribution. The truth is the mean of their scores. An interval
// of 95% contains it in about 95% of the sets. It may do so more often where the score is not far above its floor: see
// subsets. So must intervals of differences between sets that share their noise.
func TestIntervalsContainTheTruth(t *testing.T) {
	const side, d, n, sets = 4, 16, 96, 200
	rng := rand.New(rand.NewPCG(7, 1))
	m := square(rng, d, 0.2)
	none := make([]float64, d)
	images := pixelsOf(normal(rng, 300, m, false), none)
	r, err := NewReference(images, d, ReferenceOptions{Features: 6, Projections: 8, Seed: 1,
		Shape: inverse.Shape{Channels: 1, Height: side, Width: side}})
	if err != nil {
		t.Fatal(err)
	}
	shift := make([]float64, d)
	shift[2] = 0.3
	var first, second [][]result.Score
	for range sets {
		x := normal(rng, n, m, false)
		measure := func(change func(i, j int, v float64) float64) []result.Score {
			var changed mat.Dense
			changed.Apply(change, x)
			scores, err := r.Measure(pixelsOf(&changed, shift))
			if err != nil {
				t.Fatal(err)
			}
			return scores
		}
		first = append(first, measure(func(_, _ int, v float64) float64 { return 0.8 * v }))
		second = append(second, measure(func(_, _ int, v float64) float64 { return 1.1 * v }))
	}
	share := func(estimate func(set int) result.Estimate) (inside, error float64) {
		truth := 0.0
		for i := range sets {
			truth += estimate(i).Value / sets
		}
		for i := range sets {
			e := estimate(i)
			if low, high := e.Interval(0.025); low <= truth && truth <= high {
				inside += 1. / sets
			}
			error += e.Error / sets
		}
		return inside, error
	}
	for k, s := range first[0] {
		one, width := share(func(i int) result.Estimate { return first[i][k].Estimate() })
		paired, narrow := share(func(i int) result.Estimate { return result.Paired(first[i][k], second[i][k]) })
		_, independent := share(func(i int) result.Estimate { return result.Independent(first[i][k], second[i][k]) })
		t.Logf("%s: %.3f, of differences %.3f (standard errors %.3g, %.3g paired, %.3g unpaired)",
			s.Key, one, paired, width, narrow, independent)
		// Among 200 sets, 95% are 190, with a standard deviation of 3.
		if one < 0.9 || paired < 0.9 {
			t.Errorf("%s: intervals contain the truth in %.3f, those of differences in %.3f", s.Key, one, paired)
		}
		if linear := []string{"density", "noise", "sharpness"}; slices.Contains(linear, s.Key) && one > 0.99 {
			t.Errorf("%s: intervals contain the truth in %.3f", s.Key, one)
		}
	}
}
