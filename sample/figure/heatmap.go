package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// HeatMap shows a number for each combination of two settings, as a color and in digits. Low values are dark blue and
// high values yellow. The color scale is logarithmic if all finite values are above 0 and the highest is more than 100
// times the lowest. Cells without a finite value are gray.
//
// Values[y][x] is above XTicks[x] and beside YTicks[y]; Values[0][0] is in the lower left corner.
type HeatMap struct {
	Title, XLabel, YLabel string
	XTicks, YTicks        []string
	Values                [][]float64
	Format                func(float64) string // writes finite values; nil: three digits
	Best                  string               // "low" or "high": the value that is outlined; "": none
}

var missing = color.Gray{217} // cells without a value

func (h HeatMap) layout(int) (drawing, error) {
	grid := cells{h.Title, h.XLabel, h.YLabel, h.XTicks, h.YTicks}
	if err := checkCells(grid, h.Values); err != nil {
		return drawing{}, err
	}
	if h.Best != "" && h.Best != "low" && h.Best != "high" {
		return drawing{}, fmt.Errorf("the best value of a heat map is %q; \"low\", \"high\" or \"\" is right", h.Best)
	}

	size := heading.extent("0.000")
	for _, row := range h.Values {
		for _, v := range row {
			size.X = max(size.X, heading.extent(h.text(v)).X)
		}
	}
	low, high := h.extremes()
	best := math.NaN()
	switch h.Best {
	case "low":
		best = low
	case "high":
		best = high
	}
	const outline = 8 // dots
	return grid.layout(image.Pt(size.X+em, size.Y*3/2), 0, func(c canvas, x, y int, cell image.Rectangle) {
		v := h.Values[y][x]
		style, back := label, color.Color(missing)
		if finite(v) {
			back = viridis(share(v, low, high))
		}
		c.fill(cell, back)
		if v == best {
			style = heading
			c.frame(cell, outline, color.Black)
			c.frame(cell.Inset(outline/2), outline/2, color.White)
		}
		style.color = readable(back)
		c.text(style, center(cell), h.text(v))
	}), nil
}

func (h HeatMap) text(v float64) string {
	if h.Format == nil || !finite(v) {
		return number(v, 3)
	}
	return h.Format(v)
}

// extremes returns the lowest and the highest finite value, or NaN.
func (h HeatMap) extremes() (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, row := range h.Values {
		for _, v := range row {
			if !finite(v) {
				continue
			}
			if !(v >= low) {
				low = v
			}
			if !(v <= high) {
				high = v
			}
		}
	}
	return low, high
}

// share returns the place of v on the color scale: 0 for low, 1 for high.
func share(v, low, high float64) float64 {
	if low > 0 && high > 100*low {
		v, low, high = math.Log(v), math.Log(low), math.Log(high)
	}
	if high == low {
		return 0.5
	}
	return (v/2 - low/2) / (high/2 - low/2) // halved, so that differences do not overflow
}
