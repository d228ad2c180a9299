package figure

import (
	"errors"
	"fmt"
	"image"
)

// Beside puts pictures side by side, left to right, with their bodies (the areas of plots, the cells of maps, the images) on one line. Plots
// are drawn as high as the highest of the others, which keep their size.
type Beside struct {
	Parts []Picture
}

func (b Beside) layout(body int) (drawing, error) {
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
