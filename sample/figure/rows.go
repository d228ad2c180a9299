package figure

import "image"

// Rows puts pictures side by side, so many in a row, and the rows below each other.
func Rows(parts []Picture, columns int) Picture {
	var all below
	for first := 0; first < len(parts); first += columns {
		all = append(all, Beside{parts[first:min(first+columns, len(parts))]})
	}
	return all
}

// below are pictures from top to bottom.
type below []Picture

func (b below) layout(int) (drawing, error) {
	if len(b) == 0 {
		return Beside{}.layout(0) // its error
	}
	parts := make([]drawing, len(b))
	all := drawing{}
	for i, p := range b {
		d, err := p.layout(0)
		if err != nil {
			return drawing{}, err
		}
		parts[i] = d
		all.width = max(all.width, d.width)
		all.body += d.height()
	}
	all.body += (len(b) - 1) * em
	all.draw = func(c canvas, at image.Point) {
		for _, d := range parts {
			d.draw(c, at)
			at.Y += d.height() + em
		}
	}
	return all, nil
}
