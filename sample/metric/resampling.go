package metric

import (
	"math"
	"slices"
	"strconv"

	"tweedie/data/random"
	"tweedie/sample/result"
)

// replicates is the number of subsets that give a score its confidence interval.
const replicates = 200

// A subset is a choice of some of n samples.
type subset struct {
	chosen []int  // numbers of the samples, ascending
	in     []bool // for each of the n samples, whether it is chosen
}

func newSubset(n int, chosen []int) subset {
	s := subset{slices.Clone(chosen), make([]bool, n)}
	slices.Sort(s.chosen)
	for _, i := range s.chosen {
		s.in[i] = true
	}
	return s
}

// mean returns the mean of the chosen values.
func (s subset) mean(values []float64) float64 {
	sum := 0.0
	for _, i := range s.chosen {
		sum += values[i]
	}
	return sum / float64(len(s.chosen))
}

// means returns the mean of the chosen values of each subset.
func means(values []float64, of []subset) []float64 {
	all := make([]float64, len(of))
	for b, s := range of {
		all[b] = s.mean(values)
	}
	return all
}

// subsets returns all n samples and, after them, random subsets of three quarters of these. There are no random ones if
// they would have fewer than least samples. Subset b depends on n, the seed and b alone, so scores of samples that
// share their noise have replicates in pairs.
//
// Samples are left out rather than drawn with repetition, as in the usual bootstrap: a sample that counts twice is its
// own nearest neighbour and narrows distributions, which biases most scores. The method is the jackknife that leaves
// out d samples (Shao & Wu, Annals of Statistics 17, 1989). It holds for neighbours too. For squared
// distances that are not far above their noise floor its standard errors are too large by up to a half.
func subsets(n, least int, seed uint64) []subset {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	of := []subset{newSubset(n, all)}
	size := 3 * n / 4
	if size < max(least, 2) {
		return of
	}
	for b := range uint64(replicates) {
		of = append(of, newSubset(n, random.Stream(seed, random.Resampling, b).Perm(n)[:size]))
	}
	return of
}

// score makes a score of the values of subsets. n is the number of images that are scored in all, and the standard
// error is at least resolution.
func (m Metric) score(values []float64, of []subset, n int, resolution float64) result.Score {
	s := result.Score{Key: m.Key, Name: m.Name, Value: values[0], N: n, Best: m.Best, Resolution: resolution}
	s.Low, s.High = s.Value, s.Value
	if len(values) < 2 {
		return s
	}
	mean := 0.0
	for _, v := range values[1:] {
		mean += v / float64(len(values)-1)
	}
	// The variance of the mean of m of n values, given all n, is S^2 (1/m - 1/n). That of all n is S^2/n.
	all, chosen := float64(len(of[0].chosen)), float64(len(of[1].chosen))
	scale := math.Sqrt(chosen / (all - chosen))
	for _, v := range values[1:] {
		s.Replicates = append(s.Replicates, rounded(s.Value+scale*(v-mean)))
	}
	s.Low, s.High = s.Estimate().Interval(0.025)
	return s
}

// rounded keeps six digits, to make files shorter.
func rounded(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v // it is not finite
	}
	return short
}
