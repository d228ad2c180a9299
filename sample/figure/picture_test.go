package figure

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// noise returns images of uniform noise.
func noise(n, channels, height, width int) Images {
	rng := rand.New(rand.NewPCG(1, uint64(height)))
	im := blank(n, channels, height, width)
	for i := range im.Pixels {
		im.Pixels[i] = 2*rng.Float32() - 1
	}
	return im
}

func line(y ...float64) Series {
	s := Series{Name: "a curve", Y: y}
	for i := range y {
		s.X = append(s.X, float64(i+1))
	}
	return s
}

var plane = HeatMap{
	Title: "error", XLabel: "ε & η", YLabel: "T₀", XTicks: []string{"0.1", "0.4", "0.7"},
	YTicks: []string{"low", "<high>"},
	Values: [][]float64{{1, 2, 3}, {0.5, math.NaN(), 2.5}}, Best: "low",
}

// kinds holds a picture of each kind, with texts that it shows and its number of images.
var kinds = map[string]struct {
	Picture
	texts  []string
	images int
}{
	"curves": {Curves{Title: "Schedules", XLabel: "step k", YLabel: "level", Series: []Series{line(1, 2, 3)},
		Levels: []Level{{"floor", 1.5}}},
		[]string{"Schedules", "step k", "level", "a curve", "floor", "2.5"}, 0},
	"heat map": {plane, []string{"error", "ε & η", "T", "0", "0.7", "<high>", "0.500", "–"}, 0},
	"cell grid": {CellGrid{Title: "sweep", XLabel: "ε", YLabel: "T", XTicks: []string{"0.1", "0.4"},
		YTicks: []string{"1"}, Cells: [][]Images{{noise(4, 1, 5, 5), noise(3, 3, 4, 6)}}},
		[]string{"sweep", "ε", "T", "0.1", "0.4", "1"}, 7},
	"panels": {Panels{Columns: []string{"Measurement", "Sample", "Truth"}, Scale: 4, Rows: []PanelRow{
		{Label: "SR (4×)", Images: []Images{noise(1, 3, 7, 7), noise(2, 3, 28, 28)}},
		{Label: "noisy", Images: []Images{noise(3, 1, 20, 20)}}}},
		[]string{"Measurement", "Sample", "Truth", "SR (4×)", "noisy"}, 6},
	"samples": {Samples{Images: noise(5, 3, 16, 12), Label: "Sigmoid schedule", Color: Color(1)},
		[]string{"Sigmoid schedule"}, 5},
	"beside": {SideBySide{[]Picture{Curves{Series: []Series{line(3, 1)}, Width: 1.5},
		Samples{Images: noise(9, 1, 28, 28), Label: "left"}, plane}}, []string{"left", "error"}, 9},
}

func TestBothFormats(t *testing.T) {
	for name, kind := range kinds {
		m, d := both(t, kind)
		size := m.Bounds().Max
		if want := fmt.Sprintf("0 0 %d %d", size.X, size.Y); d.ViewBox != want {
			t.Errorf("%s: the SVG has the box %s, the PNG %v pixels", name, d.ViewBox, size)
		}
		if mm, err := strconv.ParseFloat(strings.TrimSuffix(d.Width, "mm"), 64); err != nil ||
			math.Abs(mm-float64(size.X)/300*25.4) > 0.01 {
			t.Errorf("%s: %d dots at 300 an inch are %s wide", name, size.X, d.Width)
		}
		for _, text := range kind.texts {
			if !d.has(text) {
				t.Errorf("%s: the SVG lacks the text %q", name, text)
			}
		}
		if len(d.Images) != kind.images {
			t.Errorf("%s: the SVG has %d images, want %d", name, len(d.Images), kind.images)
		}
		for i, embedded := range d.Images {
			code, ok := strings.CutPrefix(embedded.Source, "data:image/png;base64,")
			file, err := base64.StdEncoding.DecodeString(code)
			if !ok || err != nil || embedded.Style != "image-rendering:pixelated" {
				t.Fatalf("%s: image %d: %v, style %q", name, i, err, embedded.Style)
			}
			small, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			size := small.Bounds().Max
			scale := embedded.Width / size.X
			if embedded.Width != scale*size.X || embedded.Height != scale*size.Y || scale < 1 {
				t.Fatalf("%s: image %d of %v is drawn as %dx%d", name, i, size, embedded.Width, embedded.Height)
			}
			for y := range embedded.Height {
				for x := range embedded.Width {
					r, g, b, _ := m.At(embedded.X+x, embedded.Y+y).RGBA()
					if wr, wg, wb, _ := small.At(x/scale, y/scale).RGBA(); r != wr || g != wg || b != wb {
						t.Fatalf("%s: image %d differs at (%d, %d) between PNG and SVG", name, i, x, y)
					}
				}
			}
		}
	}
}

// TestEmbeddedPixels checks that an SVG has exactly the given pixels.
func TestEmbeddedPixels(t *testing.T) {
	im := Images{N: 1, Channels: 3, Height: 1, Width: 2, Pixels: []float32{-1, 1, 0, -0.5, 0.5, 0.25}}
	m, d := both(t, Samples{Images: im, Scale: 5})
	at := image.Pt(d.Images[0].X, d.Images[0].Y)
	for x, want := range [][3]uint32{{0, 128, 191}, {255, 64, 159}} {
		for _, corner := range []image.Point{{5 * x, 0}, {5*x + 4, 4}} {
			p := at.Add(corner)
			if r, g, b, _ := m.At(p.X, p.Y).RGBA(); [3]uint32{r >> 8, g >> 8, b >> 8} != want {
				t.Errorf("pixel %d is %d %d %d, want %v", x, r>>8, g>>8, b>>8, want)
			}
		}
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "figures")
	path := filepath.Join(dir, "map")
	if files, err := Write(path, HeatMap{}); err == nil || files != nil || !strings.Contains(err.Error(), path) {
		t.Errorf("an empty map: files %v, error %v", files, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a picture that cannot be drawn left a folder")
	}
	files, err := Write(path, plane)
	if err != nil || !slices.Equal(files, []string{path + ".png", path + ".svg"}) {
		t.Fatalf("files %v, error %v", files, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(content)); err != nil {
		t.Error(err)
	}
}

func TestPicturesRefused(t *testing.T) {
	ticks := []string{"a", "b"}
	bad := noise(1, 1, 4, 4)
	bad.Pixels = bad.Pixels[1:]
	uneven := Series{Name: "uneven", X: []float64{1, 2}, Y: []float64{1}}
	for name, p := range map[string]Picture{
		"no series":           Curves{},
		"an uneven series":    Curves{Series: []Series{uneven}},
		"no points":           Curves{Series: []Series{line(math.NaN(), math.Inf(1))}},
		"zero on a log axis":  Curves{LogY: true, Series: []Series{line(1, 0)}},
		"a level below zero":  Curves{LogY: true, Series: []Series{line(1, 2)}, Levels: []Level{{"floor", -1}}},
		"an infinite level":   Curves{Series: []Series{line(1, 2)}, Levels: []Level{{"floor", math.Inf(1)}}},
		"a narrow plot":       Curves{Series: []Series{line(1, 2)}, Width: 0.1},
		"a map without ticks": HeatMap{},
		"a row too few":       HeatMap{XTicks: ticks, YTicks: ticks, Values: [][]float64{{1, 2}}},
		"a value too few":     HeatMap{XTicks: ticks, YTicks: ticks, Values: [][]float64{{1, 2}, {1}}},
		"an unknown best":     HeatMap{XTicks: ticks[:1], YTicks: ticks[:1], Values: [][]float64{{1}}, Best: "most"},
		"a cell too many": CellGrid{XTicks: ticks[:1], YTicks: ticks[:1],
			Cells: [][]Images{{noise(1, 1, 4, 4), noise(1, 1, 4, 4)}}},
		"a bad cell":           CellGrid{XTicks: ticks[:1], YTicks: ticks[:1], Cells: [][]Images{{bad}}},
		"empty cells":          CellGrid{XTicks: ticks[:1], YTicks: ticks[:1], Cells: [][]Images{{{}}}},
		"no panels":            Panels{},
		"a panel row of none":  Panels{Rows: []PanelRow{{Label: "none"}}},
		"a bad panel":          Panels{Rows: []PanelRow{{Images: []Images{bad}}}},
		"headings too few":     Panels{Columns: ticks[:1], Rows: []PanelRow{{Images: []Images{noise(2, 1, 4, 4)}}}},
		"overlays too few":     Panels{Rows: []PanelRow{{Images: []Images{noise(2, 1, 4, 4)}, Overlays: ticks[:1]}}},
		"panels enlarged -1":   Panels{Scale: -1, Rows: []PanelRow{{Images: []Images{noise(2, 1, 4, 4)}}}},
		"bad samples":          Samples{Images: bad},
		"samples, no columns":  Samples{Images: noise(1, 1, 4, 4), Columns: -1},
		"nothing side by side": SideBySide{},
		"a bad part":           SideBySide{[]Picture{plane, Samples{Images: bad}}},
		"too large a picture":  Samples{Images: noise(1, 1, 512, 512), Scale: 64},
	} {
		m, err := PNG(p)
		if err == nil || m != nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v and error %v; want no picture and one line", name, m != nil, err)
		}
	}
}

func TestBeside(t *testing.T) {
	plot, images := Curves{Title: "a title above", XLabel: "k", Series: []Series{line(3, 1)}, Width: 1.5},
		Samples{Images: noise(9, 1, 28, 28), Label: "samples"}
	_, d := both(t, SideBySide{[]Picture{plot, images}})
	top, bottom := d.Images[0].Y, d.Images[8].Y+d.Images[8].Height
	// The frame of the plot ends where the images do.
	found := false
	for _, p := range d.Paths {
		x, y, x2, y2 := 0.0, 0.0, 0.0, 0.0
		if n, _ := fmt.Sscanf(p.Data, "M%f,%fL%f,%f", &x, &y, &x2, &y2); n == 4 && x == x2 && p.Stroke == "#000000" {
			low, high := max(y, y2), min(y, y2)
			found = found || math.Abs(high-float64(top)) <= 1 && math.Abs(low-float64(bottom)) <= 1
		}
	}
	if !found {
		t.Errorf("no axis reaches from %d to %d, as the images do", top, bottom)
	}
	// Images keep their enlargement, whatever they stand beside.
	_, alone := both(t, images)
	if alone.Images[0].Width != d.Images[0].Width {
		t.Errorf("images are %d dots wide alone, and %d beside a plot", alone.Images[0].Width, d.Images[0].Width)
	}
	if top, left := d.Images[0], alone.Images[0]; top.X < left.X+int(1.5*dpi) {
		t.Errorf("images begin at %d, within the plot", top.X)
	}
}

func TestScripts(t *testing.T) {
	_, d := both(t, Samples{Images: noise(1, 1, 28, 28), Label: "σₖ = 10⁻⁴ ∞"})
	var texts []string
	for _, text := range d.Texts {
		texts = append(texts, text.Text)
	}
	if want := []string{"σ", "k", " = 10", "−4", " ∞"}; !slices.Equal(texts, want) {
		t.Fatalf("texts %q, want %q", texts, want)
	}
	base, low, high := d.Texts[0], d.Texts[1], d.Texts[3]
	if low.Y <= base.Y || high.Y >= base.Y || low.Size >= base.Size || low.Size != high.Size {
		t.Errorf("σ stands at %g, k at %g, −4 at %g, sizes %g, %g, %g", base.Y, low.Y, high.Y,
			base.Size, low.Size, high.Size)
	}
	if math.Abs(base.X+base.Length-low.X) > 0.02 {
		t.Errorf("σ ends at %g, k begins at %g", base.X+base.Length, low.X)
	}
}
