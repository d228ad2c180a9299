package figure

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gray returns images of one channel, height x width, with the given pixels.
func gray(height, width int, pixels ...float32) Images {
	return Images{Pixels: pixels, N: len(pixels) / (height * width), Channels: 1, Height: height, Width: width}
}

// blank returns black images.
func blank(n, channels, height, width int) Images {
	im := Images{make([]float32, n*channels*height*width), n, channels, height, width}
	for i := range im.Pixels {
		im.Pixels[i] = -1
	}
	return im
}

func TestGridPixels(t *testing.T) {
	// Three images of 1x2, twice enlarged, in two columns; the last cell is empty.
	got, err := Grid(gray(1, 2, -1, 1, 0, 0.5, -0.5, 0.25), 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]uint8{
		{0, 0, 255, 255, 128, 128, 128, 128, 191, 191},
		{0, 0, 255, 255, 128, 128, 128, 128, 191, 191},
		{128, 128, 128, 128, 128, 128, 128, 128, 128, 128},
		{128, 128, 128, 128, 128, 128, 128, 128, 128, 128},
		{64, 64, 159, 159, 128, 128, 128, 128, 128, 128},
		{64, 64, 159, 159, 128, 128, 128, 128, 128, 128},
	}
	m, ok := got.(*image.Gray)
	if !ok || m.Bounds() != image.Rect(0, 0, 10, 6) {
		t.Fatalf("got a %T of %v, want an image.Gray of 10x6", got, got.Bounds())
	}
	for y, row := range want {
		if line := m.Pix[y*m.Stride:][:10]; !bytes.Equal(line, row) {
			t.Errorf("line %d is %v, want %v", y, line, row)
		}
	}
}

