package figure

import (
	"fmt"
	"image"
)

// CellGrid shows a few images for each combination of two settings, such as samples of the walks of a sweep.
//
// Cells[y][x] is above XTicks[x] and beside YTicks[y]; Cells[0][0] is in the lower left corner. A cell with N = 0 is
// empty.
type CellGrid struct {
	Title, XLabel, YLabel string
	XTicks, YTicks        []string
	Cells                 [][]Images
	Columns, Scale        int // layout of the images in a cell; 0: automatic
}

func (g CellGrid) layout(int) (drawing, error) {
	const side, between = 100, em / 2 // preferred side of an image and distance of cells, in dots
	grid := cells{g.Title, g.XLabel, g.YLabel, g.XTicks, g.YTicks}
	if err := checkCells(grid, g.Cells); err != nil {
		return drawing{}, err
	}
	var size image.Point
	all := make([][]tiles, len(g.Cells))
	for y, row := range g.Cells {
		all[y] = make([]tiles, len(row))
		for x, im := range row {
			if im.N == 0 {
				continue
			}
			t, err := newTiles(im, g.Columns, g.Scale, side, hair)
			if err != nil {
				return drawing{}, fmt.Errorf("cell %q, %q: %w", g.XTicks[x], g.YTicks[y], err)
			}
			all[y][x] = t
			size = image.Pt(max(size.X, t.size().X), max(size.Y, t.size().Y))
		}
	}
	if size == (image.Point{}) {
		return drawing{}, fmt.Errorf("a map of %d cells has no images; 1 or more in one of them is right",
			len(g.XTicks)*len(g.YTicks))
	}
	return grid.layout(size, between, func(c canvas, x, y int, cell image.Rectangle) {
		inner := image.Rectangle{Max: size}.Add(center(cell).Sub(size.Div(2)))
		if g.Cells[y][x].N == 0 {
			c.fill(inner, missing)
			c.text(label, center(cell), "–")
			return
		}
		all[y][x].draw(c, center(cell).Sub(all[y][x].size().Div(2)))
	}), nil
}
