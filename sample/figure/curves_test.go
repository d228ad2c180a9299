package figure

import (
	"image"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		ticker    plot.Ticker
		low, high float64
		labels    string
	}{
		{logTicks{7}, 0.009, 200, "0.01 0.1 1 10 100"},
		{logTicks{7}, 0.001, 1000, "0.001 0.01 0.1 1 10 100 1000"},
		{logTicks{7}, 1e-6, 1, "10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰"},
		{logTicks{7}, 1e-12, 1, "10⁻¹² 10⁻¹⁰ 10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 10⁰"},
		{logTicks{7}, 0.05, 5, "0.1 0.3 1 3"},
		{logTicks{7}, 1.5, 12, "2 5 10"},
		{logTicks{6}, 2.1, 2.6, "2.1 2.2 2.3 2.4 2.5 2.6"},
		{logTicks{2}, 1e-300, 1e300, "10⁰"},
		{linearTicks{6}, -0.1, 1.1, "0 0.2 0.4 0.6 0.8 1"},
		{linearTicks{6}, -8, 165, "0 50 100 150"},
		{linearTicks{3}, 0, 1000, "0 500 1000"},
		{linearTicks{6}, -1.2, 1.2, "−1 −0.5 0 0.5 1"},
		{linearTicks{6}, 0, 4.5e-5, "0 1×10⁻⁵ 2×10⁻⁵ 3×10⁻⁵ 4×10⁻⁵"},
	} {
		var labels []string
		for _, tick := range test.ticker.Ticks(test.low, test.high) {
			if tick.Value < test.low*(1-1e-6) && test.low > 0 || tick.Value > test.high*(1+1e-6) {
				t.Errorf("a tick at %g is outside %g to %g", tick.Value, test.low, test.high)
			}
			if !tick.IsMinor() {
				labels = append(labels, tick.Label)
			}
		}
		if got := strings.Join(labels, " "); got != test.labels {
			t.Errorf("%T from %g to %g: %s; want %s", test.ticker, test.low, test.high, got, test.labels)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.25: "0.250", -3: "−3.00", 9.996: "10.0", 12345: "12345",
		2e-5:    "2.00×10⁻⁵",
		-1.5e38: "−1.50×10³⁸", 0.0012: "0.00120", math.Inf(-1): "−∞", math.Inf(1): "∞"} {
		if got := number(v, 3); got != want {
			t.Errorf("%g is written %s, want %s", v, got, want)
		}
	}
}

// strokes counts the lines in the color of series i that are longer than an example in a legend.
func strokes(d document, i int) (n int) {
	color := strings.Trim(strings.TrimPrefix(paint("stroke", Color(i)), "stroke="), `"`)
	for _, p := range d.Paths {
		if p.Stroke == color {
			n++
		}
	}
	return n
}

func TestCurveInterrupted(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		series Series
		parts  int
	}{{line(1, 2, 3, 4), 1}, {line(1, 2, nan, 3, 4), 2}, {line(nan, 1, 2, inf, nan, 3, 4, -inf), 2}} {
		test.series.Name = ""
		_, d := both(t, Curves{Series: []Series{test.series}})
		if got := strokes(d, 0); got != test.parts {
			t.Errorf("%v is drawn in %d parts, want %d", test.series.Y, got, test.parts)
		}
	}
}

// TestGrayPrint checks that curves differ in their dashes or their markers, not in color alone.
func TestGrayPrint(t *testing.T) {
	for _, marked := range []bool{false, true} {
		styles := map[string]bool{}
		for i := range dashing {
			c := Curves{Series: make([]Series, i+1)}
			for j := range c.Series {
				// its marker, and a line without length
				c.Series[j] = Series{X: []float64{1}, Y: []float64{1}, Marked: marked}
				if !marked {
					c.Series[j] = line(1, 2)
					c.Series[j].Name = ""
				}
			}
			_, d := both(t, c)
			style := ""
			for _, p := range d.Paths {
				if marked && p.Stroke == "" {
					style = p.Data
				} else if !marked && p.Stroke != "" && strings.Contains(paint("stroke", Color(i)), p.Stroke) &&
					(style == "" || p.Dashes != "") { // axes are black and solid
					style = "dashes " + p.Dashes
				}
			}
			styles[style] = true
		}
		if len(styles) != len(dashing) {
			t.Errorf("marked %v: %d series have %d styles", marked, len(dashing), len(styles))
		}
	}
}

