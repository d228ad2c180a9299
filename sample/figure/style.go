package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Dashes and markers tell curves apart in gray print. Dashes are in points: line and gap in turn.
var (
	dashing = [][]vg.Length{
		nil, {5, 2}, {1.2, 1.6}, {6, 1.8, 1.2, 1.8}, {9, 2.5}, {2.5, 1.5}, {6, 1.5, 1.2, 1.5, 1.2, 1.5},
	}
	markers = []draw.GlyphDrawer{
		draw.CircleGlyph{},
		polygon{{X: -1, Y: -1}, {X: 1, Y: -1}, {X: 1, Y: 1}, {X: -1, Y: 1}},
		polygon{{X: -1.3, Y: -0.9}, {X: 1.3, Y: -0.9}, {X: 0, Y: 1.4}},
		polygon{{X: -1.3, Y: 0.9}, {X: 1.3, Y: 0.9}, {X: 0, Y: -1.4}},
		polygon{{X: -1, Y: 0}, {X: 0, Y: -1.7}, {X: 1, Y: 0}, {X: 0, Y: 1.7}},
		polygon{{X: -1.7, Y: 0}, {X: 0, Y: -1}, {X: 1.7, Y: 0}, {X: 0, Y: 1}},
		polygon{ // a cross
			{X: -1.5, Y: -0.5}, {X: -0.5, Y: -0.5}, {X: -0.5, Y: -1.5}, {X: 0.5, Y: -1.5},
			{X: 0.5, Y: -0.5}, {X: 1.5, Y: -0.5}, {X: 1.5, Y: 0.5}, {X: 0.5, Y: 0.5},
			{X: 0.5, Y: 1.5}, {X: -0.5, Y: 1.5}, {X: -0.5, Y: 0.5}, {X: -1.5, Y: 0.5},
		},
	}
)

var (
	thin  = draw.LineStyle{Color: color.Black, Width: 0.5 * point}
	faint = draw.LineStyle{Color: color.Gray{225}, Width: 0.4 * point}
)

// lineStyle returns the style of series i. A line with markers needs no dashes.
func lineStyle(i int, marked bool) draw.LineStyle {
	s := draw.LineStyle{Color: Color(i), Width: 1.25 * point}
	if !marked {
		s.Dashes = dashes(dashing[i%len(dashing)])
	}
	return s
}

// levelStyle returns the style of level i, which is always dashed.
func levelStyle(i int) draw.LineStyle {
	return draw.LineStyle{Color: color.Gray{90}, Width: 0.8 * point, Dashes: dashes(dashing[1+i%(len(dashing)-1)])}
}

func dashes(points []vg.Length) []vg.Length {
	dots := make([]vg.Length, len(points))
	for i, p := range points {
		dots[i] = p * point
	}
	return dots
}

// markerStyle returns the marker of series i.
func markerStyle(i int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: Color(i), Radius: 2 * point, Shape: markers[i%len(markers)]}
}

// A polygon is a marker given by its corners, in units of its radius from the center.
type polygon []vg.Point

func (p polygon) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	corners := make([]vg.Point, len(p))
	for i, corner := range p {
		corners[i] = at.Add(corner.Scale(style.Radius))
	}
	c.FillPolygon(style.Color, corners)
}
