package figure

import (
	"image"
	"image/color"
	"math"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

const lineHeight = 1.3 // in units of the text's size

// typeface is Liberation Sans, as wide as Arial and Helvetica.
var typeface = font.Font{Typeface: "Liberation", Variant: "Sans"}

// A textStyle is the look and the alignment of a text. Lines are separated by \n.
type textStyle struct {
	size    float64 // dots
	color   color.Color
	bold    bool
	align   float64     // share of its width that is left of its point: 0, 0.5 or 1
	rotated bool        // by a quarter turn, to be read upwards
	outline color.Color // around the letters; nil: none
}

func (t textStyle) font() font.Font {
	f := font.From(typeface, vg.Length(t.size))
	if t.bold {
		f.Weight = xfont.WeightBold
	}
	return f
}

// line returns the height of a line, in dots.
func (t textStyle) line() int { return int(lineHeight * t.size) }

// extent returns the length of the longest line and the height of all lines, in dots.
func (t textStyle) extent(s string) image.Point {
	if s == "" {
		return image.Point{}
	}
	lines := strings.Split(s, "\n")
	longest := 0
	for _, line := range lines {
		longest = max(longest, int(math.Ceil(float64(width(t.font(), line)))))
	}
	return image.Pt(longest, len(lines)*t.line())
}

// text writes s with the middle of its height at at. t.align places its width.
func (c canvas) text(t textStyle, at image.Point, s string) {
	const capital = 0.69 // height of a capital letter, in units of the text's size
	c.Push()
	defer c.Pop()
	c.Translate(c.point(at))
	if t.rotated {
		c.Rotate(math.Pi / 2)
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		baseline := (float64(len(lines)-1)/2-float64(i))*float64(t.line()) - capital/2*t.size
		start := vg.Point{X: -vg.Length(t.align) * width(t.font(), line), Y: vg.Length(baseline)}
		if t.outline != nil {
			c.SetColor(t.outline)
			write(t.font(), start, line, func(f font.Face, at vg.Point, s string) {
				c.StrokeString(f, at, s, vg.Length(t.size/7))
			})
		}
		c.SetColor(t.color)
		write(t.font(), start, line, c.FillString)
	}
}

// write calls fill for each run of a line that begins at at, on its baseline.
func write(f font.Font, at vg.Point, line string, fill func(f font.Face, at vg.Point, s string)) {
	for _, r := range runs(line) {
		face := r.face(f)
		fill(face, at.Add(vg.Point{Y: vg.Length(r.shift) * f.Size}), r.text)
		at.X += face.Width(r.text)
	}
}

// width returns the width of a line.
func width(f font.Font, line string) (w vg.Length) {
	for _, r := range runs(line) {
		face := r.face(f)
		w += face.Width(r.text)
	}
	return w
}

// A run is a part of a line that is ordinary text, superscript or subscript.
type run struct {
	text  string
	shift float64 // above the baseline, in units of the text's size
}

func (r run) face(f font.Font) font.Face {
	if r.shift != 0 {
		f.Size *= 0.7
	}
	return font.DefaultCache.Lookup(f, f.Size)
}

// Superscripts and subscripts of Unicode. Sans-serif fonts lack most of them, so they are drawn as small ordinary
// letters.
var raised, lowered = strings.NewReplacer(pairs("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ", "0123456789+−ni")...),
	strings.NewReplacer(pairs("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+−aehijklmnoprstuvx")...)

func pairs(from, to string) (p []string) {
	plain := []rune(to)
	for i, r := range []rune(from) {
		p = append(p, string(r), string(plain[i]))
	}
	return p
}

// runs splits a line into its runs: "σₖ²" is σ, k lowered and 2 raised.
func runs(line string) (parts []run) {
	for _, r := range line {
		next := run{text: string(r)}
		if up := raised.Replace(next.text); up != next.text {
			next = run{up, 0.35}
		} else if down := lowered.Replace(next.text); down != next.text {
			next = run{down, -0.16}
		}
		if n := len(parts); n > 0 && parts[n-1].shift == next.shift {
			parts[n-1].text += next.text
			continue
		}
		parts = append(parts, next)
	}
	return parts
}

// handler writes the texts of gonum's axes, of one line each, in runs.
type handler struct{ text.Plain }

var inRuns = handler{text.Plain{Fonts: font.DefaultCache}}

func (h handler) Box(line string, f font.Font) (w, height, depth vg.Length) {
	_, height, depth = h.Plain.Box("", f)
	return width(f, line), height, depth
}

// Draw keeps the vertical position of text.Plain, on which the layout of gonum's axes relies.
func (h handler) Draw(c vg.Canvas, line string, style text.Style, at vg.Point) {
	c.Push()
	defer c.Pop()
	c.SetColor(style.Color)
	c.Translate(at)
	c.Rotate(style.Rotation)
	write(style.Font, vg.Point{
		X: vg.Length(style.XAlign) * width(style.Font, line),
		Y: vg.Length(style.YAlign)*style.Height(line) - h.Extents(style.Font).Ascent + style.Font.Size,
	}, line, c.FillString)
}
