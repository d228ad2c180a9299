// Package shade gives scores colors. The best score always has the brightest color, whether low or high scores are
// better, and a scale says what the colors mean.
//
// The package must not know what is scored, nor whether its colors are printed in a figure or shown by a browser.
package shade

import (
	"image/color"
	"math"

	"tweedie/sample/result"
)

// A Scale turns the values of one score into colors. If low or high values are better, the worst one is dark blue and
// the best one yellow (the color map viridis). Otherwise low values are dark gray and high ones pale. The scale is
// logarithmic if all values are above 0 and the highest is more than 100 times the lowest.
type Scale struct {
	Low, High float64 // the extremes of the values; NaN if there are none
	Best      string  // result.Low or result.High, whichever is better; "": neither is
}

// New returns the scale of some values. Those that are not finite do not count.
func New(values []float64, best string) Scale {
	s := Scale{math.NaN(), math.NaN(), best}
	for _, v := range values {
		if !Finite(v) {
			continue
		}
		if !(v >= s.Low) {
			s.Low = v
		}
		if !(v <= s.High) {
			s.High = v
		}
	}
	return s
}

// Finite reports whether v is a number that can have a color: neither NaN nor infinite.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Empty reports whether the scale has no values.
func (s Scale) Empty() bool { return math.IsNaN(s.Low) }

// Even reports whether all values are equal, so that none is better than another.
func (s Scale) Even() bool { return s.Low == s.High }

// Logarithmic reports whether equal ratios, rather than equal differences, of values have equally different colors.
func (s Scale) Logarithmic() bool { return s.Low > 0 && s.High > 100*s.Low }

// Ends returns the values that have the darkest and the brightest color, with a word for each.
func (s Scale) Ends() (dark, bright float64, darkIs, brightIs string) {
	switch s.Best {
	case result.Low:
		return s.High, s.Low, "worst", "best"
	case result.High:
		return s.Low, s.High, "worst", "best"
	}
	return s.Low, s.High, "lowest", "highest"
}

// At returns the place of a finite value on the scale, from 0 (dark: the worst, or the lowest) to 1 (bright: the best,
// or the highest).
func (s Scale) At(v float64) float64 {
	dark, bright, _, _ := s.Ends()
	if s.Even() {
		return 0.5
	}
	if s.Logarithmic() {
		v, dark, bright = math.Log(v), math.Log(dark), math.Log(bright)
	}
	return (v/2 - dark/2) / (bright/2 - dark/2) // halved, so that differences do not overflow
}

// Color returns the color of a finite value.
func (s Scale) Color(v float64) color.RGBA { return s.Ramp(s.At(v)) }

// Ramp returns the color of the place t, from 0 to 1.
func (s Scale) Ramp(t float64) color.RGBA {
	if s.Best == "" {
		return between(slate, t)
	}
	return between(viridis, t)
}

// viridis holds the color map of van der Walt and Smith (matplotlib, 2015) at 0, 0.1, ..., 1. Its steps look equal,
// also in gray print and to the color-blind.
var viridis = []color.RGBA{
	{68, 1, 84, 255}, {72, 36, 117, 255}, {65, 68, 135, 255}, {53, 95, 141, 255},
	{42, 120, 142, 255}, {33, 145, 140, 255},
	{34, 168, 132, 255}, {68, 191, 112, 255}, {122, 209, 81, 255}, {189, 223, 38, 255}, {253, 231, 37, 255},
}

// slate is a color map without a good or a bad end, from dark to pale bluish gray.
var slate = []color.RGBA{{58, 68, 84, 255}, {226, 232, 240, 255}}

// between returns the color at t, from 0 to 1, between evenly spaced colors.
func between(colors []color.RGBA, t float64) color.RGBA {
	at := t * float64(len(colors)-1)
	i := min(int(at), len(colors)-2)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (at-float64(i))*(float64(b)-float64(a)))) }
	a, b := colors[i], colors[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// Readable returns black or white, whichever has the higher contrast with back.
func Readable(back color.Color) color.Gray {
	if y := Luminance(back); (y+0.05)/0.05 > 1.05/(y+0.05) {
		return color.Gray{0}
	}
	return color.Gray{255}
}

// Luminance returns the relative luminance of a color, from 0 to 1, as WCAG 2 defines it for sRGB.
func Luminance(c color.Color) float64 {
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
