package figure

import (
	"errors"
	"fmt"
	"image"
	"image/color"
)

// Panels is a table of images, such as measurements, samples and the truth. All cells have the size of the largest
// image. A smaller image is enlarged by the largest whole number for which it fits, and centered in its cell.
type Panels struct {
	Columns []string // headings, none or one for each column
	Rows    []PanelRow
	Scale   int // enlargement of the largest image; 0: as fills a page, with at most 1.15 inches for an image
}

// A PanelRow is one row of Panels.
type PanelRow struct {
	Label    string   // left of the images; turned to be read upwards if all labels fit that way
	Images   []Images // from left to right; they may differ in size
	Overlays []string // texts in the lower right corner of the images, none or one for each
}

const hair = 3 // gap between the images of a figure, in dots

// overlay is the style of text on images: white with a black outline, legible on any of them.
var overlay = textStyle{size: textSize, color: color.White, align: 1, outline: color.Black}

func (r PanelRow) count() (n int) {
	for _, im := range r.Images {
		n += im.N
	}
	return n
}

// check returns the number of columns and the size of the largest image, or what is wrong.
func (p Panels) check() (columns, height, width int, err error) {
	if len(p.Rows) == 0 {
		return 0, 0, 0, errors.New("panels have no rows; 1 or more is right")
	}
	for i, row := range p.Rows {
		n := row.count()
		for _, im := range row.Images {
			if err := im.check(); err != nil {
				return 0, 0, 0, fmt.Errorf("row %d, %q: %w", i+1, row.Label, err)
			}
			height, width = max(height, im.Height), max(width, im.Width)
		}
		if n == 0 {
			return 0, 0, 0, fmt.Errorf("row %d, %q, has no images; 1 or more is right", i+1, row.Label)
		}
		if len(row.Overlays) != 0 && len(row.Overlays) != n {
			return 0, 0, 0, fmt.Errorf("row %d, %q, has %d overlays for %d images; none or one for each is right",
				i+1, row.Label, len(row.Overlays), n)
		}
		columns = max(columns, n)
	}
	if n := len(p.Columns); n != 0 && n != columns {
		return 0, 0, 0, fmt.Errorf("panels have %d headings for %d columns; none or one for each is right", n, columns)
	}
	return columns, height, width, nil
}

func (p Panels) layout(int) (drawing, error) {
	columns, height, width, err := p.check()
	if err != nil {
		return drawing{}, err
	}
	scale := p.Scale
	if scale == 0 {
		side := int(min(1.15*dpi, (page*dpi-2*em)/float64(columns)))
		scale = max(1, side/max(height, width))
	}
	if scale, err = enlargement(scale, 0, height, width); err != nil {
		return drawing{}, err
	}
	cell := image.Pt(width*scale, height*scale)

	// Labels are turned upwards unless one is longer than its row is high.
	style, pitch := label, image.Pt(cell.X+hair, cell.Y+hair)
	style.rotated = true
	var longest image.Point
	for _, row := range p.Rows {
		e := style.extent(row.Label)
		longest = image.Pt(max(longest.X, e.X), max(longest.Y, e.Y))
	}
	left, anchor := longest.Y, longest.Y/2
	if longest.X > cell.Y {
		style.rotated, style.align = false, 1
		left, anchor, pitch.Y = longest.X+em/3, longest.X, max(pitch.Y, longest.Y)
	}
	top := 0
	for _, text := range p.Columns {
		e := label.extent(text)
		pitch.X, top = max(pitch.X, e.X+em/2), max(top, e.Y)
	}

	d := drawing{width: left + columns*pitch.X - hair, above: top, body: len(p.Rows)*pitch.Y - hair}
	d.draw = func(c canvas, at image.Point) {
		place := func(x, y int) image.Rectangle { // of a cell
			corner := at.Add(image.Pt(left+x*pitch.X+(pitch.X-hair-cell.X)/2, top+y*pitch.Y+(pitch.Y-hair-cell.Y)/2))
			return image.Rectangle{corner, corner.Add(cell)}
		}
		for x, text := range p.Columns {
			c.text(label, image.Pt(center(place(x, 0)).X, at.Y+top/2), text)
		}
		for y, row := range p.Rows {
			c.text(style, image.Pt(at.X+anchor, center(place(0, y)).Y), row.Label)
			x := 0
			for _, im := range row.Images {
				factor := min(cell.X/im.Width, cell.Y/im.Height)
				size := image.Pt(im.Width, im.Height).Mul(factor)
				for i := range im.N {
					box := place(x, y)
					corner := center(box).Sub(size.Div(2))
					c.image(im, i, corner, factor)
					if len(row.Overlays) > 0 {
						c.overlay(image.Rectangle{corner, corner.Add(size)}, row.Overlays[x])
					}
					x++
				}
			}
		}
	}
	return d, nil
}

// overlay writes s in a corner of an image. It takes less than half the image's width, unless the text got too small.
func (c canvas) overlay(im image.Rectangle, s string) {
	const least = 5 * point
	style := overlay
	inset := im.Dx() / 30
	if s != "" {
		width := float64(style.extent(s).X) / style.size // in units of the text's size
		style.size = min(style.size, max(least, float64(im.Dx())*0.45/width), float64(im.Dx()-2*inset)/width)
	}
	c.text(style, im.Max.Sub(image.Pt(inset+style.line()/8, inset+style.line()/2)), s)
}
