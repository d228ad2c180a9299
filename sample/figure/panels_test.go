package figure

import (
	"image"
	"testing"

	"tweedie/sample/figure/shade"
)

// TestPanelCells puts images of several sizes in cells of 4 x 28 dots: 7 and 14 divide the side, 20 does not.
func TestPanelCells(t *testing.T) {
	_, d := both(t, Panels{Scale: 4, Rows: []PanelRow{
		{Images: []Images{noise(1, 1, 7, 7), noise(1, 3, 28, 28)}},
		{Images: []Images{noise(1, 1, 14, 14), noise(1, 1, 20, 20)}},
	}})
	const cell = 4 * 28
	first := d.Images[0]
	for i, want := range []int{cell, cell, cell, 5 * 20} {
		got := d.Images[i]
		pitch := cell + hair
		x, y := first.X+i%2*pitch+(cell-want)/2, first.Y+i/2*pitch+(cell-want)/2
		if got.Width != want || got.Height != want || got.X != x || got.Y != y {
			t.Errorf("image %d is %dx%d at (%d, %d), want %d at (%d, %d)", i, got.Width, got.Height, got.X, got.Y,
				want, x, y)
		}
	}
}

func TestPanelLabels(t *testing.T) {
	for scale, upwards := range map[int]bool{8: true, 2: false} {
		row := PanelRow{Label: "Inpainting", Images: []Images{noise(2, 1, 28, 28)}}
		_, d := both(t, Panels{Scale: scale, Rows: []PanelRow{row}})
		if got := d.Texts[0].Transform != ""; got != upwards {
			t.Errorf("beside an image of %d dots the label is turned: %v, want %v", 28*scale, got, upwards)
		}
	}
	// Wide headings move columns apart, and none reaches into the next.
	_, d := both(t, Panels{Columns: []string{"a very long heading", "and another one"}, Scale: 1,
		Rows: []PanelRow{{Images: []Images{noise(2, 1, 28, 28)}}}})
	if a, b := d.Texts[0], d.Texts[1]; a.X+a.Length >= b.X {
		t.Errorf("a heading ends at %g, the next begins at %g", a.X+a.Length, b.X)
	}
}

// TestOverlayLegible checks that text on any image is light and surrounded by dark dots.
func TestOverlayLegible(t *testing.T) {
	drawn := func(im Images) image.Image {
		m, err := PNG(Panels{Scale: 8, Rows: []PanelRow{{Images: []Images{im}, Overlays: []string{"27.22"}}}})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	level := func(m image.Image, p image.Point) uint32 {
		v, _, _, _ := m.At(p.X, p.Y).RGBA()
		return v >> 8
	}
	// The letters are what is white on a black image.
	black := drawn(blank(1, 1, 28, 28))
	inside := image.Rect(edge, edge, edge+8*28, edge+8*28)
	letters := map[image.Point]bool{}
	var box image.Rectangle
	each := func(r image.Rectangle, visit func(image.Point)) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				visit(image.Pt(x, y))
			}
		}
	}
	each(inside, func(p image.Point) {
		if level(black, p) >= 250 {
			letters[p] = true
			box = box.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
		}
	})
	if len(letters) < 200 || box.Min.X < center(inside).X-20 || box.Min.Y < center(inside).Y || box.Dy() < 20 {
		t.Fatalf("%d white dots in %v are not a number in the lower right corner of %v", len(letters), box, inside)
	}
	for name, im := range map[string]Images{"black": blank(1, 1, 28, 28), "white": white(1),
		"noise": noise(1, 1, 28, 28), "color": noise(1, 3, 28, 28)} {
		m := drawn(im)
		darkest, around, sum := 1.0, 0, 0.0
		for p := range letters {
			darkest = min(darkest, shade.Luminance(m.At(p.X, p.Y)))
			for _, by := range []image.Point{{0, 2}, {2, 0}, {0, -2}, {-2, 0}} {
				if q := p.Add(by); level(black, q) <= 20 { // not the soft edge of a letter
					sum, around = sum+shade.Luminance(m.At(q.X, q.Y)), around+1
				}
			}
		}
		contrast := (darkest + 0.05) / (sum/float64(around) + 0.05)
		if around < 100 || contrast < 7 {
			t.Errorf("on %s: contrast %.1f with %d dots around the letters, the darkest of which has luminance %.2f",
				name, contrast, around, darkest)
		}
	}
}
