package figure

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"io"
)

// Time in hundredths of a second that a frame, and the last one, stays.
const frameTime, lastFrameTime = 8, 250

// grays are few enough for noise to fit in a small file, and more than show in a film.
var grays = func() color.Palette {
	const levels = 64
	p := make(color.Palette, levels)
	for i := range p {
		p[i] = color.Gray{uint8(255 * i / (levels - 1))}
	}
	return p
}()

// WriteGIF stores pictures of one size as a film that repeats, and rests at its end. Gray ones
// have 64 levels, others a palette of 256 colors. It treats the file as WritePNG does.
func WriteGIF(path string, frames []image.Image) error {
	return store(path, func(w io.Writer) error {
		if len(frames) == 0 {
			return errors.New("a film has no pictures; 1 or more is right")
		}
		film := &gif.GIF{}
		for i, m := range frames {
			if m.Bounds() != frames[0].Bounds() {
				return fmt.Errorf("picture %d of a film is %v, the first is %v; they must be equal", i+1, m.Bounds().Max, frames[0].Bounds().Max)
			}
			film.Image = append(film.Image, paletted(m))
			film.Delay = append(film.Delay, frameTime)
		}
		film.Delay[len(frames)-1] = lastFrameTime
		return gif.EncodeAll(w, film)
	})
}

func paletted(m image.Image) *image.Paletted {
	gray, ok := m.(*image.Gray)
	if !ok {
		dst := image.NewPaletted(m.Bounds(), palette.Plan9)
		draw.FloydSteinberg.Draw(dst, m.Bounds(), m, m.Bounds().Min)
		return dst
	}
	dst := image.NewPaletted(m.Bounds(), grays)
	var nearest [256]uint8
	for v := range nearest {
		nearest[v] = uint8((v*(len(grays)-1) + 127) / 255)
	}
	for y := range m.Bounds().Dy() {
		row := gray.Pix[y*gray.Stride:][:m.Bounds().Dx()]
		for x, v := range row {
			dst.Pix[y*dst.Stride+x] = nearest[v]
		}
	}
	return dst
}
