package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

const gap = 2 // pixels between images

var neutral = color.Gray{128} // color of the gaps

// Grid draws images in reading order in the given number of columns, each pixel as scale x scale pixels, with gaps of 2
// gray pixels. If columns is 0, it chooses a grid whose ratio of width to height is between 1 and 2; if scale is 0, the
// scale is that of AutoScale. The result is an image.Gray for gray images, else an image.RGBA.
func Grid(im Images, columns, scale int) (image.Image, error) {
	t, err := newTiles(im, columns, scale, onScreen, gap)
	if err != nil {
		return nil, err
	}
	size := t.size()
	dst, err := newImage(im.Channels == 1, size.X, size.Y, neutral)
	if err != nil {
		return nil, err
	}
	for i := range im.N {
		enlarge(dst, t.place(i), im.image(i))
	}
	return dst, nil
}

// autoColumns chooses the number of columns of a grid. It takes the grids whose ratio of width to height is nearest to
// the interval from 1 to 2, of these the ones with the fewest empty cells, and of these the one with the fewest
// columns.
func autoColumns(n, height, width int) int {
	best, bestOutside, bestEmpty := 1, math.Inf(1), 0
	for columns := 1; columns <= n; columns++ {
		rows := (n + columns - 1) / columns
		ratio := math.Log2(float64(columns*width) / float64(rows*height))
		outside := max(0, -ratio, ratio-1)
		empty := rows*columns - n
		if outside < bestOutside || outside == bestOutside && empty < bestEmpty {
			best, bestOutside, bestEmpty = columns, outside, empty
		}
	}
	return best
}

// tiles are images laid out in columns, in reading order, with gaps between them.
type tiles struct {
	images              Images
	columns, scale, gap int // gap in dots
}

// newTiles checks images, columns and scale. If columns is 0, autoColumns chooses them; if scale is 0, the longer side
// of the images becomes as near to side dots as a whole number allows.
func newTiles(im Images, columns, scale, side, gap int) (tiles, error) {
	if err := im.check(); err != nil {
		return tiles{}, err
	}
	if columns < 0 {
		return tiles{}, fmt.Errorf("a grid of %d columns; 1 or more, or 0 (automatic), is right", columns)
	}
	if columns == 0 {
		columns = autoColumns(im.N, im.Height, im.Width)
	}
	scale, err := enlargement(scale, side, im.Height, im.Width)
	return tiles{im, min(columns, im.N), scale, gap}, err
}

// place returns the rectangle of image i.
func (t tiles) place(i int) image.Rectangle {
	width, height := t.images.Width*t.scale, t.images.Height*t.scale
	return image.Rect(0, 0, width, height).Add(image.Pt(i%t.columns*(width+t.gap), i/t.columns*(height+t.gap)))
}

// size returns the width and height of all images with their gaps.
func (t tiles) size() image.Point {
	return image.Pt(t.place(t.columns-1).Max.X, t.place(t.images.N-1).Max.Y)
}

func (t tiles) draw(c canvas, at image.Point) {
	for i := range t.images.N {
		c.image(t.images, i, at.Add(t.place(i).Min), t.scale)
	}
}
