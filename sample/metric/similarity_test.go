package metric

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPSNR(t *testing.T) {
	truth := []float32{-1, 0, 0.5, 1}
	for _, tt := range []struct {
		off, want float64
	}{
		{0, math.Inf(1)},
		{2, 0},      // black for white
		{0.2, 20},   // a tenth of the range
		{0.002, 60}, // a thousandth
	} {
		x := make([]float32, len(truth))
		for i, v := range truth {
			x[i] = v - float32(tt.off)
		}
		got, err := PSNR(x, truth)
		if err != nil {
			t.Fatal(err)
		}
		if got != tt.want && math.Abs(got-tt.want) > 1e-3 {
			t.Errorf("off by %g: %g dB, want %g", tt.off, got, tt.want)
		}
	}
	if _, err := PSNR(truth, truth[1:]); err == nil {
		t.Error("images of different lengths: no error")
	}
}

// ssimByDefinition sums centred products over each window in two dimensions, for intensities in [0, 255] as in the
// paper.
func ssimByDefinition(x, y []float32, channels, height, width int) float64 {
	const L = 255
	c1, c2 := math.Pow(0.01*L, 2), math.Pow(0.03*L, 2)
	level := func(v float32) float64 { return (float64(v) + 1) / 2 * L }
	sum, n := 0.0, 0.0
	for c := range channels {
		for top := 0; top+11 <= height; top++ {
			for left := 0; left+11 <= width; left++ {
				var total, mx, my, vx, vy, cov float64
				window := func(visit func(w, x, y float64)) {
					for r := range 11 {
						for s := range 11 {
							i := (c*height+top+r)*width + left + s
							visit(math.Exp(-float64((r-5)*(r-5)+(s-5)*(s-5))/4.5), level(x[i]), level(y[i]))
						}
					}
				}
				window(func(w, x, y float64) { total += w; mx += w * x; my += w * y })
				mx, my = mx/total, my/total
				window(func(w, x, y float64) {
					vx += w / total * (x - mx) * (x - mx)
					vy += w / total * (y - my) * (y - my)
					cov += w / total * (x - mx) * (y - my)
				})
				sum += (2*mx*my + c1) / (mx*mx + my*my + c1) * (2*cov + c2) / (vx + vy + c2)
				n++
			}
		}
	}
	return sum / n
}

func TestSSIM(t *testing.T) {
	const channels, height, width = 3, 17, 14
	rng := rand.New(rand.NewPCG(1, 1))
	x, y := make([]float32, channels*height*width), make([]float32, channels*height*width)
	for i := range x {
		x[i] = float32(math.Sin(float64(i) / 9))
		y[i] = 0.8*x[i] + 0.1 + 0.2*float32(rng.NormFloat64())
	}
	ssim := func(x, y []float32) float64 {
		t.Helper()
		got, err := SSIM(x, y, channels, height, width)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := ssim(x, y)
	if want := ssimByDefinition(x, y, channels, height, width); math.Abs(got-want) > 1e-9 || got < 0.3 || got > 0.95 {
		t.Errorf("%g, by definition %g", got, want)
	}
	if again := ssim(y, x); math.Abs(again-got) > 1e-12 {
		t.Errorf("%g, and %g with the images exchanged", got, again)
	}
	if same := ssim(x, x); math.Abs(same-1) > 1e-12 {
		t.Errorf("%g of an image and itself", same)
	}
	// Without variance only the means are compared: 0.5 and 1.5 above black.
	for i := range x {
		x[i], y[i] = -0.5, 0.5
	}
	if got, want := ssim(x, y), (2*0.5*1.5+0.0004)/(0.25+2.25+0.0004); math.Abs(got-want) > 1e-9 {
		t.Errorf("%g of two constant images, want %g", got, want)
	}
	if _, err := SSIM(x, y, 3, 10, 20); err == nil {
		t.Error("images smaller than the window: no error")
	}
	if _, err := SSIM(x, y[1:], channels, height, width); err == nil {
		t.Error("images of different lengths: no error")
	}
}
