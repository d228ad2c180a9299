package figure

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
)

// A Row is one row of a sheet.
type Row struct {
	Label    string   // left of the images; may have several lines
	Captions []string // under the images, none or one for each; may have several lines
	Images   Images
}

const (
	margin    = 8  // pixels around a sheet, right of its labels and under its captions
	legible   = 14 // least size of text, in pixels
	textShare = 12 // ratio of an image's height to the size of text, if that is legible
)

var paper = color.Gray{224} // background of a sheet; both white images and black text stand out

// Labelled draws a sheet of rows, with black text on light gray. A row has its label at the left, then its images, and
// the captions under them. Images are enlarged scale times; if scale is 0, it is AutoScale's for the largest image.
// Rows may differ in the number and the size of their images; columns line up. The sheet is an image.Gray if all images
// are gray, else an image.RGBA.
func Labelled(rows []Row, scale int) (image.Image, error) {
	if len(rows) == 0 {
		return nil, errors.New("a sheet has no rows; 1 or more is right")
	}
	height, width, gray := 0, 0, true
	for i, row := range rows {
		if err := row.Images.check(); err != nil {
			return nil, fmt.Errorf("row %d, %q: %w", i+1, row.Label, err)
		}
		if n := len(row.Captions); n != 0 && n != row.Images.N {
			return nil, fmt.Errorf("row %d, %q, has %d captions for %d images; none or one for each is right",
				i+1, row.Label, n, row.Images.N)
		}
		height, width = max(height, row.Images.Height), max(width, row.Images.Width)
		gray = gray && row.Images.Channels == 1
	}
	scale, err := enlargement(scale, onScreen, height, width)
	if err != nil {
		return nil, err
	}
	label := textStyle{size: float64(max(legible, height*scale/textShare)), color: color.Black}
	caption := label
	caption.align = 0.5

	// The labels are as wide as the widest of them, and a column as wide as the widest image or caption.
	labels, pitch, columns := 0, width*scale+gap, 0
	for _, row := range rows {
		labels = max(labels, label.extent(row.Label).X)
		for _, text := range row.Captions {
			pitch = max(pitch, caption.extent(text).X+margin)
		}
		columns = max(columns, row.Images.N)
	}
	left := margin
	if labels > 0 {
		left += labels + margin
	}
	total := 2*margin - gap
	for _, row := range rows {
		total += row.height(scale, label) + gap
	}

	sheet := drawing{width: left + columns*pitch - gap + margin, body: total}
	sheet.draw = func(c canvas, _ image.Point) {
		c.fill(image.Rect(0, 0, sheet.width, total), paper)
		y := margin
		for _, row := range rows {
			im := row.Images
			bottom := y + im.Height*scale
			c.text(label, image.Pt(margin, y+max(im.Height*scale, label.extent(row.Label).Y)/2), row.Label)
			for i := range im.N {
				middle := left + i*pitch + (pitch-gap)/2
				c.image(im, i, image.Pt(middle-im.Width*scale/2, y), scale)
				if len(row.Captions) > 0 {
					c.text(caption, image.Pt(middle, bottom+caption.extent(row.Captions[i]).Y/2), row.Captions[i])
				}
			}
			y += row.height(scale, label) + gap
		}
	}
	m, err := sheet.pixels()
	if err != nil || !gray {
		return m, err
	}
	plain := image.NewGray(m.Bounds())
	draw.Draw(plain, m.Bounds(), m, image.Point{}, draw.Src)
	return plain, nil
}

// height returns the height of the row, in pixels.
func (r Row) height(scale int, text textStyle) int {
	captions := 0
	for _, caption := range r.Captions {
		captions = max(captions, text.extent(caption).Y+margin)
	}
	return max(r.Images.Height*scale+captions, text.extent(r.Label).Y)
}
