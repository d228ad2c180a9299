package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// okabeIto are colors that people see apart whatever their color vision (Okabe and Ito, Color Universal Design, 2008); without the
// yellow, which white paper swallows.
var okabeIto = []color.RGBA{
	{0, 114, 178, 255},   // blue
	{213, 94, 0, 255},    // vermilion
	{0, 158, 115, 255},   // bluish green
	{204, 121, 167, 255}, // reddish purple
	{230, 159, 0, 255},   // orange
	{86, 180, 233, 255},  // sky blue
	{0, 0, 0, 255},
}

// dashing and markers tell curves apart in gray print. Dashes are in points, full and empty in turn.
var (
	dashing = [][]vg.Length{nil, {5, 2}, {1.2, 1.6}, {6, 1.8, 1.2, 1.8}, {9, 2.5}, {2.5, 1.5}, {6, 1.5, 1.2, 1.5, 1.2, 1.5}}
	markers = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.PyramidGlyph{}, diamond{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.CrossGlyph{}}
)

// Color is the color of a plot's series i, for labels of what belongs to it.
func Color(i int) color.Color { return okabeIto[i%len(okabeIto)] }

var (
	thin  = draw.LineStyle{Color: color.Black, Width: 0.5 * point}
	faint = draw.LineStyle{Color: color.Gray{225}, Width: 0.4 * point}
)

// lineStyle is that of series i; a line with markers needs no dashes.
func lineStyle(i int, marked bool) draw.LineStyle {
	s := draw.LineStyle{Color: Color(i), Width: 1.25 * point}
	if !marked {
		s.Dashes = dashes(dashing[i%len(dashing)])
	}
	return s
}

// levelStyle is that of level i, always dashed.
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

// markerStyle is that of series i.
func markerStyle(i int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: Color(i), Radius: 2 * point, Shape: markers[i%len(markers)]}
}

// diamond is a marker, a square on its corner.
type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	r := style.Radius * 1.2
	c.FillPolygon(style.Color, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
}
