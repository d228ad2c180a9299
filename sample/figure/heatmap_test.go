package figure

import (
	"image/color"
	"math"
	"strings"
	"testing"
)

// cellColors returns the colors of the upper row of cells of a map, left to right, read near their upper edges.
func cellColors(t *testing.T, h HeatMap) (colors []color.Color) {
	t.Helper()
	h.Title = ""
	m, _ := both(t, h)
	var before color.Color
	run := 0
	for x := range m.Bounds().Dx() {
		c := m.At(x, edge+2)
		if c != before {
			before, run = c, 0
		}
		if run++; run == 60 && luminance(c) < 1 {
			colors = append(colors, c)
		}
	}
	return colors
}

func flat(best string, values ...float64) HeatMap {
	return HeatMap{XTicks: make([]string, len(values)), YTicks: []string{""}, Values: [][]float64{values}, Best: best}
}

func TestHeatMapColors(t *testing.T) {
	for name, values := range map[string][]float64{"linear": {-2, -1, 0, 3, 3.5, 8},
		"logarithmic": {0.001, 0.1, 1, 2, 30, 1e9}} {
		colors := cellColors(t, flat("", values...))
		if len(colors) != len(values) {
			t.Fatalf("%s: %d cells for %d values", name, len(colors), len(values))
		}
		for i := 1; i < len(colors); i++ {
			if luminance(colors[i]) <= luminance(colors[i-1]) {
				t.Errorf("%s: the cell of %g is not lighter than that of %g", name, values[i], values[i-1])
			}
		}
	}
	// An even map: equal steps in value are nearly equal steps in lightness, CIE 1976.
	lightness := func(c color.Color) float64 { return 116*math.Cbrt(luminance(c)) - 16 }
	for i := range 20 {
		if step := lightness(viridis(float64(i+1)/20)) - lightness(viridis(float64(i)/20)); step < 2.5 || step > 5 {
			t.Errorf("lightness grows by %.1f at %d/20, want about 3.8", step, i)
		}
	}
	if same := cellColors(t, flat("", 2, 2)); len(same) != 0 && same[0] != same[len(same)-1] {
		t.Errorf("equal values have colors %v", same)
	}
}

func TestHeatMapBest(t *testing.T) {
	for best, want := range map[string]int{"": -1, "low": 2, "high": 3} {
		h := flat(best, 5, math.NaN(), -1, 7, 6)
		colors := cellColors(t, h)
		for i, c := range colors {
			if outlined := luminance(c) == 0; outlined != (i == want) {
				t.Errorf("best %q: cell %d is outlined: %v", best, i, outlined)
			}
		}
		if r, g, b, _ := colors[1].RGBA(); r != g || g != b {
			t.Errorf("the cell without a value is %v, not gray", colors[1])
		}
		_, d := both(t, h)
		for _, text := range d.Texts {
			if bold := text.Weight != ""; bold != (want >= 0 && text.Text == number(h.Values[0][max(want, 0)], 3)) {
				t.Errorf("best %q: %q is bold: %v", best, text.Text, bold)
			}
		}
	}
	_, d := both(t, flat("low", math.NaN(), math.Inf(1)))
	if !d.has("–") || !d.has("∞") {
		t.Errorf("a map without finite values has the texts %v", d.Texts)
	}
}

// TestHeatMapAxes checks that the first row of values is at the bottom.
func TestHeatMapAxes(t *testing.T) {
	h := plane
	h.Format = func(v float64) string { return strings.Repeat("x", int(2*v)) }
	_, d := both(t, h)
	at := map[string][2]float64{}
	for _, text := range d.Texts {
		at[text.Text] = [2]float64{text.X + text.Length/2, text.Y}
	}
	if first := at["xx"]; math.Abs(first[0]-at["0.1"][0]) > 1 || math.Abs(first[1]-at["low"][1]) > 1 ||
		first[1] <= at["<high>"][1] {
		t.Errorf("the first value is at %v, its ticks are at %v and %v", first, at["0.1"], at["low"])
	}
	for _, back := range []float64{0, 0.25, 0.5, 0.75, 1} {
		a, b := luminance(viridis(back)), luminance(readable(viridis(back)))
		if contrast := (max(a, b) + 0.05) / (min(a, b) + 0.05); contrast < 4.5 {
			t.Errorf("text on the color of %g has contrast %.1f", back, contrast)
		}
	}
}
