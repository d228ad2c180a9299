package figure

import (
	"fmt"
	"image"
	"image/draw"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const lineHeight = 1.3 // times the size of the text

// text draws lines in Go's sans-serif font.
type text struct {
	face           font.Face
	line, baseline int // pixels: a line's height, and its baseline under its top
}

var goRegular = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(goregular.TTF) })

func newText(size int) (*text, error) {
	parsed, err := goRegular()
	if err != nil {
		return nil, fmt.Errorf("the font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("the font: %w", err)
	}
	line := int(lineHeight * float64(size))
	m := face.Metrics()
	return &text{face, line, (line + (m.Ascent - m.Descent).Round()) / 2}, nil
}

func (t *text) width(s string) int { return font.MeasureString(t.face, s).Ceil() }

// draw writes s in black, with the upper left corner of its line at at.
func (t *text) draw(dst draw.Image, s string, at image.Point) {
	d := font.Drawer{Dst: dst, Src: image.Black, Face: t.face, Dot: fixed.P(at.X, at.Y+t.baseline)}
	d.DrawString(s)
}
