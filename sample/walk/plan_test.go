package walk

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/exact"
)

// The last step of a plan predicts the root mean square of samples, and Noise that of samples of data that do not
// vary.
func TestPlanPredictsTheSamples(t *testing.T) {
	const s, pixels, n = 0.5, 50, 200
	for name, w := range map[string]Walk{
		"sigmoid": papersWalk(Sigmoid(157.407, 0.01, 60), 0.7, 0.1),
		"linear":  papersWalk(Linear(157.407, 0.01, 100), 0.7, 0.1),
	} {
		t.Run(name, func(t *testing.T) {
			plan := w.Plan(s)
			end := plan.Steps[len(plan.Steps)-1]
			for std, want := range map[float64]float64{s: end.RMS, 0: end.Noise} {
				d := exact.NewIsotropic(make([]float32, pixels), slices.Repeat([]float32{float32(std * std)}, pixels))
				last, err := Last(w.Run(d, pixels, 0, n))
				if err != nil {
					t.Fatal(err)
				}
				_, variance := moments(last.X)
				if got := math.Sqrt(variance); math.Abs(got/want-1) > 0.03 {
					t.Errorf("data of std %g: samples of %g, planned %g", std, got, want)
				}
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	many := Geometric(10, 0.01, 200)
	for _, tt := range []struct {
		name string
		w    Walk
		says []string
	}{
		{"good", papersWalk(many, 0.7, 0.1), nil},
		{"overshoots", papersWalk(many, 1.5, 0.1), []string{
			"overshoots where the data do not vary, first at step 0 (sigma 10, tau 150), in all at 200 of 200"}},
		{"diverges", papersWalk(many, 2.5, 0.1), []string{"diverges where the data do not vary, first at step 0"}},
		{"rises", papersWalk([]float64{1, 0.01, 0.02, 0.01}, 0.9, 0),
			[]string{"sigma rises at step 2, from 0.01 to 0.02"}},
		{"one jump at the end", papersWalk(Linear(157.407, 0.01, 100), 0.7, 0.1), []string{"is left in the result"}},
		{"too few steps at small sigma", papersWalk(Pretrained(100), 0.4, 0.4),
			[]string{"noise of standard deviation 0.33 is left"}},
		{"enough of them", papersWalk(Pretrained(1000), 0.4, 0.4), nil},
		// A likelihood bounds the step.
		{"bounded", Walk{Sigma: many, Tau: Constant(100, 200), Temperature: Constant(0, 200),
			Likelihood: gain{1, 0, 0.001}},
			[]string{"eta 0.001, the measurement's noise, is below the walk's smallest sigma 0.01",
				"is left in the result where A sees nothing"}},
		{"the paper's measurement", measuring(papersWalk(Sigmoid(157.407, 0.01, 750), 0.15651, 0), 0.2), nil},
		{"Langevin", following(papersWalk(many, 0.7, 0.1), 0.001, Langevin{Gamma: 1}), nil},
		{"Langevin without smoothing", following(papersWalk(many, 0.7, 0.1), 0.1, Langevin{}),
			[]string{"weight above 2 diverges where A measures, first at step 0"}},
		{"DPS", following(papersWalk(many, 0.7, 0.1), 0.001, DPS{Zeta: 1}), nil},
		{"a very noisy measurement", measuring(papersWalk(many, 0.7, 0.1), 3), nil},
	} {
		warnings := tt.w.Warnings(0.5)
		if len(warnings) != len(tt.says) {
			t.Errorf("%s: warnings %q, want %q", tt.name, warnings, tt.says)
			continue
		}
		for i, says := range tt.says {
			if !strings.Contains(warnings[i], says) {
				t.Errorf("%s: warning %q does not say %q", tt.name, warnings[i], says)
			}
		}
	}
}

// following returns the walk with a measurement of noise eta that it follows by a guidance.
func following(w Walk, eta float32, g Guidance) Walk {
	w.Likelihood, w.Guidance = gain{1, 0, eta}, g
	return w
}

// measuring returns the walk with a measurement of noise eta.
func measuring(w Walk, eta float32) Walk {
	w.Likelihood = gain{1, 0, eta}
	return w
}
