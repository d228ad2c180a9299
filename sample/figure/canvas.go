package figure

import (
	"image"
	"image/color"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A surface is a page to draw on, made of pixels or of SVG. Its unit is a dot and its origin the lower left corner, as
// in gonum. DrawImage enlarges by whole numbers and does not interpolate.
type surface interface {
	vg.Canvas
	// StrokeString draws the outlines of the letters that FillString fills.
	StrokeString(f font.Face, at vg.Point, s string, width vg.Length)
}

// A canvas is a surface with the coordinates of images: dots from the upper left corner.
type canvas struct {
	surface
	height int
}

func (c canvas) point(p image.Point) vg.Point {
	return vg.Point{X: vg.Length(p.X), Y: vg.Length(c.height - p.Y)}
}

// area returns a rectangle of the canvas for gonum to draw in.
func (c canvas) area(r image.Rectangle) draw.Canvas {
	upper, lower := c.point(r.Min), c.point(r.Max)
	inside := vg.Rectangle{Min: vg.Point{X: upper.X, Y: lower.Y}, Max: vg.Point{X: lower.X, Y: upper.Y}}
	return draw.Canvas{Canvas: c.surface, Rectangle: inside}
}

func (c canvas) fill(r image.Rectangle, with color.Color) {
	c.SetColor(with)
	c.Fill(c.area(r).Rectangle.Path())
}

// frame draws the edges of r, with lines of the given width inside it.
func (c canvas) frame(r image.Rectangle, width int, with color.Color) {
	c.fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+width), with)
	c.fill(image.Rect(r.Min.X, r.Max.Y-width, r.Max.X, r.Max.Y), with)
	c.fill(image.Rect(r.Min.X, r.Min.Y+width, r.Min.X+width, r.Max.Y-width), with)
	c.fill(image.Rect(r.Max.X-width, r.Min.Y+width, r.Max.X, r.Max.Y-width), with)
}

// line draws a line through the points.
func (c canvas) line(style draw.LineStyle, through ...image.Point) {
	points := make([]vg.Point, len(through))
	for i, p := range through {
		points[i] = c.point(p)
	}
	area := draw.Canvas{Canvas: c.surface}
	area.StrokeLines(style, points)
}

// image draws image i of im with its upper left corner at at, each pixel as scale x scale dots.
func (c canvas) image(im Images, i int, at image.Point, scale int) {
	c.DrawImage(c.area(image.Rect(0, 0, im.Width*scale, im.Height*scale).Add(at)).Rectangle, im.image(i))
}
