package figure

import (
	"fmt"
	"image"
	"image/color"
	"slices"

	"tweedie/sample/figure/shade"
	"tweedie/sample/result"
)

// HeatMap shows a number for each combination of two settings, as a color and in digits. Colors are those of
// shade.Scale: the best value is yellow, the worst dark blue, and a scale under the map says so. Cells without a finite
// value are gray.
//
// Values[y][x] is above XTicks[x] and beside YTicks[y]; Values[0][0] is in the lower left corner.
type HeatMap struct {
	Title, XLabel, YLabel string
	XTicks, YTicks        []string
	Values                [][]float64
	Format                func(float64) string // writes finite values; nil: three digits
	Best                  string               // result.Low or result.High: the better value, outlined; "": neither

	// Off, if not nil, says how far a value is from the right one, such as |v - 1|. It takes the place of the value in
	// the colors, the scale and Best, which is result.Low then.
	Off func(v float64) float64
}

var missing = color.Gray{217} // cells without a value

func (h HeatMap) layout(int) (drawing, error) {
	grid := cells{h.Title, h.XLabel, h.YLabel, h.XTicks, h.YTicks}
	if err := checkCells(grid, h.Values); err != nil {
		return drawing{}, err
	}
	if h.Best != "" && h.Best != result.Low && h.Best != result.High {
		return drawing{}, fmt.Errorf("the best value of a heat map is %q; \"low\", \"high\" or \"\" is right", h.Best)
	}

	size := heading.extent("0.000")
	for _, row := range h.Values {
		for _, v := range row {
			size.X = max(size.X, heading.extent(h.text(v)).X)
		}
	}
	judged := func(v float64) float64 { return v }
	if h.Off != nil {
		judged, h.Best = h.Off, result.Low
	}
	var all []float64
	for _, v := range slices.Concat(h.Values...) {
		all = append(all, judged(v))
	}
	scale := shade.New(all, h.Best)
	_, best, _, _ := scale.Ends()
	const outline = 8 // dots
	drawn := grid.layout(image.Pt(size.X+em, size.Y*3/2), 0, func(c canvas, x, y int, cell image.Rectangle) {
		v := h.Values[y][x]
		style, back := label, color.Color(missing)
		if shade.Finite(v) {
			back = scale.Color(judged(v))
		}
		c.fill(cell, back)
		if h.Best != "" && judged(v) == best {
			style = heading
			c.frame(cell, outline, color.Black)
			c.frame(cell.Inset(outline/2), outline/2, color.White)
		}
		style.color = shade.Readable(back)
		c.text(style, center(cell), h.text(v))
	})
	return colorBar{scale, h.text}.under(drawn), nil
}

func (h HeatMap) text(v float64) string {
	if h.Format == nil || !shade.Finite(v) {
		return number(v, 3)
	}
	return h.Format(v)
}
