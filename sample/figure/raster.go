package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// enlarge draws m into a rectangle whose sides are whole multiples of m's. Each pixel becomes a block of one color.
func enlarge(dst draw.Image, to image.Rectangle, m image.Image) {
	draw.NearestNeighbor.Scale(dst, to, m, m.Bounds(), draw.Src, nil)
}

// newImage returns an image.Gray or an opaque image.RGBA, filled with one color.
func newImage(gray bool, width, height int, background color.Gray) (draw.Image, error) {
	if err := checkSize(width, height); err != nil {
		return nil, err
	}
	var m draw.Image = image.NewRGBA(image.Rect(0, 0, width, height))
	if gray {
		m = image.NewGray(m.Bounds())
	}
	draw.Draw(m, m.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	return m, nil
}

// checkSize returns an error for pictures that would take too much memory.
func checkSize(width, height int) error {
	const limit = 1 << 28 // pixels: 1 GiB in color
	if width > limit/height {
		return fmt.Errorf("a picture of %dx%d pixels is too large; up to %d pixels is right: "+
			"draw fewer images, or enlarge them less", width, height, limit)
	}
	return nil
}

// A raster is a surface of pixels. A pixel is a dot.
type raster struct{ *vgimg.Canvas }

func newRaster(width, height int) (raster, error) {
	if err := checkSize(width, height); err != nil {
		return raster{}, err
	}
	return raster{vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(72))}, nil
}

// DrawImage, unlike vgimg's, does not interpolate. It ignores translations and rotations.
func (r raster) DrawImage(to vg.Rectangle, m image.Image) {
	height := r.Image().Bounds().Dy()
	enlarge(r.Image(), image.Rect(int(to.Min.X), height-int(to.Max.Y), int(to.Max.X), height-int(to.Min.Y)), m)
}

func (r raster) StrokeString(f font.Face, at vg.Point, s string, width vg.Length) {
	const copies = 16 // of the text, on a circle of half the width
	for i := range copies {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / copies)
		r.FillString(f, at.Add(vg.Point{X: width / 2 * vg.Length(cos), Y: width / 2 * vg.Length(sin)}), s)
	}
}
