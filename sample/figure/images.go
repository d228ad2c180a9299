// Package figure draws images, plots and tables.
//
// For a quick look there are grids of images (Grid) and sheets with labels (Labelled), stored as PNG, and films, stored
// as GIF. For papers there are figures: a Picture is a Curves, HeatMap, CellGrid, Panels or Samples, or several of them
// together (SideBySide, InRows), and is stored as PNG and as SVG.
//
// The package gets pixels, numbers and texts. It must not know what the images show, how they were made, or what a
// label means. The kinds of figures that an experiment can ask for are in the package below it.
package figure

import (
	"fmt"
	"image"
	"math"
)

// Images is a batch of N images of Channels x Height x Width, NCHW. Channels is 1 (gray) or 3 (red, green, blue). -1 is
// black and 1 is white (or full color); values outside are clipped.
type Images struct {
	Pixels                     []float32
	N, Channels, Height, Width int
}

// First returns the first n images, or all if there are fewer.
func (im Images) First(n int) Images {
	im.N = min(n, im.N)
	im.Pixels = im.Pixels[:im.N*im.Channels*im.Height*im.Width]
	return im
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

// image returns image i at its own size: an image.Gray, or an image.RGBA for three channels.
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
		for c := range 3 {
			m.Pix[4*p+c] = level(planes[c*size+p])
		}
		m.Pix[4*p+3] = 255
	}
	return m
}

// level maps [-1, 1] to 0..255, rounded to the nearest; 0 becomes 128, and NaN is black.
func level(v float32) uint8 {
	if !(v > -1) {
		return 0
	}
	return uint8(math.Round((math.Min(float64(v), 1) + 1) * 127.5))
}

// onScreen is the number of pixels that AutoScale aims at for the longer side of an image.
const onScreen = 112

// AutoScale returns how many times to enlarge images of height x width to make them legible: the whole number, 1 or
// more, that brings their longer side nearest to 112 pixels. Sides of 28 and 32 become 112 and 128.
func AutoScale(height, width int) int { return nearestScale(onScreen, height, width) }

func nearestScale(side, height, width int) int {
	return max(1, int(math.Round(float64(side)/float64(max(height, width, 1)))))
}

// enlargement checks a scale. For 0 it returns the scale that brings the longer side of images nearest to side.
func enlargement(scale, side, height, width int) (int, error) {
	if scale < 0 || scale > 64 {
		return 0, fmt.Errorf("images enlarged %d times; 1 to 64, or 0 (automatic), is right", scale)
	}
	if scale == 0 {
		return nearestScale(side, height, width), nil
	}
	return scale, nil
}
