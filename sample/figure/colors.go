package figure

import (
	"image/color"
	"math"
)

// okabeIto are colors that people with any color vision can tell apart (Okabe and Ito, Color Universal Design, 2008),
// without the yellow, which is hard to see on white paper.
var okabeIto = []color.RGBA{
	{0, 114, 178, 255},   // blue
	{213, 94, 0, 255},    // vermilion
	{0, 158, 115, 255},   // bluish green
	{204, 121, 167, 255}, // reddish purple
	{230, 159, 0, 255},   // orange
	{86, 180, 233, 255},  // sky blue
	{0, 0, 0, 255},
}

// Color returns the color of series i of a plot, for labels of other things that belong to the series.
func Color(i int) color.Color { return okabeIto[i%len(okabeIto)] }

// viridisTable holds the color map viridis of van der Walt and Smith (matplotlib, 2015) at 0, 0.1, ..., 1. Its steps
// look equal, also in gray print and to the color-blind.
var viridisTable = [...]color.RGBA{
	{68, 1, 84, 255}, {72, 36, 117, 255}, {65, 68, 135, 255}, {53, 95, 141, 255},
	{42, 120, 142, 255}, {33, 145, 140, 255},
	{34, 168, 132, 255}, {68, 191, 112, 255}, {122, 209, 81, 255}, {189, 223, 38, 255}, {253, 231, 37, 255},
}

// viridis returns the color of t, from 0 to 1.
func viridis(t float64) color.Color {
	at := t * float64(len(viridisTable)-1)
	i := min(int(at), len(viridisTable)-2)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (at-float64(i))*(float64(b)-float64(a)))) }
	a, b := viridisTable[i], viridisTable[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// readable returns black or white, whichever has the higher contrast with back.
func readable(back color.Color) color.Color {
	if y := luminance(back); (y+0.05)/0.05 > 1.05/(y+0.05) {
		return color.Black
	}
	return color.White
}

// luminance returns the relative luminance of a color, from 0 to 1, as WCAG 2 defines it for sRGB.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		if s := float64(v) / 0xffff; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
