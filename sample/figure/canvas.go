package figure

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
)

// A canvas is a picture being drawn: an image.Gray or an opaque image.RGBA.
type canvas struct {
	draw.Image
	pix          []byte // of the picture
	stride, step int    // bytes from row to row, and from pixel to pixel
}

func newCanvas(gray bool, width, height int, background color.Gray) (*canvas, error) {
	const limit = 1 << 28 // pixels: 1 GiB in color
	if width > limit/height {
		return nil, fmt.Errorf("a picture of %dx%d pixels is too large; up to %d pixels is right: draw fewer images, or enlarge them less", width, height, limit)
	}
	var c *canvas
	if bounds := image.Rect(0, 0, width, height); gray {
		m := image.NewGray(bounds)
		c = &canvas{m, m.Pix, m.Stride, 1}
	} else {
		m := image.NewRGBA(bounds)
		c = &canvas{m, m.Pix, m.Stride, 4}
	}
	draw.Draw(c, c.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	return c, nil
}

// put paints image i of im, each pixel as scale x scale, with its upper left corner
// at at. Images of three channels need a canvas in color.
func (c *canvas) put(im Images, i int, at image.Point, scale int) {
	size := im.Height * im.Width
	planes := im.Pixels[i*im.Channels*size:][:im.Channels*size]
	for y := range im.Height {
		first := (at.Y+y*scale)*c.stride + at.X*c.step
		row := c.pix[first:][:im.Width*scale*c.step]
		for x := range im.Width * scale {
			for b := range min(c.step, 3) {
				row[x*c.step+b] = level(planes[min(b, im.Channels-1)*size+y*im.Width+x/scale])
			}
		}
		for repeat := 1; repeat < scale; repeat++ {
			copy(c.pix[first+repeat*c.stride:], row)
		}
	}
}
