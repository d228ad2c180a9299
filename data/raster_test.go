package data

import (
	"math"
	"slices"
	"testing"
)

// ramp returns an image whose value is a linear function of the position, with slopes by and bx per pixel.
func ramp(height, width, depth int, by, bx float64) *raster {
	r := newRaster(1, height, width, depth)
	for y := range height {
		for x := range width {
			r.set(y*width+x, uint32(math.Round(by*float64(y)+bx*float64(x))))
		}
	}
	return r
}

func (r *raster) sample(y, x int) float64 {
	k := y*r.width + x
	if r.depth == 1 {
		return float64(r.pix[k])
	}
	return float64(r.pix[2*k])*256 + float64(r.pix[2*k+1])
}

// TestFitKeepsLinearFunctions checks every pixel of the centre inside the borders: Catmull-Rom interpolation reproduces
// linear functions, to a few hundredths of a pixel if it shrinks by a fraction.
func TestFitKeepsLinearFunctions(t *testing.T) {
	tests := []struct {
		name                       string
		height, width, size, depth int
		by, bx, tolerance          float64
	}{
		{"half", 64, 64, 32, 1, 2, 1.5, 1},
		{"half, 16 bits", 64, 64, 32, 2, 300, 500, 2},
		{"two thirds, wide", 48, 96, 32, 2, 300, 500, 20},
		{"third, tall", 96, 48, 16, 2, 300, 500, 2},
		{"longer than twice the short side", 32, 200, 16, 2, 300, 200, 2},
		{"double", 24, 40, 48, 2, 300, 500, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := ramp(test.height, test.width, test.depth, test.by, test.bx)
			out := in.fit(test.size)
			if out.height != test.size || out.width != test.size {
				t.Fatalf("is %dx%d, want %d", out.width, out.height, test.size)
			}
			scale := float64(min(test.height, test.width)) / float64(test.size)
			border := test.size / 4
			for y := border; y < test.size-border; y++ {
				for x := border; x < test.size-border; x++ {
					// Pixel centres: the middle of the crop is the middle of the image.
					fromMiddle := func(k int) float64 { return (float64(k) + 0.5 - float64(test.size)/2) * scale }
					want := test.by*(float64(test.height)/2+fromMiddle(y)-0.5) +
						test.bx*(float64(test.width)/2+fromMiddle(x)-0.5)
					if got := out.sample(y, x); math.Abs(got-want) > test.tolerance {
						t.Fatalf("pixel (%d, %d) is %v, want %v", x, y, got, want)
					}
				}
			}
		})
	}
}

// TestFitAntialiases requires that stripes of one pixel, shrunk four times, become their mean.
func TestFitAntialiases(t *testing.T) {
	r := newRaster(1, 64, 64, 1)
	for k := range r.pix {
		r.pix[k] = uint8(k % 2 * 255)
	}
	out := r.fit(16)
	for y := range 16 {
		for x := 2; x < 14; x++ {
			if v := out.sample(y, x); math.Abs(v-127.5) > 4 {
				t.Fatalf("pixel (%d, %d) is %v, want about 127.5", x, y, v)
			}
		}
	}
}

// TestFitKeepsPixels requires that no pixel changes if the scale does not.
func TestFitKeepsPixels(t *testing.T) {
	for _, depth := range []int{1, 2} {
		for _, width := range []int{16, 22} {
			in := newRaster(3, 16, width, depth)
			for k := range in.pix {
				in.pix[k] = uint8(k * k * 37 >> 3)
			}
			out := in.fit(16)
			got, want := make([]float32, 3*16*16), make([]float32, 3*16*16)
			out.unpack(got, 3, 0, 0, 16, 16)
			in.unpack(want, 3, 0, (width-16)/2, 16, 16)
			if !slices.Equal(got, want) {
				t.Errorf("%d bytes a sample, width %d: pixels changed", depth, width)
			}
		}
	}
}
