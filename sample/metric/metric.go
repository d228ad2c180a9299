// Package metric scores samples and denoisers.
//
// There are three kinds of metrics of samples, each with one list of entries: setMetrics compare a set of samples with
// a set of real images (Reference), imageMetrics compare an image with the true one, and posteriorMetrics judge samples
// that were drawn for a measurement (Posterior). To add a metric, add an entry to one of the lists: its key, its name,
// its better direction and its function. Scores, experiments, figures and reports take them from there.
//
// The package knows images as []float32, a denoiser and a forward operator as interfaces. It must not know a network, a
// walk, a figure or a file.
package metric

import (
	"math"
	"slices"
)

// A Metric is one way to judge samples.
type Metric struct {
	Key       string // in files and experiments, such as "sliced-wasserstein"
	Name      string // for readers, such as "sliced Wasserstein"
	Best      string // result.Low or result.High, whichever is better; "": neither is
	Posterior bool   // it judges samples drawn for a measurement; otherwise sets of samples without one
}

// All returns every metric, in the order of their scores: first those of sets, then those of posteriors.
func All() []Metric {
	var all []Metric
	for _, m := range setMetrics {
		all = append(all, m.Metric)
	}
	for _, m := range posteriorMetrics {
		m.Posterior = true
		all = append(all, m.Metric)
	}
	return all
}

// Keys returns the keys of All.
func Keys() []string {
	var keys []string
	for _, m := range All() {
		keys = append(keys, m.Key)
	}
	return keys
}

// Find returns the metric of a key, and whether there is one.
func Find(key string) (Metric, bool) {
	all := All()
	i := slices.IndexFunc(all, func(m Metric) bool { return m.Key == key })
	if i < 0 {
		return Metric{}, false
	}
	return all[i], true
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
