package figure

import (
	"errors"
	"fmt"
	"image"
)

// SideBySide puts pictures in a row, left to right, with their bodies (the areas of plots, the cells of maps, the
// images) at one height. Plots are stretched to the height of the highest other picture; the others keep their sizes.
type SideBySide struct {
	Parts []Picture
}

func (b SideBySide) layout(body int) (drawing, error) {
	if len(b.Parts) == 0 {
		return drawing{}, errors.New("pictures side by side: there are none; 1 or more is right")
	}
	parts := make([]drawing, len(b.Parts))
	all, rigid := drawing{elastic: true}, 0
	lay := func(i, body int) (err error) {
		if parts[i], err = b.Parts[i].layout(body); err != nil {
			return fmt.Errorf("picture %d of %d side by side: %w", i+1, len(parts), err)
		}
		return nil
	}
	for i := range parts {
		if err := lay(i, body); err != nil {
			return drawing{}, err
		}
		all.body = max(all.body, parts[i].body)
		if !parts[i].elastic {
			rigid, all.elastic = max(rigid, parts[i].body), false
		}
	}
	if rigid > 0 {
		all.body = rigid
	}
	for i := range parts {
		if parts[i].elastic {
			if err := lay(i, all.body); err != nil {
				return drawing{}, err
			}
		}
		all.above, all.below = max(all.above, parts[i].above), max(all.below, parts[i].below+parts[i].body-all.body)
		all.width += parts[i].width + em
	}
	all.width -= em
	all.draw = func(c canvas, at image.Point) {
		for _, p := range parts {
			p.draw(c, at.Add(image.Pt(0, all.above-p.above)))
			at.X += p.width + em
		}
	}
	return all, nil
}

// InRows puts pictures side by side, at most the given number in a row, and the rows below each other.
func InRows(parts []Picture, columns int) Picture {
	var rows stack
	for first := 0; first < len(parts); first += columns {
		rows = append(rows, SideBySide{parts[first:min(first+columns, len(parts))]})
	}
	return rows
}

// A stack is pictures from top to bottom, aligned at the left.
type stack []Picture

func (s stack) layout(int) (drawing, error) {
	if len(s) == 0 {
		return SideBySide{}.layout(0) // an error
	}
	parts := make([]drawing, len(s))
	all := drawing{}
	for i, p := range s {
		d, err := p.layout(0)
		if err != nil {
			return drawing{}, err
		}
		parts[i] = d
		all.width = max(all.width, d.width)
		all.body += d.height()
	}
	all.body += (len(s) - 1) * em
	all.draw = func(c canvas, at image.Point) {
		for _, d := range parts {
			d.draw(c, at)
			at.Y += d.height() + em
		}
	}
	return all, nil
}
