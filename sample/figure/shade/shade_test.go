package shade

import (
	"image/color"
	"math"
	"testing"

	"tweedie/sample/result"
)

// TestBestIsBright checks that the color gets brighter from the worst to the best value, and that of a score without a
// better direction from the lowest to the highest, in other colors.
func TestBestIsBright(t *testing.T) {
	for name, values := range map[string][]float64{
		"linear":      {-2, -1, 0, 3, 3.5, 8},
		"logarithmic": {0.001, 0.1, 1, 2, 1e9},
		"with gaps":   {math.NaN(), 1, math.Inf(1), 2},
		"huge":        {-math.MaxFloat64, 0, math.MaxFloat64},
	} {
		for best, sign := range map[string]float64{result.Low: -1, result.High: 1, "": 1} {
			s := New(values, best)
			before := math.NaN()
			for _, v := range values {
				if !Finite(v) {
					continue
				}
				light := sign * Luminance(s.Color(v))
				if light <= before {
					t.Errorf("%s, best %q: the color of %g is no step towards the better end", name, best, v)
				}
				before = light
			}
			dark, bright, darkIs, _ := s.Ends()
			if s.At(dark) != 0 || s.At(bright) != 1 || (darkIs == "worst") != (best != "") {
				t.Errorf("%s, best %q: the ends are at %g and %g, the dark one %s",
					name, best, s.At(dark), s.At(bright), darkIs)
			}
		}
	}
	neutral, judged := New([]float64{1, 2}, ""), New([]float64{1, 2}, result.High)
	if neutral.Color(2) == judged.Color(2) || neutral.Color(1) == judged.Color(1) {
		t.Error("a score without a better direction has the colors of one that is judged")
	}
}

func TestLogarithmic(t *testing.T) {
	if s := New([]float64{1, 1e4}, result.High); !s.Logarithmic() || math.Abs(s.At(100)-0.5) > 1e-12 {
		t.Errorf("100 is at %g between 1 and 10000", s.At(100))
	}
	if s := New([]float64{-1, 1e4}, result.High); s.Logarithmic() {
		t.Error("a scale through 0 is logarithmic")
	}
}

func TestNothingToCompare(t *testing.T) {
	if s := New([]float64{math.NaN()}, result.Low); !s.Empty() {
		t.Error("a scale without values is not empty")
	}
	if s := New([]float64{2, 2}, result.Low); s.Empty() || !s.Even() || s.At(2) != 0.5 {
		t.Errorf("equal values are at %g", s.At(2))
	}
}

func TestEvenSteps(t *testing.T) {
	// Equal steps in value are nearly equal steps in lightness, CIE 1976.
	s := Scale{Best: result.High}
	lightness := func(t float64) float64 { return 116*math.Cbrt(Luminance(s.Ramp(t))) - 16 }
	for i := range 20 {
		if step := lightness(float64(i+1)/20) - lightness(float64(i)/20); step < 2.5 || step > 5 {
			t.Errorf("lightness grows by %.1f at %d/20, want about 3.8", step, i)
		}
	}
}

func TestReadable(t *testing.T) {
	for _, best := range []string{"", result.High} {
		for i := range 41 {
			var back color.Color = Scale{Best: best}.Ramp(float64(i) / 40)
			a, b := Luminance(back), Luminance(Readable(back))
			if contrast := (max(a, b) + 0.05) / (min(a, b) + 0.05); contrast < 4.5 {
				t.Errorf("text on the color of %d/40 has contrast %.1f", i, contrast)
			}
		}
	}
}
