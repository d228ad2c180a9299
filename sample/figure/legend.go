package figure

import (
	"image"
	"math"

	"gonum.org/v1/plot/vg/draw"
)

// A legend is a list of the lines of a plot with their names.
type legend []entry

type entry struct {
	name   string
	line   draw.LineStyle
	marker *draw.GlyphStyle // nil: no marker
}

func (c Curves) legend() (l legend) {
	for i, s := range c.Series {
		if s.Name == "" {
			continue
		}
		e := entry{name: s.Name, line: lineStyle(i, s.Marked)}
		if s.Marked {
			marker := markerStyle(i)
			e.marker = &marker
		}
		l = append(l, e)
	}
	for i, level := range c.Levels {
		if level.Name != "" {
			l = append(l, entry{name: level.Name, line: levelStyle(i)})
		}
	}
	return l
}

// Length of a line's example in a legend, and space between and around its parts, in dots.
const exampleLength, legendSpace = 84, em / 2

var name = textStyle{size: textSize, color: label.color}

func (e entry) width() int { return exampleLength + legendSpace + name.extent(e.name).X }

// size returns the size of the legend as one column.
func (l legend) size() image.Point {
	width := 0
	for _, e := range l {
		width = max(width, e.width())
	}
	return image.Pt(width, len(l)*name.line())
}

// corner finds a corner of a plot that no line enters and where the legend fits as one column. The place is in dots
// from the plot's upper left corner.
func (l legend) corner(lines [][]image.Point, plot image.Rectangle) (at image.Point, free bool) {
	size := l.size()
	far := image.Pt(plot.Dx()-legendSpace-size.X, plot.Dy()-legendSpace-size.Y)
	if len(l) == 0 {
		return image.Point{}, true
	}
	if far.X < legendSpace || far.Y < legendSpace {
		return image.Point{}, false
	}
	const near = legendSpace
	for _, at := range []image.Point{{far.X, near}, {near, near}, {far.X, far.Y}, {near, far.Y}} {
		box := image.Rectangle{at, at.Add(size)}.Inset(-legendSpace)
		if !crossed(box, lines) {
			return at, true
		}
	}
	return image.Point{}, false
}

// crossed reports whether a line enters box. It tests points of the lines that are at most 4 dots apart.
func crossed(box image.Rectangle, lines [][]image.Point) bool {
	for _, line := range lines {
		for i, to := range line {
			from := line[max(i-1, 0)]
			by := to.Sub(from)
			steps := max(1, int(math.Hypot(float64(by.X), float64(by.Y))/4))
			for s := range steps + 1 {
				if from.Add(by.Mul(s).Div(steps)).In(box) {
					return true
				}
			}
		}
	}
	return false
}

// column draws the entries below each other.
func (l legend) column(c canvas, at image.Point) {
	for _, e := range l {
		e.draw(c, at)
		at.Y += name.line()
	}
}

// flow breaks the entries into rows no wider than width. An entry that is wider has its own row.
func (l legend) flow(width int) (rows [][]entry) {
	used := 0
	for _, e := range l {
		if len(rows) == 0 || used+e.width() > width {
			rows, used = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		used += e.width() + 2*legendSpace
	}
	return rows
}

// row draws the entries from left to right.
func (l legend) row(c canvas, entries []entry, at image.Point) {
	for _, e := range entries {
		e.draw(c, at)
		at.X += e.width() + 2*legendSpace
	}
}

// draw draws the entry with its upper left corner at at.
func (e entry) draw(c canvas, at image.Point) {
	at.Y += name.line() / 2
	c.line(e.line, at, at.Add(image.Pt(exampleLength, 0)))
	if e.marker != nil {
		area := draw.Canvas{Canvas: c.surface}
		area.DrawGlyphNoClip(*e.marker, c.point(at.Add(image.Pt(exampleLength/2, 0))))
	}
	c.text(name, at.Add(image.Pt(exampleLength+legendSpace, 0)), e.name)
}
