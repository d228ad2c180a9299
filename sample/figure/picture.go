package figure

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
)

// Figures are measured in dots. A dot is one pixel of a PNG and one unit of an SVG.
const (
	dpi      = 300        // dots in an inch of paper
	point    = dpi / 72.0 // dots in a point
	textSize = 8 * point
	em       = 33   // about the size of text, in dots
	column   = 3.35 // width of one of two columns on a page, in inches
	page     = 7.1  // width of both columns, in inches
	edge     = 6    // margin around a figure, in dots
)

// A Picture is a figure for a paper: Curves, HeatMap, CellGrid, Panels, Samples, or several of them. Its texts may
// contain Unicode's superscripts and subscripts, as in "σₖ" and "10⁻⁴".
type Picture interface {
	// layout gives everything its place. body is the height of the body in dots, or 0 to let the picture choose.
	// Pictures that are not elastic always choose.
	layout(body int) (drawing, error)
}

// A drawing is a picture whose parts all have their place. Its height is that of its body (the area of a plot, the
// images) and of the texts above and below the body.
type drawing struct {
	width, above, body, below int // dots
	elastic                   bool
	draw                      func(c canvas, at image.Point) // draws it with the upper left corner at at
}

func (d drawing) height() int { return d.above + d.body + d.below }

// PNG draws a picture with 300 dots per inch. Images are enlarged by whole numbers.
func PNG(p Picture) (image.Image, error) {
	d, err := p.layout(0)
	if err != nil {
		return nil, err
	}
	return d.framed().pixels()
}

// SVG draws a picture with a size in millimetres. Text stays text, and images are embedded as PNGs of their own size.
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

// Write stores a picture in the files path + ".png" and path + ".svg", and returns their names. It draws both before it
// writes one. The files are written as by WritePNG.
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

// framed adds the margin.
func (d drawing) framed() drawing {
	inner := d.draw
	d.draw = func(c canvas, at image.Point) { inner(c, at.Add(image.Pt(edge, edge))) }
	d.width, d.above, d.below = d.width+2*edge, d.above+edge, d.below+edge
	return d
}

// pixels draws on a new image of the drawing's size.
func (d drawing) pixels() (image.Image, error) {
	r, err := newRaster(d.width, d.height())
	if err != nil {
		return nil, err
	}
	d.draw(canvas{r, d.height()}, image.Point{})
	return r.Image(), nil
}

// label is the style of ordinary text, centered.
var label = textStyle{size: textSize, color: color.Black, align: 0.5}

// heading is the style of titles.
var heading = textStyle{size: textSize, color: color.Black, align: 0.5, bold: true}
