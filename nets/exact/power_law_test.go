package exact

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestPowerLawSpectrum measures the spectrum by windowed plane waves v in several directions: v^H C v is S(f), smoothed
// over the window's width.
func TestPowerLawSpectrum(t *testing.T) {
	for _, c := range []struct{ height, width int }{{24, 24}, {16, 32}, {1, 96}} {
		for _, exponent := range []float64{1, 2, 3} {
			_, covariance, err := PowerLaw(c.height, c.width, exponent, 0.5)
			if err != nil {
				t.Fatal(err)
			}
			power := func(fy, fx float64) float64 {
				var cosine, sine = mat.NewVecDense(c.height*c.width, nil), mat.NewVecDense(c.height*c.width, nil)
				for i := range c.height * c.width {
					y, x := float64(i/c.width), float64(i%c.width)
					window := math.Pow(math.Sin(math.Pi*(x+0.5)/float64(c.width)), 2) // Hann's
					if c.height > 1 {
						window *= math.Pow(math.Sin(math.Pi*(y+0.5)/float64(c.height)), 2)
					}
					cosine.SetVec(i, window*math.Cos(2*math.Pi*(fy*y+fx*x)))
					sine.SetVec(i, window*math.Sin(2*math.Pi*(fy*y+fx*x)))
				}
				return mat.Inner(cosine, covariance, cosine) + mat.Inner(sine, covariance, sine)
			}
			directions := [][2]float64{{0, 0.4}}
			if c.height > 1 {
				directions = append(directions, [2]float64{0.4, 0}, [2]float64{0.3, -0.3})
			}
			lowest := 0.5 / float64(max(c.height, c.width))
			law := func(f float64) float64 { return math.Pow(f*f+lowest*lowest, -exponent/2) }
			for _, high := range directions {
				got := power(high[0], high[1]) / power(0, 0.2)
				want := law(math.Hypot(high[0], high[1])) / law(0.2)
				if math.Abs(got/want-1) > 0.12 {
					t.Errorf("%dx%d, exponent %g: power at %v is %.3f of that at 0.2, want %.3f",
						c.height, c.width, exponent, high, got, want)
				}
			}
		}
	}
}

// TestPowerLawIsACovariance: pixels have the given std, the covariance depends on the distance alone, falls with it,
// and is that of a Gaussian. Opposite borders are nearly independent.
func TestPowerLawIsACovariance(t *testing.T) {
	mean, c, err := PowerLaw(6, 8, 2, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewGaussian(mean, c); err != nil {
		t.Error(err)
	}
	at := func(y, x, v, u int) float64 { return c.At(8*y+x, 8*v+u) }
	for i := range 48 {
		if math.Abs(c.At(i, i)-0.25) > 1e-12 {
			t.Errorf("pixel %d has the variance %g, want 0.25", i, c.At(i, i))
		}
	}
	if a, b := at(0, 1, 2, 0), at(3, 5, 5, 6); math.Abs(a-b) > 1e-12 {
		t.Errorf("pixels 2 rows and 1 column apart have the covariances %g and %g", a, b)
	}
	for x := range 7 {
		if at(2, 0, 2, x+1) >= at(2, 0, 2, x) {
			t.Errorf("pixels %d columns apart are correlated more than those %d apart", x+1, x)
		}
	}
	if near, far := at(2, 0, 2, 1), at(2, 0, 2, 7); far > near/4 {
		t.Errorf("opposite borders have the covariance %g, neighbours %g", far, near)
	}
	if _, white, _ := PowerLaw(3, 3, 0, 2); math.Abs(white.At(0, 1)) > 1e-12 || math.Abs(white.At(4, 4)-4) > 1e-12 {
		t.Error("at exponent 0 pixels are not independent")
	}
}

func TestPowerLawRefuses(t *testing.T) {
	for want, arguments := range map[string][4]float64{
		"0x4":      {0, 4, 2, 1},
		"exponent": {4, 4, -1, 1},
		"std 0":    {4, 4, 2, 0},
	} {
		a := arguments
		if _, _, err := PowerLaw(int(a[0]), int(a[1]), a[2], a[3]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", a, err, want)
		}
	}
}
