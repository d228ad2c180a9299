package figure

import (
	"image"

	"tweedie/sample/figure/shade"
)

// A colorBar shows the colors of a scale, with its extremes and their meaning at the ends: "worst 3 [colors] 0.5
// best".
type colorBar struct {
	scale shade.Scale
	text  func(float64) string
}

// under returns d with the bar below it, in the middle. Below a scale without different values there is no bar.
func (b colorBar) under(d drawing) drawing {
	const height, space, least = em / 2, em / 2, 4 * em // dots; least is the smallest length of the colors
	if b.scale.Empty() || b.scale.Even() {
		return d
	}
	dark, bright, darkIs, brightIs := b.scale.Ends()
	left, right := darkIs+" "+b.text(dark), b.text(bright)+" "+brightIs
	if b.scale.Logarithmic() {
		right += " (log)"
	}
	texts := label.extent(left).X + label.extent(right).X + 2*space
	length := max(least, min(12*em, d.width-texts))
	shift := max(0, texts+length-d.width) / 2 // of what is above
	d.width = max(d.width, texts+length)
	inner, bar := d.draw, image.Pt((d.width-texts-length)/2, d.height()+space)
	d.below += space + label.line()
	d.draw = func(c canvas, at image.Point) {
		inner(c, at.Add(image.Pt(shift, 0)))
		middle := at.Add(bar).Add(image.Pt(label.extent(left).X+space, label.line()/2))
		const parts = 40
		for i := range parts {
			part := image.Rect(i*length/parts, -height/2, length, height/2) // overlapping, so that no seam is seen
			c.fill(part.Add(middle), b.scale.Ramp((float64(i)+0.5)/parts))
		}
		start, end := label, label
		start.align, end.align = 1, 0
		c.text(start, middle.Sub(image.Pt(space, 0)), left)
		c.text(end, middle.Add(image.Pt(length+space, 0)), right)
	}
	return d
}
