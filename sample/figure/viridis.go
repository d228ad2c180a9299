package figure

import (
	"image/color"
	"math"
)

// viridisTable is the map viridis of van der Walt and Smith (matplotlib, 2015) at 0, 0.1, ..., 1. It is even to the eye, also in gray
// print and to the color-blind.
var viridisTable = [...]color.RGBA{
	{68, 1, 84, 255}, {72, 36, 117, 255}, {65, 68, 135, 255}, {53, 95, 141, 255}, {42, 120, 142, 255}, {33, 145, 140, 255},
	{34, 168, 132, 255}, {68, 191, 112, 255}, {122, 209, 81, 255}, {189, 223, 38, 255}, {253, 231, 37, 255},
}

// viridis is the color of t, 0 to 1.
func viridis(t float64) color.Color {
	at := t * float64(len(viridisTable)-1)
	i := min(int(at), len(viridisTable)-2)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (at-float64(i))*(float64(b)-float64(a)))) }
	a, b := viridisTable[i], viridisTable[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// readable is black or white, whichever has the higher contrast with back.
func readable(back color.Color) color.Color {
	if y := luminance(back); (y+0.05)/0.05 > 1.05/(y+0.05) {
		return color.Black
	}
	return color.White
}

// luminance is the relative luminance of a color, 0 to 1, as WCAG 2 defines it for sRGB.
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
