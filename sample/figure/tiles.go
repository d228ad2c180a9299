package figure

import (
	"fmt"
	"image"
)

// tiles are images in reading order, in columns, with gaps.
type tiles struct {
	images              Images
	columns, scale, gap int // the gap in dots
}

// newTiles checks images and how to lay them out. columns 0 chooses a grid between 1:1 and 2:1; scale 0 brings the longer side of
// images as near to side dots as it can.
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

// place is where image i lies.
func (t tiles) place(i int) image.Rectangle {
	width, height := t.images.Width*t.scale, t.images.Height*t.scale
	return image.Rect(0, 0, width, height).Add(image.Pt(i%t.columns*(width+t.gap), i/t.columns*(height+t.gap)))
}

// size is that of all images.
func (t tiles) size() image.Point {
	return image.Pt(t.place(t.columns-1).Max.X, t.place(t.images.N-1).Max.Y)
}

func (t tiles) draw(c canvas, at image.Point) {
	for i := range t.images.N {
		c.image(t.images, i, at.Add(t.place(i).Min), t.scale)
	}
}
