package data

import (
	"image"

	"golang.org/x/image/draw"
)

// A raster is a decoded image without alpha. Its samples, channel by channel and row by row, have one byte, or two
// with the high one first as in image.Gray16.
type raster struct {
	channels, height, width int
	depth                   int // bytes per sample
	pix                     []uint8
}

func newRaster(channels, height, width, depth int) *raster {
	return &raster{channels, height, width, depth, make([]uint8, channels*height*width*depth)}
}

// set sets the k-th sample to v.
func (r *raster) set(k int, v uint32) {
	if r.depth == 1 {
		r.pix[k] = uint8(v)
		return
	}
	r.pix[2*k], r.pix[2*k+1] = uint8(v>>8), uint8(v)
}

// levels are the values of 8-bit samples in [-1, 1].
var levels = func() (table [256]float32) {
	for v := range table {
		table[v] = float32(v)/127.5 - 1
	}
	return table
}()

// unpack writes the rectangle of height x width pixels at (top, left) to dst, in [-1, 1]. A single channel fills all
// channels of dst.
func (r *raster) unpack(dst []float32, channels, top, left, height, width int) {
	for c := range channels {
		plane := c % r.channels * r.height
		for y := range height {
			row := dst[(c*height+y)*width:][:width]
			start := ((plane+top+y)*r.width + left) * r.depth
			pix := r.pix[start:][:width*r.depth]
			if r.depth == 1 {
				for x, v := range pix {
					row[x] = levels[v]
				}
				continue
			}
			for x := range row {
				v := uint16(pix[2*x])<<8 | uint16(pix[2*x+1])
				row[x] = float32(v)/32767.5 - 1
			}
		}
	}
}

// plane returns channel c as an image that shares the raster's samples.
func (r *raster) plane(c int) image.Image {
	stride := r.width * r.depth
	pix, bounds := r.pix[c*r.height*stride:][:r.height*stride], image.Rect(0, 0, r.width, r.height)
	if r.depth == 1 {
		return &image.Gray{Pix: pix, Stride: stride, Rect: bounds}
	}
	return &image.Gray16{Pix: pix, Stride: stride, Rect: bounds}
}

// fit scales the image so that its shorter side has size pixels, and returns its centre, size x size. The
// interpolation is Catmull-Rom's, whose kernel is widened against aliasing when the image shrinks.
func (r *raster) fit(size int) *raster {
	if r.height == size && r.width == size {
		return r
	}
	short := min(r.height, r.width)
	seen := image.Rect(0, 0, r.width, r.height)
	// The ends of a long image do not reach the centre. Scaling at most twice the short side keeps long images cheap.
	if cut := (r.width - 2*short) / 2; cut > 0 {
		seen.Min.X, seen.Max.X = cut, r.width-cut
	}
	if cut := (r.height - 2*short) / 2; cut > 0 {
		seen.Min.Y, seen.Max.Y = cut, r.height-cut
	}
	scaled := func(n int) int { return (2*n*size + short) / (2 * short) }
	whole := image.Rect(0, 0, scaled(seen.Dx()), scaled(seen.Dy()))
	whole = whole.Sub(image.Pt((whole.Dx()-size)/2, (whole.Dy()-size)/2))

	out := newRaster(r.channels, size, size, r.depth)
	centre := image.NewGray16(image.Rect(0, 0, size, size))
	for c := range r.channels {
		draw.CatmullRom.Scale(centre, whole, r.plane(c), seen, draw.Src, nil)
		for k := range size * size {
			v := uint32(centre.Pix[2*k])<<8 | uint32(centre.Pix[2*k+1])
			if r.depth == 1 {
				v = (v + 128) / 257
			}
			out.set(c*size*size+k, v)
		}
	}
	return out
}