func TestGridColor(t *testing.T) {
	// Two images of 2x1: red over green, then blue over a mixture. Planes, not pixels, follow each other.
	im := Images{N: 2, Channels: 3, Height: 2, Width: 1, Pixels: []float32{
		1, -1 /* red */, -1, 1 /* green */, -1, -1, /* blue */
		-1, 0.5, -1, -0.5, 1, 0,
	}}
	m, err := Grid(im, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != image.Rect(0, 0, 4, 2) {
		t.Fatalf("bounds %v, want 4x2", m.Bounds())
	}
	neutral := color.NRGBA{128, 128, 128, 255}
	for y, row := range [][]color.NRGBA{
		{{255, 0, 0, 255}, neutral, neutral, {0, 0, 255, 255}},
		{{0, 255, 0, 255}, neutral, neutral, {191, 64, 128, 255}},
	} {
		for x, want := range row {
			if got := color.NRGBAModel.Convert(m.At(x, y)); got != want {
				t.Errorf("pixel (%d, %d) is %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestLevels(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, test := range []struct {
		v    float32
		want uint8
	}{
		{-1, 0}, {0, 128}, {1, 255}, {-2, 0}, {1.001, 255}, {inf, 255}, {-inf, 0}, {float32(math.NaN()), 0},
		{2*100.4/255 - 1, 100}, {2*100.6/255 - 1, 101}, // to the nearest
	} {
		m, err := Grid(gray(1, 1, test.v), 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.(*image.Gray).GrayAt(0, 0).Y; got != test.want {
			t.Errorf("%g is drawn as %d, want %d", test.v, got, test.want)
		}
	}
	// An 8-bit image scaled to [-1, 1] comes back as it was.
	for level := range 256 {
		m, err := Grid(gray(1, 1, float32(level)/127.5-1), 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.(*image.Gray).GrayAt(0, 0).Y; int(got) != level {
			t.Errorf("level %d is drawn as %d", level, got)
		}
	}
}

func TestGridColumns(t *testing.T) {
	for _, test := range []struct{ n, height, width, columns, rows int }{
		{1, 4, 4, 1, 1}, {2, 4, 4, 2, 1}, {3, 4, 4, 2, 2}, {4, 4, 4, 2, 2}, {6, 4, 4, 3, 2}, {8, 4, 4, 4, 2},
		{16, 4, 4, 4, 4},
		{32, 4, 4, 8, 4}, {64, 4, 4, 8, 8}, {17, 4, 4, 6, 3}, {4, 2, 8, 1, 4}, {4, 8, 2, 4, 1},
	} {
		m, err := Grid(blank(test.n, 1, test.height, test.width), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := image.Rect(0, 0, test.columns*(test.width+2)-2, test.rows*(test.height+2)-2)
		if m.Bounds() != want {
			t.Errorf("%d images of %dx%d make a picture of %v, want %d columns, %d rows: %v",
				test.n, test.height, test.width, m.Bounds().Max, test.columns, test.rows, want.Max)
		}
	}
}

func TestAutoScale(t *testing.T) {
	for size, want := range map[int]int{8: 14, 16: 7, 28: 4, 32: 4, 64: 2, 128: 1, 256: 1, 1024: 1} {
		if got := AutoScale(size, size); got != want {
			t.Errorf("%dx%d is enlarged %d times, want %d", size, size, got, want)
		}
	}
	if got := AutoScale(7, 28); got != 4 {
		t.Errorf("7x28 is enlarged %d times, want 4, for the longer side", got)
	}
}

func TestRefused(t *testing.T) {
	good := blank(2, 1, 4, 4)
	short, long, two, none, flat := good, good, good, good, good
	short.Pixels = good.Pixels[:31]
	long.N = 1
	two.Channels, two.N = 2, 1
	none.N, none.Pixels = 0, nil
	flat.Height, flat.Width = 32, 0
	for name, draw := range map[string]func() (image.Image, error){
		"a value missing":        func() (image.Image, error) { return Grid(short, 0, 1) },
		"values left over":       func() (image.Image, error) { return Grid(long, 0, 1) },
		"two channels":           func() (image.Image, error) { return Grid(two, 0, 1) },
		"no images":              func() (image.Image, error) { return Grid(none, 0, 1) },
		"no width":               func() (image.Image, error) { return Grid(flat, 0, 1) },
		"negative columns":       func() (image.Image, error) { return Grid(good, -1, 1) },
		"a negative enlargement": func() (image.Image, error) { return Grid(good, 1, -1) },
		"too large a picture":    func() (image.Image, error) { return Grid(blank(1, 1, 1024, 1024), 1, 64) },
		"no rows":                func() (image.Image, error) { return Labelled(nil, 1) },
		"a short row": func() (image.Image, error) {
			return Labelled([]Row{{Label: "noisy", Images: short}}, 1)
		},
		"a caption missing": func() (image.Image, error) {
			return Labelled([]Row{{Captions: []string{"a"}, Images: good}}, 1)
		},
	} {
		if m, err := draw(); err == nil || m != nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v and error %v; want no picture and one line", name, m != nil, err)
		}
	}
	if _, err := Grid(blank(2, 1, 4, 4), 9, 1); err != nil {
		t.Errorf("more columns than images: %v", err)
	}
}

func TestWritePNG(t *testing.T) {
	im := Images{N: 1, Channels: 3, Height: 1, Width: 2, Pixels: []float32{1, -1, 0, -1, -1, 1}}
	want, err := Grid(im, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "runs", "figures")
	path := filepath.Join(dir, "samples.png")
	for range 2 { // anew, then over the old one
		if err := WritePNG(path, want); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 3 {
		for x := range 6 {
			if a, b := color.NRGBAModel.Convert(got.At(x, y)), color.NRGBAModel.Convert(want.At(x, y)); a != b {
				t.Errorf("pixel (%d, %d) is %v, want %v", x, y, a, b)
			}
		}
	}
	if err := WritePNG(path, &image.Gray{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("an empty picture: error %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, content) {
		t.Errorf("an error changed the picture there before (%v)", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteGIF(t *testing.T) {
	path := filepath.Join(t.TempDir(), "films", "walk.gif")
	for _, channels := range []int{1, 3} {
		var frames []image.Image
		for _, v := range []float32{-1, 0, 1} {
			im := blank(1, channels, 2, 3)
			for i := range im.Pixels {
				im.Pixels[i] = v
			}
			m, err := Grid(im, 1, 2)
			if err != nil {
				t.Fatal(err)
			}
			frames = append(frames, m)
		}
		if err := WriteGIF(path, frames); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		film, err := gif.DecodeAll(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if len(film.Image) != 3 || film.Config.Width != 6 || film.Config.Height != 4 || film.LoopCount != 0 ||
			film.Delay[2] <= film.Delay[0] {
			t.Errorf("%d pictures of %d x %d, repeated %d times, delays %v",
				len(film.Image), film.Config.Width, film.Config.Height, film.LoopCount, film.Delay)
		}
		for i, m := range film.Image {
			want, got := int(color.GrayModel.Convert(frames[i].At(3, 2)).(color.Gray).Y),
				int(color.GrayModel.Convert(m.At(3, 2)).(color.Gray).Y)
			if got < want-12 || got > want+12 {
				t.Errorf("%d channels: picture %d has level %d, want %d", channels, i, got, want)
			}
		}
		if err := WriteGIF(path, append(frames, image.NewGray(image.Rect(0, 0, 1, 1)))); err == nil {
			t.Error("pictures of two sizes: no error")
		}
	}
	if err := WriteGIF(path, nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("no pictures: error %v", err)
	}
}
