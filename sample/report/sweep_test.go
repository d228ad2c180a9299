package report

import (
	"encoding/json"
	"fmt"
	"image/color"
	"strings"
	"testing"

	"tweedie/sample/figure/shade"
)

// A shown is a cell's score as the page has it.
type shown struct{ Text, Back, Ink string }

// cellsOf returns the scores of the page's cells, by their walks. A score that a walk lacks is nil.
func cellsOf(t *testing.T, page string) map[string][]*shown {
	t.Helper()
	all := map[string][]*shown{}
	for _, link := range tags(page, "a") {
		if shades := attribute(link, "data-shades"); shades != "" {
			var scores []*shown
			if err := json.Unmarshal([]byte(shades), &scores); err != nil {
				t.Fatalf("%q: %v", shades, err)
			}
			all[attribute(link, "title")] = scores
		}
	}
	return all
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	c := color.RGBA{A: 255}
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		t.Fatalf("color %q: %v", hex, err)
	}
	return shade.Luminance(c)
}

// TestColorsOfCells checks that the best walk has the brightest cell, whether high or low scores are better, and that
// the page says what the colors mean. Recall, distance and count of a walk are the same number.
func TestColorsOfCells(t *testing.T) {
	_, page := written(t)
	cells := cellsOf(t, page)
	if len(cells) != 6 {
		t.Fatalf("%d cells, want 6", len(cells))
	}
	least, greatest := cells["walk-0-0"], cells["walk-2-1"]
	for i, brightIsHigh := range []bool{true, false, true} {
		low, high := luminance(t, least[i].Back), luminance(t, greatest[i].Back)
		if low < high != brightIsHigh {
			t.Errorf("score %d: the cell of %s has luminance %.2f, that of %s %.2f", i, least[i].Text, low,
				greatest[i].Text, high)
		}
	}
	if least[0].Back != greatest[1].Back || greatest[0].Back != least[1].Back {
		t.Error("the worst walks, and the best ones, have different colors by recall and by distance")
	}
	if least[2].Back == least[0].Back {
		t.Error("a score without a better direction has the colors of one that has")
	}
	if !strings.Contains(page, `style="background: `+least[0].Back+`; color: `+least[0].Ink) {
		t.Error("without a script, cells do not have the colors of the first score")
	}
	for _, scale := range []string{
		`<p class="legend"><b>recall</b> <span>worst 0</span> <i style="background: linear-gradient(to right, ` +
			least[0].Back,
		`<p class="legend" hidden><b>distance</b> <span>worst 0.21</span> <i style="background: linear-gradient(`,
		`<span>0 best</span>`,
		`<p class="legend" hidden><b>count</b> <span>lowest 0</span>`, `<span>0.21 highest</span>`} {
		if !strings.Contains(page, scale) {
			t.Errorf("the page lacks the scale %s", scale)
		}
	}
}

// TestBlankCells checks that a walk without scores has a cell, which leads to its samples, without a number or color.
func TestBlankCells(t *testing.T) {
	_, page := written(t)
	for i, score := range cellsOf(t, page)["walk-1-0"] {
		if score != nil {
			t.Errorf("score %d of a walk without scores is %+v", i, *score)
		}
	}
	want := `<a href="#sweep-2" title="walk-1-0" class="blank" aria-label="walk-1-0: no score"`
	at := strings.Index(page, want)
	if at < 0 {
		t.Fatalf("the page lacks %s", want)
	}
	if text := page[at+strings.Index(page[at:], ">")+1:]; !strings.HasPrefix(text, "</a>") {
		t.Errorf("the cell says %.20q", text)
	}
	if n := strings.Count(page, `<td class="number" data-value=""></td>`); n != 3 {
		t.Errorf("%d numbers of the table are blank, want 3", n)
	}
	if strings.Contains(strings.ReplaceAll(page, "isNaN", ""), "NaN") {
		t.Error("the page says NaN")
	}
}

func TestShortNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.12345: "0.123", -12.34: "-12.3", 1234.5: "1234", 3e9: "3e+09",
		100: "100", 2e-7: "2e-07"} {
		if got := short(v); got != want {
			t.Errorf("%g is written %s, want %s", v, got, want)
		}
	}
}
