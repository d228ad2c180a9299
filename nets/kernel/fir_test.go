package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// upfirdn is the definition: insert up-1 zeros after every pixel, pad, convolve with the kernel's outer product with
// itself, and take every down-th pixel.
func upfirdn(x []float32, height, width, channels, up, down, before, after int, taps []float64) []float32 {
	h, w := height*up+before+after, width*up+before+after
	var y []float32
	for i := 0; i+len(taps) <= h; i += down {
		for j := 0; j+len(taps) <= w; j += down {
			for c := range channels {
				sum := 0.0
				for a, s := range taps {
					for b, t := range taps {
						row, column := i+a-before, j+b-before
						if row < 0 || row%up != 0 || row/up >= height ||
							column < 0 || column%up != 0 || column/up >= width {
							continue
						}
						sum += s * t * float64(x[(row/up*width+column/up)*channels+c])
					}
				}
				y = append(y, float32(sum))
			}
		}
	}
	return y
}

func TestFIR(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	taps := []float64{0.125, 0.375, 0.375, 0.125}
	for _, s := range [][3]int{{2, 2, 1}, {4, 6, 3}, {8, 2, 5}, {6, 10, 16}} {
		f := FIR{s[0], s[1], s[2], 0.125, 0.375}
		large, small := make([]float32, s[0]*s[1]*s[2]), make([]float32, s[0]*s[1]*s[2]/4)
		for i := range large {
			large[i] = float32(rng.NormFloat64())
		}
		for i := range small {
			small[i] = float32(rng.NormFloat64())
		}
		up, down := make([]float32, len(large)), make([]float32, len(small))
		for i := range s[0] / 2 { // rows in any order
			f.Down(down, large, new(Scratch), i, i+1)
			f.Up(up, small, new(Scratch), 2*i, 2*i+2)
		}
		near := func(what string, got, want []float32) {
			if len(got) != len(want) {
				t.Fatalf("%v: %s has %d values, want %d", s, what, len(got), len(want))
			}
			for i := range got {
				if math.Abs(float64(got[i]-want[i])) > 1e-5 {
					t.Fatalf("%v: %s %d is %g, want %g", s, what, i, got[i], want[i])
				}
			}
		}
		near("down", down, upfirdn(large, s[0], s[1], s[2], 1, 2, 1, 1, taps))
		near("up", up, upfirdn(small, s[0]/2, s[1]/2, s[2], 2, 1, 2, 1, []float64{0.25, 0.75, 0.75, 0.25}))
		var a, b float64
		for i := range small {
			a += float64(small[i]) * float64(down[i])
		}
		for i := range large {
			b += float64(large[i]) * float64(up[i]) / 4
		}
		if math.Abs(a-b) > 1e-4 {
			t.Errorf("%v: <s, down l> = %g, <up s, l>/4 = %g", s, a, b)
		}
	}
}
