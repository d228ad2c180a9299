package figure

import (
	"image"
	"testing"
)

// dark returns the smallest rectangle around all pixels darker than half gray.
func dark(m image.Image) image.Rectangle {
	var r image.Rectangle
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if red, _, _, _ := m.At(x, y).RGBA(); red < 0x8000 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

func sheet(t *testing.T, rows ...Row) image.Image {
	t.Helper()
	m, err := Labelled(rows, 4)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func white(n int) Images {
	im := blank(n, 1, 28, 28)
	for i := range im.Pixels {
		im.Pixels[i] = 1
	}
	return im
}

// TestLabelledText uses white images: only text is dark on their sheet, so its place can be measured.
func TestLabelledText(t *testing.T) {
	unlabelled := sheet(t, Row{Images: white(3)})
	if r := dark(unlabelled); !r.Empty() {
		t.Errorf("a sheet without text has some at %v", r)
	}
	short := sheet(t, Row{Label: "σ = 0.5", Images: white(3)})
	long := sheet(t, Row{Label: "noisy, σ = 0.5", Images: white(3)})
	a, b := dark(short), dark(long)
	if a.Dy() < 8 || a.Dx() < 30 {
		t.Errorf("the text at %v is too small to be read", a)
	}
	if middle := (a.Min.Y + a.Max.Y) / 2; middle < short.Bounds().Dy()/2-4 || middle > short.Bounds().Dy()/2+4 {
		t.Errorf("the label at %v is not in the middle of %v", a, short.Bounds())
	}
	if grown := long.Bounds().Dx() - short.Bounds().Dx(); grown < b.Dx()-a.Dx()-1 || grown > b.Dx()-a.Dx()+1 {
		t.Errorf("a label longer by %d pixels made the sheet wider by %d", b.Dx()-a.Dx(), grown)
	}
	if end := short.Bounds().Dx() - unlabelled.Bounds().Dx(); a.Max.X > 8+end {
		t.Errorf("the label at %v reaches into the images, which begin at %d", a, 8+end)
	}
	// Lines of text that are higher than the images make room for themselves.
	lines := sheet(t, Row{Label: "a\nb\nc\nd\ne\nf\ng\nh\ni\nj", Images: white(1)}, Row{Label: "k", Images: white(1)})
	if r := dark(lines); r.Max.Y > lines.Bounds().Max.Y || lines.Bounds().Dy() < 10*14+112 {
		t.Errorf("ten lines, at %v, do not fit a sheet of %v", r, lines.Bounds())
	}
}

func TestLabelledCaptions(t *testing.T) {
	plain := sheet(t, Row{Images: white(2)})
	captioned := sheet(t, Row{Images: white(2), Captions: []string{"23.51 dB", "24.3 dB"}})
	r := dark(captioned)
	if r.Min.Y < 8+112 || captioned.Bounds().Dx() != plain.Bounds().Dx() {
		t.Errorf("captions at %v are not under the images of 112 pixels", r)
	}
	lines := sheet(t, Row{Images: white(2), Captions: []string{"mean\n23.51 dB", "24.3 dB"}})
	if grown, line := lines.Bounds().Dy()-captioned.Bounds().Dy(), dark(lines).Dy()-r.Dy(); grown < 14 ||
		line != grown {
		t.Errorf("a second line of %d pixels makes the sheet higher by %d", line, grown)
	}
	wide := sheet(t, Row{Images: white(2), Captions: []string{"a caption wider than its image", ""}})
	if r := dark(wide); r.Dx() < 112 || r.Max.X > wide.Bounds().Dx()/2 {
		t.Errorf("a wide caption, at %v, is cut or runs into the next column of %v", r, wide.Bounds())
	}
}

func TestLabelledImages(t *testing.T) {
	// Of three white images the middle one is black: it alone is dark.
	im := white(3)
	copy(im.Pixels[28*28:], blank(1, 1, 28, 28).Pixels)
	m := sheet(t, Row{Images: im}, Row{Images: white(1)})
	if _, ok := m.(*image.Gray); !ok {
		t.Errorf("gray images make a %T", m)
	}
	if got, want := dark(m), image.Rect(8+114, 8, 8+114+112, 8+112); got != want {
		t.Errorf("the image is at %v, want %v", got, want)
	}
	// A small image stands in the middle of its column, and gray ones beside color.
	m = sheet(t, Row{Images: blank(1, 1, 14, 14)}, Row{Images: Images{white(3).Pixels, 1, 3, 28, 28}})
	if _, ok := m.(*image.RGBA); !ok {
		t.Errorf("gray and color images make a %T", m)
	}
	if got, want := dark(m), image.Rect(8+28, 8, 8+28+56, 8+56); got != want {
		t.Errorf("the small image is at %v, want %v", got, want)
	}
}
