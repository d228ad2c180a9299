package figure

import "image/color"

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
