package main

import (
	"fmt"
	"math"

	"tweedie/sample/calibration"
	"tweedie/sample/figure"
)

// nearest compares the paper's settings and the nearest ones for all operators.
func (b *bench) nearest(s section) error {
	prior := sweepProblem.Prior
	K := b.plan.lawMap[len(b.plan.lawMap)-2]
	shown := []struct {
		title string
		law   func(p problem) (calibration.Law, error)
	}{
		{"figure 3, K = 750 (sigmoid, ε = 0.157, T₀ = 0)", func(p problem) (calibration.Law, error) {
			return b.paper(p, schedules[0], 750, 0.15651, 0)
		}},
		{"figure 3, K = 750 (sigmoid, ε = 0.777, T₀ = 0)", func(p problem) (calibration.Law, error) {
			return b.paper(p, schedules[0], 750, 0.77683, 0)
		}},
		{fmt.Sprintf("nearest of the sweep, K = %d", K), func(p problem) (best calibration.Law, err error) {
			best.Distance = math.Inf(1)
			for _, schedule := range append(schedules, high) {
				for _, epsilon := range epsilons {
					for _, from := range []float64{0, 0.6, 1} {
						l, err := b.paper(p, schedule, K, epsilon, from)
						if err != nil {
							return best, err
						}
						if l.Distance < best.Distance {
							best = l
						}
					}
				}
			}
			return best, nil
		}},
		{fmt.Sprintf("geometric, ε = 0.7, T₀ = 1, K = %d", K), func(p problem) (calibration.Law, error) {
			return b.paper(p, schedules[1], K, 0.7, 1)
		}},
		{fmt.Sprintf("Langevin, smoothed, ε = 0.9, K = %d", K), func(p problem) (calibration.Law, error) {
			return b.law(p, fmt.Sprintf("langevin geometric K=%d epsilon=0.9 gamma=1", K), smoothed(K))
		}},
	}
	var parts []figure.Picture
	for _, row := range shown {
		h := figure.HeatMap{Title: row.title, XLabel: "η / std", YLabel: "", XTicks: labels(etas), YTicks: operators}
		for _, operator := range operators {
			var cells []float64
			for _, eta := range etas {
				l, err := row.law(problem{prior, operator, eta})
				if err != nil {
					return err
				}
				cells = append(cells, l.Distance)
			}
			h.Values = append(h.Values, cells)
		}
		parts = append(parts, h)
	}
	return b.draw(s, "nearest", figure.InRows(parts, 2))
}
