package figure

import (
	"image"
	"image/color"
	"math"
)

const gap = 2 // pixels between images

var neutral = color.Gray{128} // of the gaps

// Grid draws images side by side, in reading order, in so many columns, each pixel
// as scale x scale pixels, with gaps of 2 neutral pixels. columns 0 chooses a grid
// between 1:1 and 2:1; scale 0 is AutoScale's. The picture is an image.Gray for
// gray images, else an image.RGBA. The number of values must be that of the
// images.
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

// autoColumns chooses, among the grids whose ratio of width to height is nearest
// to the interval from 1 to 2, the one with the fewest empty cells, and then the
// fewest columns.
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
