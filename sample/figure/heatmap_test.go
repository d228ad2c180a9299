package figure

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"tweedie/sample/figure/shade"
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
		if run++; run == 60 && shade.Luminance(c) < 1 {
			colors = append(colors, c)
		}
	}
	return colors
}

func flat(best string, values ...float64) HeatMap {
	return HeatMap{XTicks: make([]string, len(values)), YTicks: []string{""}, Values: [][]float64{values}, Best: best}
}

// TestHeatMapColors checks that the best cell is the brightest, whether low or high values are better.
func TestHeatMapColors(t *testing.T) {
	values := []float64{1, 5, 2, 2.5} // the outline hides the best cell, which is not read
	for best, hidden := range map[string]int{"low": 0, "high": 1, "": -1} {
		_, d := both(t, flat(best, values...))
		colors := cellColors(t, flat(best, values...))
		if len(colors) != len(values) {
			t.Fatalf("best %q: %d cells for %d values", best, len(colors), len(values))
		}
		sign := 1.0
		if best == "low" {
			sign = -1
		}
		for i := range values {
			for j := range values {
				if i == hidden || j == hidden || values[i] <= values[j] {
					continue
				}
				if sign*(shade.Luminance(colors[i])-shade.Luminance(colors[j])) <= 0 {
					t.Errorf("best %q: the cells of %g and %g are in the wrong order", best, values[i], values[j])
				}
			}
		}
		left, right := "worst 1.00", "5.00 best"
		switch best {
		case "low":
			left, right = "worst 5.00", "1.00 best"
		case "":
			left, right = "lowest 1.00", "5.00 highest"
		}
		if !d.has(left) || !d.has(right) {
			t.Errorf("best %q: the ends of the scale are not %q and %q: %v", best, left, right, d.Texts)
		}
	}
	if _, d := both(t, flat("low", 1, 1000)); !d.has("1.00 best (log)") {
		t.Errorf("a logarithmic scale does not say so: %v", d.Texts)
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
			if outlined := shade.Luminance(c) == 0; outlined != (i == want) {
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
}

// TestHeatMapOfRatios checks that a ratio is the darker the farther it is from 1, on either side.
func TestHeatMapOfRatios(t *testing.T) {
	h := flat("", 0.25, 0.9, 2, 1.3, 1)
	h.Off = func(v float64) float64 { return math.Abs(math.Log(v)) }
	colors := cellColors(t, h)
	if len(colors) != 5 {
		t.Fatalf("%d cells for 5 values", len(colors))
	}
	for i, order := 0, []int{0, 2, 3, 1}; i+1 < len(order); i++ { // from the darkest; the outline hides the best cell
		dark, bright := shade.Luminance(colors[order[i]]), shade.Luminance(colors[order[i+1]])
		if !(dark < bright) {
			t.Errorf("%g is not darker than %g", h.Values[0][order[i]], h.Values[0][order[i+1]])
		}
	}
}
