package data

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"os"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

// maxPixels limits images: a file that is small on disk can be huge in memory.
const maxPixels = 100_000_000

// decode reads an image file of any of the formats imported above. The content determines the format, not the name. Of
// several frames it takes the first.
func decode(encoded []byte, channels int) (r *raster, err error) {
	defer func() {
		if p := recover(); p != nil { // a damaged file must not end a training run
			r, err = nil, fmt.Errorf("decoder failed: %v", p)
		}
	}()
	config, format, err := image.DecodeConfig(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	if config.Width < 1 || config.Height < 1 {
		return nil, fmt.Errorf("%s of %dx%d has no pixels", format, config.Width, config.Height)
	}
	if int64(config.Width)*int64(config.Height) > maxPixels {
		return nil, fmt.Errorf("%s of %dx%d is larger than %d megapixels",
			format, config.Width, config.Height, maxPixels/1_000_000)
	}
	decoded, format, err := image.Decode(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	frame := image.Rect(0, 0, config.Width, config.Height)
	if decoded.Bounds() != frame { // the first picture of a GIF may cover only a part of the frame
		whole := image.NewNRGBA(frame)
		draw.Draw(whole, decoded.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
		decoded = whole
	}
	return flatten(decoded, format, channels)
}

// flatten composites an image, whose corner is (0, 0), on white. The result has one channel if channels is 1 or the
// image is gray, and 16 bits if the image has them.
func flatten(m image.Image, format string, channels int) (*raster, error) {
	at, err := pixels(m, format)
	if err != nil {
		return nil, err
	}
	depth := 1
	switch m.(type) {
	case *image.Gray:
		channels = 1
	case *image.Gray16:
		channels, depth = 1, 2
	case *image.RGBA64, *image.NRGBA64:
		depth = 2
	}
	r := newRaster(channels, m.Bounds().Dy(), m.Bounds().Dx(), depth)
	area := r.height * r.width
	for y := range r.height {
		for x := range r.width {
			p := at(x, y)
			white := 0xffff - uint32(p.A)
			red, green, blue := uint32(p.R)+white, uint32(p.G)+white, uint32(p.B)+white
			if depth == 1 {
				red, green, blue = (red+128)/257, (green+128)/257, (blue+128)/257
			}
			k := y*r.width + x
			if channels == 1 {
				r.set(k, luma(red, green, blue))
				continue
			}
			r.set(k, red)
			r.set(k+area, green)
			r.set(k+2*area, blue)
		}
	}
	return r, nil
}

// luma returns the luma of Rec. 601, rounded, with the weights of Go's color.Gray and the arithmetic of PIL's
// convert("L"). The weights add up to 1 << 16, so gray does not change.
func luma(r, g, b uint32) uint32 {
	return uint32((19595*uint64(r) + 38470*uint64(g) + 7471*uint64(b) + 1<<15) >> 16)
}

// pixels returns a function that returns the pixel (x, y) with premultiplied alpha.
func pixels(m image.Image, format string) (func(x, y int) color.RGBA64, error) {
	toRGB := fullRange
	if format == "webp" {
		toRGB = studioRange
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return func(x, y int) color.RGBA64 {
			r, g, b := toRGB(m.YCbCrAt(x, y))
			return color.RGBA64{R: uint16(r) * 257, G: uint16(g) * 257, B: uint16(b) * 257, A: 0xffff}
		}, nil
	case *image.NYCbCrA:
		return func(x, y int) color.RGBA64 {
			p := m.NYCbCrAAt(x, y)
			r, g, b := toRGB(p.YCbCr)
			red, green, blue, alpha := color.NRGBA{R: r, G: g, B: b, A: p.A}.RGBA()
			return color.RGBA64{R: uint16(red), G: uint16(green), B: uint16(blue), A: uint16(alpha)}
		}, nil
	case image.RGBA64Image:
		return m.RGBA64At, nil
	}
	return nil, fmt.Errorf("%s with pixels of type %T is not supported", format, m)
}

// fullRange converts to RGB as JPEG does (JFIF 1.02), rounded as in libjpeg.
func fullRange(p color.YCbCr) (r, g, b uint8) {
	y, cb, cr := int(p.Y)<<16+1<<15, int(p.Cb)-128, int(p.Cr)-128
	return clamp((y + 91881*cr) >> 16), clamp((y - 22554*cb - 46802*cr) >> 16), clamp((y + 116130*cb) >> 16)
}

// studioRange converts to RGB as WebP does, where black is Y = 16 and white 235 (ITU-R BT.601), in the fixed-point
// arithmetic of libwebp's yuv.h. Go's image.YCbCr would convert these numbers as JPEG's (golang.org/issue/40173).
func studioRange(p color.YCbCr) (r, g, b uint8) {
	y, u, v := int(p.Y)*19077>>8, int(p.Cb), int(p.Cr)
	return clamp((y + v*26149>>8 - 14234) >> 6),
		clamp((y - u*6419>>8 - v*13320>>8 + 8708) >> 6),
		clamp((y + u*33050>>8 - 17685) >> 6)
}

func clamp(v int) uint8 { return uint8(max(0, min(v, 255))) }

// Mask reads an image file as a mask of height x width pixels, row by row: true where the image is light, that is at
// least half as bright as white. Its errors, for a file that cannot be read or an image of another size, name the
// file.
func Mask(path string, height, width int) ([]bool, error) {
	encoded, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("data: mask: %w", err)
	}
	r, err := decode(encoded, 1)
	if err != nil {
		return nil, fmt.Errorf("data: mask %s: %w", path, err)
	}
	if r.height != height || r.width != width {
		return nil, fmt.Errorf("data: mask %s is %d pixels high and %d wide: must be %d and %d",
			path, r.height, r.width, height, width)
	}
	gray := make([]float32, height*width)
	r.unpack(gray, 1, 0, 0, height, width)
	mask := make([]bool, len(gray))
	for i, v := range gray {
		mask[i] = v >= 0
	}
	return mask, nil
}