func TestLegendPlace(t *testing.T) {
	l := legend{{name: "one"}, {name: "another"}}
	plot := image.Rect(0, 0, 800, 500)
	corners := map[string][]image.Point{ // lines through each
		"upper right": {{600, 0}, {799, 60}}, "upper left": {{0, 60}, {200, 0}},
		"lower right": {{799, 400}, {600, 499}}, "lower left": {{0, 400}, {200, 499}},
	}
	for free := range corners {
		var lines [][]image.Point
		for name, line := range corners {
			if name != free {
				lines = append(lines, line)
			}
		}
		at, ok := l.corner(lines, plot)
		if right, lower := at.X > 400, at.Y > 250; !ok || right != strings.Contains(free, "right") ||
			lower != strings.Contains(free, "lower") {
			t.Errorf("with %s free the legend is at %v, %v", free, at, ok)
		}
	}
	if at, ok := l.corner([][]image.Point{{{0, 20}, {799, 20}}, {{0, 480}, {799, 480}}}, plot); ok {
		t.Errorf("lines go through all corners, and the legend is at %v", at)
	}
	// It goes above then, and the plot keeps its height.
	curves := Curves{Series: []Series{line(0, 0), line(1, 1)}}
	full, err := curves.layout(400)
	if err != nil {
		t.Fatal(err)
	}
	curves.Series[0].Name, curves.Series[1].Name = "", ""
	bare, err := curves.layout(400)
	if err != nil {
		t.Fatal(err)
	}
	if full.above <= bare.above || full.body != 400 || bare.body != 400 {
		t.Errorf("with a legend there are %d dots above %d, without %d above %d",
			full.above, full.body, bare.above, bare.body)
	}
	// Words in it are in the picture.
	names := []string{"a", "long names of curves, which need a row", "each, for they are as long as it gets"}
	curves.Series = nil
	for i, name := range names {
		s := line(float64(i), float64(3-i), float64(i))
		s.Name = name
		curves.Series = append(curves.Series, s)
	}
	m, d := both(t, curves)
	for _, text := range d.Texts {
		if text.X < 0 || text.X+text.Length > float64(m.Bounds().Dx()) || text.Y < 0 ||
			text.Y > float64(m.Bounds().Dy()) {
			t.Errorf("%q at (%g, %g) is cut", text.Text, text.X, text.Y)
		}
	}
}

// TestLongLabel puts a plot beside low images: it is as high as its own label needs.
func TestLongLabel(t *testing.T) {
	plot := Curves{YLabel: "mean squared error of the denoiser", Series: []Series{line(1, 2)}}
	m, d := both(t, SideBySide{[]Picture{plot, Samples{Images: blank(1, 1, 28, 28), Scale: 2}}})
	for _, text := range d.Texts {
		if text.Transform != "" && (text.Y > float64(m.Bounds().Dy()) || text.Y-text.Length < 0) {
			t.Errorf("%q, %g dots long from %g on, is cut in a picture of %v",
				text.Text, text.Length, text.Y, m.Bounds().Max)
		}
	}
}

// TestColumnWidth checks that a plot as wide as a column has text of 8 points.
func TestColumnWidth(t *testing.T) {
	m, d := both(t, Curves{XLabel: "σ", Series: []Series{line(1, 2)}})
	if inches := float64(m.Bounds().Dx()) / dpi; inches < 3.3 || inches > 3.45 {
		t.Errorf("a plot is %.2f inches wide", inches)
	}
	for _, text := range d.Texts {
		if points := text.Size * 72 / dpi; math.Abs(points-8) > 0.01 {
			t.Errorf("%q has %.2f points", text.Text, points)
		}
	}
}

func TestExtremeRanges(t *testing.T) {
	for name, c := range map[string]Curves{
		"one point":   {Series: []Series{line(3)}},
		"constant":    {Series: []Series{line(0, 0, 0)}},
		"log point":   {LogX: true, LogY: true, Series: []Series{line(3)}},
		"float32's":   {Series: []Series{line(-3e38, 3e38)}},
		"tiny span":   {Series: []Series{line(1e16, 1e16+2)}},
		"log wide":    {LogY: true, Series: []Series{line(1e-300, 1e300)}},
		"log tiny":    {LogY: true, Series: []Series{line(1, 1+1e-15)}},
		"a low strip": {Series: []Series{line(1, 2)}, Width: 1},
	} {
		m, err := PNG(SideBySide{[]Picture{c, Samples{Images: blank(1, 1, 28, 28), Scale: 2}}})
		if err != nil || m.Bounds().Dy() > 600 {
			t.Errorf("%s: %v, error %v", name, m, err)
		}
	}
}
