package figure

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
)

// Figures are measured in dots: what is one pixel of a PNG is one unit of the SVG. Text has 8 points.
const (
	dpi      = 300 // dots in an inch of paper
	point    = dpi / 72.0
	textSize = 8 * point
	em       = 33   // dots, about the size of text
	column   = 3.35 // inches, of a page of two columns
	page     = 7.1  // inches, both of them
	edge     = 6    // dots around a figure
)

// A Picture is a figure for a paper: Curves, HeatMap, CellGrid, Panels, Samples or Beside. Its texts may have the raised and lowered
// characters of Unicode, as in "σₖ" and "10⁻⁴".
type Picture interface {
	// layout places everything. A body of 0 dots leaves the height to the picture; those which are not elastic keep their own anyway.
	layout(body int) (drawing, error)
}

// A drawing is a picture with everything in its place. Its height is that of its body, such as the area of a plot or its images, and
// what is above and below it.
type drawing struct {
	width, above, body, below int // dots
	elastic                   bool
	draw                      func(c canvas, at image.Point) // with the upper left corner at at
}

func (d drawing) height() int { return d.above + d.body + d.below }

// PNG draws a picture at 300 dots an inch. Images are enlarged by whole numbers.
func PNG(p Picture) (image.Image, error) {
	d, err := p.layout(0)
	if err != nil {
		return nil, err
	}
	return d.framed().pixels()
}

// SVG draws a picture, sized in millimetres: text as text, images as PNGs of their own size within it.
func SVG(p Picture) ([]byte, error) {
	d, err := p.layout(0)
	if err != nil {
		return nil, err
	}
	d = d.framed()
	v := newVector(d.width, d.height())
	d.draw(canvas{v, d.height()}, image.Point{})
	return v.document(), nil
}

// Write stores a picture in path + ".png" and path + ".svg", and returns these names. It draws both before it writes any, and treats the
// files as WritePNG does.
func Write(path string, p Picture) (files []string, err error) {
	m, err := PNG(p)
	if err != nil {
		return nil, fmt.Errorf("drawing picture %s: %w", path, err)
	}
	text, err := SVG(p)
	if err != nil {
		return nil, fmt.Errorf("drawing picture %s: %w", path, err)
	}
	for _, format := range []struct {
		ending string
		encode func(w io.Writer) error
	}{
		{".png", func(w io.Writer) error { return png.Encode(w, m) }},
		{".svg", func(w io.Writer) error { _, err := w.Write(text); return err }},
	} {
		if err := store(path+format.ending, format.encode); err != nil {
			return nil, err
		}
		files = append(files, path+format.ending)
	}
	return files, nil
}

// framed adds the edge.
func (d drawing) framed() drawing {
	inner := d.draw
	d.draw = func(c canvas, at image.Point) { inner(c, at.Add(image.Pt(edge, edge))) }
	d.width, d.above, d.below = d.width+2*edge, d.above+edge, d.below+edge
	return d
}

// pixels draws a drawing as it is.
func (d drawing) pixels() (image.Image, error) {
	r, err := newRaster(d.width, d.height())
	if err != nil {
		return nil, err
	}
	d.draw(canvas{r, d.height()}, image.Point{})
	return r.Image(), nil
}

// label is ordinary text, in the middle of where it is put.
var label = textStyle{size: textSize, color: color.Black, align: 0.5}

// heading is the title of a picture.
var heading = textStyle{size: textSize, color: color.Black, align: 0.5, bold: true}
