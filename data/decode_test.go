package data

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

func encodeTIFF(w io.Writer, m image.Image) error {
	return tiff.Encode(w, m, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
}

func encodeGIF(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }

func encodeJPEG(w io.Writer, m image.Image) error {
	return jpeg.Encode(w, m, &jpeg.Options{Quality: 100})
}

// encoded returns m as a file of the format that encode writes.
func encoded(t testing.TB, encode func(io.Writer, image.Image) error, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// picture returns an image of 2x2 pixels in order of rows.
func picture[M interface {
	image.Image
	Set(x, y int, c color.Color)
}](m M, pixels ...color.Color) image.Image {
	for k, c := range pixels {
		m.Set(k%2, k/2, c)
	}
	return m
}

// Two files made by libwebp. The first is lossless and has 3x2 pixels: (0,0,0,255) (255,255,255,255) (200,30,40,255)
// (10,200,37,255) (200,30,40,128) (1,2,3,0). The second is lossy and has 16x16 pixels of (200,30,40), which libwebp
// decodes as (200,30,39) throughout.
const (
	webpLossless = "" +
		"524946464a000000574542505650384c3e0000002f024000102f402040113e9aec961b64d236a55ffdfb99b52948db80e98e" +
		"92f9f738810041ba7201fc9f58d7ee021014b28d00a7760fc0b95d44ff63bd01"
	webpLossy = "" +
		"52494646400000005745425056503820340000001002009d012a1000100000800825a00274ba01f801f80003c800fefcde95" +
		"ffb8fff59b2ff67afffb8d5fede97fb7a5ffee200000"
)

// TestDecode decodes files of known content to three channels and to one. The gray values are those of PIL.
func TestDecode(t *testing.T) {
	box := image.Rect(0, 0, 2, 2)
	red, green := color.NRGBA{200, 30, 40, 255}, color.NRGBA{10, 200, 37, 255}
	pale := color.NRGBA{200, 30, 40, 128} // on white: (227, 142, 147)
	clear := color.NRGBA{1, 2, 3, 0}      // on white: white
	deep := color.NRGBA64{51400, 7710, 1000, 65535}
	palette := color.Palette{red, green, pale, clear}
	opaque := color.Palette{red, green, color.White, color.Black}
	fromHex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	grays := picture(image.NewGray(box), color.Gray{0}, color.Gray{1}, color.Gray{128}, color.Gray{255})
	grays16 := picture(image.NewGray16(box), color.Gray16{0}, color.Gray16{1}, color.Gray16{40000}, color.Gray16{65535})
	solid := picture(image.NewRGBA(box), red, green, color.White, color.Black)
	blended := picture(image.NewNRGBA(box), red, green, pale, clear)
	paletted := picture(image.NewPaletted(box, palette), red, green, pale, clear)
	flat := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for k := range 256 {
		flat.Set(k%16, k/16, red)
	}

	solidRGB := [][]float64{{200, 10, 255, 0}, {30, 200, 255, 0}, {40, 37, 255, 0}}
	blendedRGB := [][]float64{{200, 10, 227, 255}, {30, 200, 142, 255}, {40, 37, 147, 255}}
	solidGray, blendedGray := []float64{82, 125, 255, 0}, []float64{82, 125, 168, 255}
	all := func(v float64) (values []float64) {
		for range 256 {
			values = append(values, v)
		}
		return values
	}
	tests := []struct {
		name      string
		file      []byte
		white     float64
		rgb       [][]float64 // one channel: gray
		gray      []float64
		tolerance float64
	}{
		{"png gray", encoded(t, png.Encode, grays), 255, [][]float64{{0, 1, 128, 255}}, []float64{0, 1, 128, 255}, 0},
		{"png gray 16", encoded(t, png.Encode, grays16), 65535,
			[][]float64{{0, 1, 40000, 65535}}, []float64{0, 1, 40000, 65535}, 0},
		{"png RGB", encoded(t, png.Encode, solid), 255, solidRGB, solidGray, 0},
		{"png RGBA", encoded(t, png.Encode, blended), 255, blendedRGB, blendedGray, 0},
		{"png palette", encoded(t, png.Encode, paletted), 255, blendedRGB, blendedGray, 0},
		{"png RGB 16",
			encoded(t, png.Encode, picture(image.NewRGBA64(box), deep, deep, color.White, color.Black)), 65535,
			[][]float64{{51400, 51400, 65535, 0}, {7710, 7710, 65535, 0}, {1000, 1000, 65535, 0}},
			[]float64{20008, 20008, 65535, 0}, 0},
		{"png RGBA 16",
			encoded(t, png.Encode, picture(image.NewNRGBA64(box),
				color.NRGBA64{51400, 7710, 1000, 0x8000}, deep, color.White, color.NRGBA64{})), 65535,
			[][]float64{{58467, 51400, 65535, 65535}, {36622, 7710, 65535, 65535}, {33267, 1000, 65535, 65535}},
			[]float64{42772, 20008, 65535, 65535}, 1},
		{"gif",
			encoded(t, encodeGIF, picture(image.NewPaletted(box, opaque), red, green, color.White, color.Black)), 255,
			solidRGB, solidGray, 0},
		{"bmp gray", encoded(t, bmp.Encode, grays), 255,
			[][]float64{{0, 1, 128, 255}, {0, 1, 128, 255}, {0, 1, 128, 255}}, []float64{0, 1, 128, 255}, 0},
		{"bmp RGB", encoded(t, bmp.Encode, solid), 255, solidRGB, solidGray, 0},
		{"tiff gray", encoded(t, encodeTIFF, grays), 255, [][]float64{{0, 1, 128, 255}}, []float64{0, 1, 128, 255}, 0},
		{"tiff gray 16", encoded(t, encodeTIFF, grays16), 65535,
			[][]float64{{0, 1, 40000, 65535}}, []float64{0, 1, 40000, 65535}, 0},
		{"tiff RGBA", encoded(t, encodeTIFF, blended), 255, blendedRGB, blendedGray, 0},
		{"jpeg gray", encoded(t, encodeJPEG, grays), 255, [][]float64{{0, 1, 128, 255}}, []float64{0, 1, 128, 255}, 2},
		{"jpeg colour", encoded(t, encodeJPEG, flat), 255, [][]float64{all(200), all(30), all(40)}, all(82), 2},
		{"webp lossless", fromHex(webpLossless), 255,
			[][]float64{{0, 255, 200, 10, 227, 255}, {0, 255, 30, 200, 142, 255}, {0, 255, 40, 37, 147, 255}},
			[]float64{0, 255, 82, 125, 168, 255}, 0},
		{"webp lossy", fromHex(webpLossy), 255, [][]float64{all(200), all(30), all(39)}, all(82), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for channels, want := range map[int][][]float64{3: test.rgb, 1: {test.gray}} {
				r, err := decode(test.file, channels)
				if err != nil {
					t.Fatal(err)
				}
				got := make([]float32, channels*r.height*r.width)
				r.unpack(got, channels, 0, 0, r.height, r.width)
				for k, v := range got {
					channel := want[k/(r.height*r.width)%len(want)]
					level := math.Round((float64(v) + 1) / 2 * test.white)
					if wanted := channel[k%(r.height*r.width)]; math.Abs(level-wanted) > test.tolerance {
						t.Errorf("%d channels: number %d is %v, want %v", channels, k, level, wanted)
					}
				}
			}
		})
	}
}

// TestValuesAreExact requires the float32 values that other programs compute by v/127.5 - 1 and v/32767.5 - 1.
func TestValuesAreExact(t *testing.T) {
	for depth, half := range map[int]float32{1: 127.5, 2: 32767.5} {
		r := newRaster(1, 1, 1, depth)
		for v := range uint32(2*half + 1) {
			r.set(0, v)
			var got [1]float32
			r.unpack(got[:], 1, 0, 0, 1, 1)
			if want := float32(v)/half - 1; got[0] != want {
				t.Fatalf("%d bytes a sample: %d becomes %v, want %v", depth, v, got[0], want)
			}
		}
	}
}

// TestPartialGIFFrame requires that a picture smaller than the GIF's frame keeps its place.
func TestPartialGIFFrame(t *testing.T) {
	palette := color.Palette{color.Black, color.White}
	small := image.NewPaletted(image.Rect(1, 2, 3, 3), palette)
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{
		Image: []*image.Paletted{small}, Delay: []int{0},
		Config: image.Config{ColorModel: palette, Width: 4, Height: 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := decode(b.Bytes(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := []uint8{255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 255}
	if r.height != 3 || r.width != 4 || !bytes.Equal(r.pix, want) {
		t.Errorf("got %dx%d %v, want 4x3 %v", r.width, r.height, r.pix, want)
	}
}

// TestMask reads black, white, transparent, two grays around the middle, and blue.
func TestMask(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for i, c := range []color.NRGBA{
		{0, 0, 0, 255}, {255, 255, 255, 255}, {0, 0, 0, 0},
		{127, 127, 127, 255}, {128, 128, 128, 255}, {0, 0, 255, 255},
	} {
		m.SetNRGBA(i%3, i/3, c)
	}
	path := filepath.Join(t.TempDir(), "mask.png")
	if err := os.WriteFile(path, encoded(t, png.Encode, m), 0o666); err != nil {
		t.Fatal(err)
	}
	mask, err := Mask(path, 2, 3)
	if want := []bool{false, true, true, false, true, false}; err != nil || !slices.Equal(mask, want) {
		t.Errorf("mask %v (%v), want %v", mask, err, want)
	}
	if _, err := Mask(path, 3, 2); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("of another size: error %v, want one that names the file", err)
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "gone.png"), "decode.go"} { // no file, and not an image
		if _, err := Mask(path, 2, 3); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v does not name %s", err, path)
		}
	}
}
