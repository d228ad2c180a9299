package kind

import (
	"fmt"
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/metric"
)

// metrics is the key "metrics", by which a figure names the scores it shows. Without the key, it shows all that its
// walks have.
type metrics struct{ Metrics []string }

func (m *metrics) field() strict.Field {
	return strict.Optional("metrics", &m.Metrics, []string{}, strict.EachOrNone(strict.OneOf(metric.Keys()...))).
		Doc("scores to show; [] is all that the walks have")
}

// check complains if none of the figure's walks has one of the scores.
func (m *metrics) check(o *Outline, walks []int, complain func(key, message string)) {
	if !o.Scored {
		complain("kind", "shows scores, and there are none without [metrics]")
		return
	}
	if len(walks) == 0 {
		return // the check of the walks complains about that
	}
	has := func(posterior bool) bool {
		return slices.ContainsFunc(walks, func(i int) bool { return posterior == (o.Walks[i].Posterior > 0) })
	}
	for _, key := range m.Metrics {
		switch known, _ := metric.Find(key); {
		case has(known.Posterior):
		case known.Posterior:
			complain("metrics",
				fmt.Sprintf("%q is a score of walks with a measurement, and the figure has none", key))
			return
		default:
			complain("metrics",
				fmt.Sprintf("%q is a score of walks without a measurement, and the figure has none", key))
			return
		}
	}
}

// keys returns the keys of the scores to show: those that are named, or all that the walks have, in the order of
// metric.All. A named score that no walk has is an error.
func (m *metrics) keys(r *Results, walks []int) (keys []string, err error) {
	has := func(key string) bool {
		return slices.ContainsFunc(walks, func(i int) bool { _, ok := r.Done[i].score(key); return ok })
	}
	for _, key := range m.Metrics {
		if !has(key) {
			return nil, fmt.Errorf(
				"metrics: no walk has the score %q (images of less than 11 x 11 pixels have no SSIM)", key)
		}
	}
	if len(m.Metrics) > 0 {
		return m.Metrics, nil
	}
	for _, key := range metric.Keys() {
		if has(key) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
