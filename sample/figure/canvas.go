package figure

import (
	"image"
	"image/color"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A surface is what a picture is drawn on: pixels, or SVG. Its unit is a dot, and its origin the lower left corner, as gonum has it;
// DrawImage enlarges by whole numbers and does not interpolate.
type surface interface {
	vg.Canvas
	// StrokeString draws the edges of what FillString draws.
	StrokeString(f font.Face, at vg.Point, s string, width vg.Length)
}

// A canvas is a surface whose coordinates are those of pictures: dots from the upper left corner.
type canvas struct {
	surface
	height int
}

func (c canvas) point(p image.Point) vg.Point {
	return vg.Point{X: vg.Length(p.X), Y: vg.Length(c.height - p.Y)}
}

// area is a rectangle of the canvas for gonum to draw in.
func (c canvas) area(r image.Rectangle) draw.Canvas {
	low, high := c.point(r.Min), c.point(r.Max)
	return draw.Canvas{Canvas: c.surface, Rectangle: vg.Rectangle{Min: vg.Point{X: low.X, Y: high.Y}, Max: vg.Point{X: high.X, Y: low.Y}}}
}

func (c canvas) fill(r image.Rectangle, with color.Color) {
	c.SetColor(with)
	c.Fill(c.area(r).Rectangle.Path())
}

// frame draws a line so wide inside the edges of r.
func (c canvas) frame(r image.Rectangle, width int, with color.Color) {
	c.fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+width), with)
	c.fill(image.Rect(r.Min.X, r.Max.Y-width, r.Max.X, r.Max.Y), with)
	c.fill(image.Rect(r.Min.X, r.Min.Y+width, r.Min.X+width, r.Max.Y-width), with)
	c.fill(image.Rect(r.Max.X-width, r.Min.Y+width, r.Max.X, r.Max.Y-width), with)
}

// line draws a line through points.
func (c canvas) line(style draw.LineStyle, through ...image.Point) {
	points := make([]vg.Point, len(through))
	for i, p := range through {
		points[i] = c.point(p)
	}
	area := draw.Canvas{Canvas: c.surface}
	area.StrokeLines(style, points)
}

// image paints image i of im, each pixel as scale x scale dots, with its upper left corner at at.
func (c canvas) image(im Images, i int, at image.Point, scale int) {
	c.DrawImage(c.area(image.Rect(0, 0, im.Width*scale, im.Height*scale).Add(at)).Rectangle, im.image(i))
}
