package figure

import (
	"image"
	"image/color"

	"gonum.org/v1/plot/vg/draw"
)

// Samples is a grid of images with a label under it. A bracket joins them.
type Samples struct {
	Images         Images
	Columns, Scale int         // 0: automatic
	Label          string      // "": no label
	Color          color.Color // of the label and the bracket, such as a curve's; nil: black
}

func (s Samples) layout(int) (drawing, error) {
	const side = 190 // preferred side of an image, in dots
	t, err := newTiles(s.Images, s.Columns, s.Scale, side, hair)
	if err != nil {
		return drawing{}, err
	}
	style := label
	if s.Color != nil {
		style.color = s.Color
	}
	size, text := t.size(), style.extent(s.Label)
	d := drawing{width: max(size.X, text.X), body: size.Y}
	if s.Label != "" {
		d.below = text.Y + em/2
	}
	d.draw = func(c canvas, at image.Point) {
		left := at.X + (d.width-size.X)/2
		t.draw(c, image.Pt(left, at.Y))
		if s.Label == "" {
			return
		}
		middle := image.Pt(at.X+d.width/2, at.Y+size.Y+em/2+text.Y/2)
		c.text(style, middle, s.Label)
		arm := draw.LineStyle{Color: style.color, Width: 0.8 * point}
		for _, side := range []int{-1, 1} {
			from, to := middle.X+side*(size.X/2-em/4), middle.X+side*(text.X/2+em/3)
			if side*(from-to) > 0 {
				c.line(arm, image.Pt(from, at.Y+size.Y+em/4), image.Pt(from, middle.Y), image.Pt(to, middle.Y))
			}
		}
	}
	return d, nil
}
