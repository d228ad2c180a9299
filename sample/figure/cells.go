package figure

import (
	"errors"
	"fmt"
	"image"
)

// cells is a table of cells of one size with two axes. Column x is above XTicks[x] and row y beside YTicks[y], counted
// from the lower left corner.
type cells struct {
	title, xLabel, yLabel string
	xTicks, yTicks        []string
}

// checkCells returns an error unless there is one row of cells for each tick of y, with one cell for each tick of x.
func checkCells[T any](g cells, rows [][]T) error {
	if len(g.xTicks) == 0 || len(g.yTicks) == 0 {
		return errors.New("a map has no ticks on an axis; 1 or more on each is right")
	}
	if len(rows) != len(g.yTicks) {
		return fmt.Errorf("a map has %d rows of cells for %d ticks of y; as many of both is right",
			len(rows), len(g.yTicks))
	}
	for y, row := range rows {
		if len(row) != len(g.xTicks) {
			return fmt.Errorf("row %d of a map, %q, has %d cells for %d ticks of x; as many of both is right",
				y+1, g.yTicks[y], len(row), len(g.xTicks))
		}
	}
	return nil
}

// layout places the cells, with gaps between them. Cells have the given size, or more if the texts beside them need it.
// draw draws the content of one cell.
func (g cells) layout(size image.Point, gap int, draw func(c canvas, x, y int, cell image.Rectangle)) drawing {
	const space = em / 2
	columns, rows := len(g.xTicks), len(g.yTicks)
	title, axis := heading.extent(g.title), label.extent(g.xLabel)
	upwards := label
	upwards.rotated = true
	outside := upwards.extent(g.yLabel)
	right := label
	right.align = 1

	size.X = max(size.X, (max(title.X, axis.X)+columns-1)/columns-gap)
	size.Y = max(size.Y, (outside.X+rows-1)/rows-gap)
	left, bottom := 0, 0
	for _, tick := range g.xTicks {
		e := label.extent(tick)
		size.X, bottom = max(size.X, e.X+space-gap), max(bottom, e.Y)
	}
	for _, tick := range g.yTicks {
		e := label.extent(tick)
		size.Y, left = max(size.Y, e.Y-gap), max(left, e.X)
	}
	if left > 0 {
		left += space
	}
	if outside.Y > 0 {
		left += outside.Y + space/2
	}

	d := drawing{above: title.Y, body: rows*(size.Y+gap) - gap, below: bottom + axis.Y,
		width: left + columns*(size.X+gap) - gap}
	d.draw = func(c canvas, at image.Point) {
		first := at.Add(image.Pt(left, d.above))
		cell := func(x, y int) image.Rectangle {
			return image.Rectangle{Max: size}.Add(first).Add(image.Pt(x*(size.X+gap), (rows-1-y)*(size.Y+gap)))
		}
		for y := range rows {
			for x := range columns {
				draw(c, x, y, cell(x, y))
			}
		}
		middle := image.Pt((first.X+at.X+d.width)/2, first.Y+d.body/2)
		c.text(heading, image.Pt(middle.X, at.Y+title.Y/2), g.title)
		for x, tick := range g.xTicks {
			c.text(label, image.Pt(center(cell(x, 0)).X, first.Y+d.body+bottom/2), tick)
		}
		for y, tick := range g.yTicks {
			c.text(right, image.Pt(first.X-space, center(cell(0, y)).Y), tick)
		}
		c.text(label, image.Pt(middle.X, first.Y+d.body+bottom+axis.Y/2), g.xLabel)
		c.text(upwards, image.Pt(at.X+outside.Y/2, middle.Y), g.yLabel)
	}
	return d
}

func center(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }
