// Package figure draws what a walk made. Grids of images and labelled sheets, as PNG files, and films, as GIF files, are to look at; a
// Picture (Curves, HeatMap, CellGrid, Panels, Samples, or some Beside each other) is a figure as papers print them, and stored as PNG and as
// SVG from one description.
//
// The package must not know what the images are of, how they were made, or what a label means: it gets pixels, numbers and text.
package figure

import (
	"fmt"
	"image"
	"math"
)

// Images is a batch of N images of Channels x Height x Width, NCHW. Channels is 1
// (gray) or 3 (red, green, blue). -1 is black and 1 is white (full); values beyond
// are clipped.
type Images struct {
	Pixels                     []float32
	N, Channels, Height, Width int
}

func (im Images) check() error {
	switch {
	case im.Channels != 1 && im.Channels != 3:
		return fmt.Errorf("images to draw have %d channels; 1 or 3 is right", im.Channels)
	case im.N < 1 || im.Height < 1 || im.Width < 1:
		return fmt.Errorf("images to draw: %d of %dx%d; 1 or more of each is right", im.N, im.Height, im.Width)
	case len(im.Pixels) != im.N*im.Channels*im.Height*im.Width:
		return fmt.Errorf("images to draw: %d of %dx%dx%d take %d values, there are %d",
			im.N, im.Channels, im.Height, im.Width, im.N*im.Channels*im.Height*im.Width, len(im.Pixels))
	}
	return nil
}

// image is image i at its own size: an image.Gray, or an image.RGBA for three channels.
func (im Images) image(i int) image.Image {
	size := im.Height * im.Width
	planes := im.Pixels[i*im.Channels*size:][:im.Channels*size]
	bounds := image.Rect(0, 0, im.Width, im.Height)
	if im.Channels == 1 {
		m := image.NewGray(bounds)
		for p, v := range planes {
			m.Pix[p] = level(v)
		}
		return m
	}
	m := image.NewRGBA(bounds)
	for p := range size {
		m.Pix[4*p], m.Pix[4*p+1], m.Pix[4*p+2], m.Pix[4*p+3] = level(planes[p]), level(planes[size+p]), level(planes[2*size+p]), 255
	}
	return m
}

// level maps [-1, 1] to 0..255, to the nearest; 0 is 128, NaN is black.
func level(v float32) uint8 {
	if !(v > -1) {
		return 0
	}
	return uint8(math.Round((math.Min(float64(v), 1) + 1) * 127.5))
}

// onScreen is how many pixels AutoScale would like the longer side of an image to have.
const onScreen = 112

// AutoScale returns how many times to enlarge images of height x width for them to
// be legible: as near to 112 pixels on the longer side (28 and 32 become 112 and
// 128) as a whole number, 1 or more, comes.
func AutoScale(height, width int) int { return nearestScale(onScreen, height, width) }

func nearestScale(side, height, width int) int {
	return max(1, int(math.Round(float64(side)/float64(max(height, width, 1)))))
}

// enlargement checks a scale, and makes 0 the one that brings the longer side of images nearest to side.
func enlargement(scale, side, height, width int) (int, error) {
	if scale < 0 || scale > 64 {
		return 0, fmt.Errorf("images enlarged %d times; 1 to 64, or 0 (automatic), is right", scale)
	}
	if scale == 0 {
		return nearestScale(side, height, width), nil
	}
	return scale, nil
}
