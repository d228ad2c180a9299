package inverse

import (
	"math"
	"slices"
	"testing"
)

// The weights are those of MATLAB's imresize, computed by hand: cubic((u-j)/factor)/factor.
func TestBicubicWeights(t *testing.T) {
	for _, tt := range []struct {
		factor int
		half   []float64 // of the weights, which are symmetric
	}{
		{2, []float64{-0.01171875, -0.03515625, 0.11328125, 0.43359375}},
		{4, []float64{-0.001708984375, -0.010986328125, -0.018310546875, -0.011962890625,
			0.022705078125, 0.097412109375, 0.181884765625, 0.240966796875}},
	} {
		want := slices.Clone(tt.half)
		slices.Reverse(tt.half)
		want = append(want, tt.half...)
		row := bicubic(16*tt.factor, tt.factor).rows[8]
		if first := 8*tt.factor + (tt.factor-1)/2 + 1 - len(want)/2; len(row) != len(want) || int(row[0].at) != first {
			t.Fatalf("factor %d: %d pixels from %d on, want %d from %d",
				tt.factor, len(row), row[0].at, len(want), first)
		}
		for i, p := range row {
			if math.Abs(float64(p.weight)-want[i]) > 1e-7 {
				t.Errorf("factor %d: weight %d is %g, want %g", tt.factor, i, p.weight, want[i])
			}
		}
	}
}

// At the border the kernel's weights for pixels outside the image go to their reflections.
func TestBicubicReflects(t *testing.T) {
	want := []float32{0.43359375 + 0.11328125, 0.43359375 - 0.03515625, 0.11328125 - 0.01171875,
		-0.03515625, -0.01171875}
	row := bicubic(16, 2).rows[0]
	if len(row) != len(want) {
		t.Fatalf("the first pixel is made of %d, want %d", len(row), len(want))
	}
	for i, p := range row {
		if int(p.at) != i || math.Abs(float64(p.weight-want[i])) > 1e-7 {
			t.Errorf("weight of pixel %d: %g, want %g", p.at, p.weight, want[i])
		}
	}
}

func TestBoundaries(t *testing.T) {
	for _, tt := range []struct {
		boundary Boundary
		want     []int // of -5, -4, ..., 6 in a line of 3
	}{
		{Symmetric, []int{1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0}},
		{Circular, []int{1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0}},
	} {
		for i, want := range tt.want {
			if got := tt.boundary.inside(i-5, 3); got != want {
				t.Errorf("boundary %d: pixel %d is %d, want %d", tt.boundary, i-5, got, want)
			}
		}
	}
}

// response returns the blurred image of a white pixel in the middle of 15 x 15 black ones.
func response(t *testing.T, a Operator) (y [15][15]float64) {
	t.Helper()
	x, dst := make([]float32, 225), make([]float32, 225)
	x[7*15+7] = 1
	a.Apply(dst, x)
	for i, v := range dst {
		y[i/15][i%15] = float64(v)
	}
	return y
}

func TestGaussianBlurHasItsVariance(t *testing.T) {
	const std = 1.5
	y := response(t, must[Operator](t)(GaussianBlur(Shape{1, 15, 15}, std, Symmetric)))
	variance, mixed := 0.0, 0.0
	for r := range y {
		for c, v := range y[r] {
			variance += v * float64((r-7)*(r-7))
			mixed += v * float64((r-7)*(c-7))
		}
	}
	if math.Abs(variance/(std*std)-1) > 0.01 || math.Abs(mixed) > 1e-5 {
		t.Errorf("variance %g, want %g; covariance %g, want 0", variance, std*std, mixed)
	}
}

func TestMotionBlur(t *testing.T) {
	blur := func(length, angle float64) [15][15]float64 {
		return response(t, must[Operator](t)(MotionBlur(Shape{1, 15, 15}, length, angle, Symmetric)))
	}
	horizontal := blur(5, 0) // five equal pixels
	for c, v := range horizontal[7] {
		want := 0.0
		if c >= 5 && c <= 9 {
			want = 0.2
		}
		if math.Abs(v-want) > 1e-6 {
			t.Errorf("horizontal, column %d: %g, want %g", c, v, want)
		}
	}
	vertical, rising := blur(5, 90), blur(7, 45)
	for r := range 15 {
		for c := range 15 {
			if math.Abs(vertical[r][c]-horizontal[c][r]) > 1e-6 {
				t.Errorf("vertical at (%d, %d): %g, want %g", r, c, vertical[r][c], horizontal[c][r])
			}
			// Counterclockwise from the horizontal: up to the right, where rows are few.
			if d := r + c - 14; (d < -1 || d > 1) && rising[r][c] != 0 {
				t.Errorf("at 45 degrees (%d, %d) is %g, want 0", r, c, rising[r][c])
			}
		}
	}
	if rising[5][9] == 0 || rising[5][9] != rising[9][5] {
		t.Errorf("at 45 degrees the ends are %g and %g", rising[5][9], rising[9][5])
	}
}

func TestMasks(t *testing.T) {
	mask, err := BoxMask(3, 5, 1, 2, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	image := Shape{2, 3, 5}
	a := must[Operator](t)(Inpainting(image, mask))
	x := make([]float32, 30)
	for i := range x {
		x[i] = float32(i + 1)
	}
	y := make([]float32, a.Measurement().Len())
	a.Apply(y, x)
	want := []float32{1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 15, 16, 17, 18, 19, 20, 21, 22, 25, 26, 27, 30}
	if !slices.Equal(y, want) {
		t.Errorf("measured %v, want %v", y, want)
	}
	for i, v := range Show(a, y) {
		if hidden := !mask[i%15]; hidden && v != 0 || !hidden && v != x[i] {
			t.Errorf("pixel %d is shown as %g", i, v)
		}
	}
}

func TestShowEnlarges(t *testing.T) {
	a := must[Operator](t)(SuperResolution(Shape{1, 4, 4}, 2, Box))
	want := []float32{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}
	if got := Show(a, []float32{1, 2, 3, 4}); !slices.Equal(got, want) {
		t.Errorf("a reduced image is shown as %v, want %v", got, want)
	}
	a = must[Operator](t)(Colorization(Shape{3, 1, 2}))
	if got, want := Show(a, []float32{5, 6}), []float32{5, 6, 5, 6, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("a gray image is shown as %v, want %v", got, want)
	}
}
