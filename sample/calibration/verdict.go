package calibration

import "math"

// A Test is a statement about the samples that is true of exact ones.
type Test struct {
	Name string
	P    float64 // probability of as great a deviation if it is true
}

// Tests returns the tests of all measures that are defined.
func (m Measures) Tests() []Test {
	both := func(z float64) float64 { return 2 * upperTail(math.Abs(z)) }
	all := []Test{
		{"mean", upperTail(m.MeanGap.sigmas(0))},
		{"variance", both(m.Variance.sigmas(1))},
		{"variance seen", both(m.VarianceSeen.sigmas(1))},
		{"variance unseen", both(m.VarianceUnseen.sigmas(1))},
		{"density regions", m.Density.P},
		{"TARP", m.TARP.P},
		{"sliced distance", upperTail(m.SlicedExcess.sigmas(0))},
		{"mode weights", upperTail(m.ModesExcess.sigmas(0))},
	}
	var defined []Test
	for _, t := range all {
		if !math.IsNaN(t.P) {
			defined = append(defined, t)
		}
	}
	return defined
}

// Failed returns the names of the tests that exact samples would fail with a probability of level or less in all
// (Bonferroni's bound). Samples are calibrated, as far as this number of pairs and samples can tell, if there are none.
func (m Measures) Failed(level float64) []string {
	tests := m.Tests()
	var failed []string
	for _, t := range tests {
		if t.P < level/float64(len(tests)) {
			failed = append(failed, t.Name)
		}
	}
	return failed
}
