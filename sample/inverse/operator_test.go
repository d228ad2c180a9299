package inverse

import (
	"math"
	"math/rand/v2"
	"testing"
)

func must[O Operator](t *testing.T) func(a O, err error) Operator {
	return func(a O, err error) Operator {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func random(n int, rng *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

func dot(a, b []float32) (sum float64) {
	for i, v := range a {
		sum += float64(v) * float64(b[i])
	}
	return sum
}

// everyLinear returns every linear operator on several shapes, by name.
func everyLinear(t *testing.T) map[string]Operator {
	t.Helper()
	operators := map[string]Operator{}
	built := must[Operator](t)
	for _, image := range []Shape{{1, 1, 1}, {1, 5, 8}, {3, 9, 6}, {1, 24, 12}, {3, 7, 13}} {
		rng := rand.New(rand.NewPCG(5, uint64(image.Len())))
		add := func(name string, a Operator) { operators[name+" "+image.String()] = a }
		add("denoising", built(Denoising(image)))
		mask, err := RandomMask(image.Height, image.Width, 0.3, rng)
		if err != nil {
			t.Fatal(err)
		}
		add("inpainting", built(Inpainting(image, mask)))
		if image.Channels == 3 {
			add("colorization", built(Colorization(image)))
		}
		for _, factor := range []int{2, 3, 4, 12} {
			if image.Height%factor == 0 && image.Width%factor == 0 {
				add("bicubic", built(SuperResolution(image, factor, Bicubic)))
				add("box", built(SuperResolution(image, factor, Box)))
			}
		}
		for boundary, name := range map[Boundary]string{Symmetric: "symmetric", Circular: "circular"} {
			add("Gaussian blur, "+name, built(GaussianBlur(image, 0.9, boundary)))
			if image.Len() > 1 {
				add("wide Gaussian blur, "+name, built(GaussianBlur(image, 6, boundary))) // wider than the image
				add("motion blur, "+name, built(MotionBlur(image, 5, 33, boundary)))
			}
		}
		for _, m := range []int{1, (image.Len() + 2) / 3, 5 * image.Len()} {
			add("compressed sensing", built(CompressedSensing(image, m, rng)))
		}
	}
	return operators
}

func TestAdjoint(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, a := range everyLinear(t) {
		x, y := random(a.Image().Len(), rng), random(a.Measurement().Len(), rng)
		ax, aty := random(len(y), rng), random(len(x), rng) // what dst held must not matter
		a.Apply(ax, x)
		a.Adjoint(aty, y)
		size := math.Sqrt(dot(ax, ax)*dot(y, y)) + math.Sqrt(dot(x, x)*dot(aty, aty))
		if l, r := dot(ax, y), dot(x, aty); math.Abs(l-r) > 1e-6*size {
			t.Errorf("%s: <Ax, y> = %g, <x, A^T y> = %g", name, l, r)
		}
	}
}

// With tau = eta^2 the likelihood's part of a step is A^T A, which diverges if the square of A's norm is above 2.
func TestNorm(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for name, a := range everyLinear(t) {
		x, y := random(a.Image().Len(), rng), make([]float32, a.Measurement().Len())
		square := 0.0
		for range 100 { // power iteration
			scale := float32(1 / math.Sqrt(dot(x, x)))
			for i := range x {
				x[i] *= scale
			}
			a.Apply(y, x)
			square = dot(y, y)
			a.Adjoint(x, y)
		}
		if norm := math.Sqrt(square); norm > 1.1 || norm == 0 {
			t.Errorf("%s: A has norm %g", name, norm)
		}
	}
}

func TestConstantImagesStayConstant(t *testing.T) {
	for name, a := range everyLinear(t) {
		if _, ok := a.(*linear); !ok {
			continue
		}
		x, y := make([]float32, a.Image().Len()), make([]float32, a.Measurement().Len())
		for i := range x {
			x[i] = 0.7
		}
		a.Apply(y, x)
		for _, v := range y {
			if math.Abs(float64(v)-0.7) > 1e-6 {
				t.Errorf("%s: an image of 0.7 is measured as %g", name, v)
				break
			}
		}
	}
}

// Measurements of compressed sensing have the magnitude of the image, on average.
func TestProjectionsAreIsotropic(t *testing.T) {
	image := Shape{3, 64, 64}
	rng := rand.New(rand.NewPCG(3, 1))
	a := must[Operator](t)(CompressedSensing(image, image.Len()/10, rng))
	smooth := make([]float32, image.Len())
	for i := range smooth {
		smooth[i] = float32(0.5 + 0.4*math.Sin(float64(i)/700))
	}
	for name, x := range map[string][]float32{"smooth": smooth, "noise": random(len(smooth), rng)} {
		y := make([]float32, a.Measurement().Len())
		a.Apply(y, x)
		const order = 1 << 14 // of 12288 pixels
		want := dot(x, x) / order
		if got := dot(y, y) / float64(len(y)); math.Abs(got/want-1) > 5*math.Sqrt(2/float64(len(y))) {
			t.Errorf("%s: the mean square of a measurement is %g, want %g", name, got, want)
		}
	}
}

func TestProjectionsDependOnTheirSeed(t *testing.T) {
	measure := func(seed uint64) float32 {
		a := must[Operator](t)(CompressedSensing(Shape{1, 4, 4}, 1, rand.New(rand.NewPCG(seed, 0))))
		y := []float32{0}
		a.Apply(y, random(16, rand.New(rand.NewPCG(1, 1))))
		return y[0]
	}
	if measure(1) != measure(1) || measure(1) == measure(2) {
		t.Error("a projection is not that of its seed")
	}
}

func TestWrongSettings(t *testing.T) {
	image := Shape{1, 6, 8}
	rng := rand.New(rand.NewPCG(1, 1))
	fails := func(name string, err error) {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	errorOf := func(_ any, err error) error { return err }
	fails("no channels", errorOf(Denoising(Shape{0, 6, 8})))
	fails("gray image", errorOf(Colorization(image)))
	fails("factor of the width alone", errorOf(SuperResolution(image, 4, Bicubic)))
	fails("factor 1", errorOf(SuperResolution(image, 1, Box)))
	fails("filter", errorOf(SuperResolution(image, 2, 9)))
	fails("no blur", errorOf(GaussianBlur(image, 0, Symmetric)))
	fails("endless blur", errorOf(GaussianBlur(image, math.Inf(1), Symmetric)))
	fails("boundary", errorOf(GaussianBlur(image, 1, 7)))
	fails("short line", errorOf(MotionBlur(image, 0.5, 0, Symmetric)))
	fails("angle", errorOf(MotionBlur(image, 2, math.NaN(), Symmetric)))
	fails("mask's size", errorOf(Inpainting(image, make([]bool, 7))))
	fails("empty mask", errorOf(Inpainting(image, make([]bool, 48))))
	fails("keep", errorOf(RandomMask(6, 8, 1.5, rng)))
	fails("box outside", errorOf(BoxMask(6, 8, 4, 0, 3, 2)))
	fails("no projections", errorOf(CompressedSensing(image, 0, rng)))
	fails("no amplitudes", errorOf(PhaseRetrieval(image, 0, rng)))
	a := must[Operator](t)(Denoising(image))
	fails("measurement's length", errorOf(NewLikelihood(a, make([]float32, 3), 1)))
	fails("eta", errorOf(NewLikelihood(a, make([]float32, 48), 0)))
}
