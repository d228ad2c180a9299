package calibration

import (
	"encoding/json"
	"math"
	"testing"
)

// TestUniformity draws uniform values: then p is uniform too. Values whose distribution is another are found out.
func TestUniformity(t *testing.T) {
	const repeats, n = 4000, 64
	r := newRand(1)
	var below05, below50 int
	for range repeats {
		v := make([]float64, n)
		for i := range v {
			v[i] = r.Float64()
		}
		if _, p := uniformity(v); p < 0.05 {
			below05++
		} else if p < 0.5 {
			below50++
		}
	}
	if share := float64(below05) / repeats; share < 0.035 || share > 0.065 {
		t.Errorf("p is below 0.05 in %.3f of the cases", share)
	}
	if share := float64(below05+below50) / repeats; share < 0.46 || share > 0.54 {
		t.Errorf("p is below 0.5 in %.3f of the cases", share)
	}
	squares := make([]float64, n)
	for i := range squares {
		u := r.Float64()
		squares[i] = u * u
	}
	if _, p := uniformity(squares); p > 1e-4 {
		t.Errorf("squares of uniform values pass for uniform, p = %g", p)
	}
}

// TestRatioError compares the standard error of a ratio with the spread of ratios.
func TestRatioError(t *testing.T) {
	const repeats, n = 2000, 50
	r := newRand(2)
	var sum, squares, errors float64
	for range repeats {
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			b[i] = 1 + r.Float64()
			a[i] = 3*b[i] + r.NormFloat64()
		}
		e := ratio(a, b)
		sum, squares, errors = sum+e.Value, squares+e.Value*e.Value, errors+e.Error
	}
	mean := sum / repeats
	spread := math.Sqrt(squares/repeats - mean*mean)
	if math.Abs(mean-3) > 0.02 || math.Abs(errors/repeats/spread-1) > 0.07 {
		t.Errorf("ratios of mean %.3f and spread %.4f have the error %.4f", mean, spread, errors/repeats)
	}
}

// TestEstimateInJSON writes numbers and what is none, and reads them back.
func TestEstimateInJSON(t *testing.T) {
	for _, e := range []Estimate{{0.25, 0.5}, {math.NaN(), math.NaN()}} {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Estimate
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if back != e && !(math.IsNaN(back.Value) && math.IsNaN(e.Value) && math.IsNaN(back.Error)) {
			t.Errorf("%v is written as %s and read as %v", e, text, back)
		}
	}
}
