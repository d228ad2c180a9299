package figure

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/png"
	"io"

	"tweedie/data/durable"
)

// WritePNG stores an image in the file path, and creates its folder if there is none. The file is written whole or not
// at all: on an error, a file that was there before is untouched.
func WritePNG(path string, m image.Image) error {
	return store(path, func(w io.Writer) error { return png.Encode(w, m) })
}

// store writes a file whole or not at all.
func store(path string, encode func(w io.Writer) error) error {
	err := durable.Write(path, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		if err := encode(b); err != nil {
			return err
		}
		return b.Flush()
	})
	if err != nil {
		return fmt.Errorf("writing picture %s: %w", path, err)
	}
	return nil
}

// How long a frame of a film is shown, and the last one, in hundredths of a second.
const frameTime, lastFrameTime = 8, 250

// grays is the palette of gray films. Noise in so few levels makes small files, and a film shows no more.
var grays = func() color.Palette {
	const levels = 64
	p := make(color.Palette, levels)
	for i := range p {
		p[i] = color.Gray{uint8(255 * i / (levels - 1))}
	}
	return p
}()

// WriteGIF stores images of one size as a film that repeats, with a pause after the last one. Gray images get 64
// levels, others a palette of 256 colors. The file is written as by WritePNG.
func WriteGIF(path string, frames []image.Image) error {
	return store(path, func(w io.Writer) error {
		if len(frames) == 0 {
			return errors.New("a film has no pictures; 1 or more is right")
		}
		film := &gif.GIF{}
		for i, m := range frames {
			if m.Bounds() != frames[0].Bounds() {
				return fmt.Errorf("picture %d of a film is %v, the first is %v; they must be equal",
					i+1, m.Bounds().Max, frames[0].Bounds().Max)
			}
			film.Image = append(film.Image, paletted(m))
			film.Delay = append(film.Delay, frameTime)
		}
		film.Delay[len(frames)-1] = lastFrameTime
		return gif.EncodeAll(w, film)
	})
}

// filmSide is about how many pixels an image of a film has on its longer side: films of noise make large files.
const filmSide = 56

// Film returns the frames of a film: a grid of images for each batch. Batches have equal shapes.
func Film(batches []Images) (frames []image.Image, err error) {
	for _, batch := range batches {
		frame, err := Grid(batch, 0, max(1, filmSide/max(batch.Height, batch.Width, 1)))
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

// WriteFilm stores the frames that Film returns as WriteGIF does.
func WriteFilm(path string, batches []Images) error {
	frames, err := Film(batches)
	if err != nil {
		return fmt.Errorf("writing picture %s: %w", path, err)
	}
	return WriteGIF(path, frames)
}

// paletted reduces an image to a palette: gray levels to the nearest of grays, colors with dithering.
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
