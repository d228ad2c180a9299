package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tweedie/experiments"
)

// measuring is the tiny experiment with one walk, of the raw weights at T = 1, and a measurement.
func measuring(measurement string) string {
	return tiny[:strings.Index(tiny, "[[walk]]")] + `[[walk]]
name = "posterior"
weights = "raw"
samples = 40
schedule = { kind = "sigmoid", steps = 150, max = 10.0, min = 0.01 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "constant", value = 1 }
measurement = { ` + measurement + " }\n"
}

// The raw network is 0, so its denoiser is that of the prior N(0, sd^2), sd = 0.5. A noisy image y = x + e,
// e ~ N(0, eta^2 I), has the posterior N(g y, P) with g = sd^2/(sd^2 + eta^2) and P = g eta^2. Given x, a sample has
// the mean squared error (1-g)^2 x^2 + g^2 eta^2 + P. The mean of n samples has P/n in place of P.
func TestPosteriorOfADenoisedImage(t *testing.T) {
	file := newRun(t)
	const images, samples, eta, sd = 5, 8, 0.4, 0.5
	source := measuring(fmt.Sprintf(`kind = "denoising", eta = %g, posterior = %d`, eta, samples))
	write(t, "denoise.toml", source)
	stdout, stderr := sample(t, 0, "-experiment", "denoise.toml", "-checkpoint", file)
	if !strings.Contains(stderr, "posterior: denoising of 5 images, 8 samples for each") {
		t.Errorf("stderr is %q", stderr)
	}
	if width, height, _ := picture(t, "runs/tiny/figures/posterior.png"); width < 12*112 || height < 5*112 {
		t.Errorf("a sheet of %d x %d pixels is too small for 5 rows of 12 images", width, height)
	}

	e, err := experiments.Parse("denoise.toml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	_, held, err := e.Data.Open()
	if err != nil {
		t.Fatal(err)
	}
	truths, err := held.EvenlySpaced(t.Context(), images, held.Len())
	if err != nil {
		t.Fatal(err)
	}
	const g = sd * sd / (sd*sd + eta*eta)
	const P = g * eta * eta
	var want [3]float64 // dB of measurements, samples and means
	chiSquare := 0.0
	for i := range images {
		power := 0.0
		for _, v := range truths[i*64:][:64] {
			power += float64(v) * float64(v) / 64
		}
		chiSquare += ((1-g)*(1-g)*(power+eta*eta) + P) / (eta * eta * images)
		biased := (1-g)*(1-g)*power + g*g*eta*eta
		for k, square := range []float64{eta * eta, biased + P, biased + P/samples} {
			want[k] += 10 * math.Log10(4/square) / images
		}
	}
	for k, key := range []string{"psnr-measurement", "psnr", "psnr-mean"} {
		// The mean square of 320 normal values has a standard deviation of sqrt(2/320) of it, 0.33 dB.
		if dB := printed(t, stdout, key); math.Abs(dB-want[k]) > 1 {
			t.Errorf("%s: %v dB, want %.2f", key, dB, want[k])
		}
	}
	// y - x is (1-g) y and noise of variance P. The images are not drawn from the prior: 1 a value would be right if
	// they were. The cross term 2 x e of y^2, over 320 values, gives it a relative standard deviation of 2.6%.
	if chi := printed(t, stdout, "chi-square"); math.Abs(chi/chiSquare-1) > 0.1 {
		t.Errorf("chi-square is %g a value, want %g", chi, chiSquare)
	}
	if again, _ := sample(t, 0, "-experiment", "denoise.toml", "-checkpoint", file); again != stdout {
		t.Error("a second run gave another result")
	}
}

// printed returns the score of a key out of what was printed.
func printed(t *testing.T, stdout, key string) float64 {
	t.Helper()
	found := regexp.MustCompile(` ` + key + ` ([-+e0-9.]+),`).FindStringSubmatch(stdout)
	if found == nil {
		t.Fatalf("printed %q, no %s", stdout, key)
	}
	value, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// A measurement goes with denoisers in closed form, trajectories and plans.
func TestMeasurementWithoutANetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	source := measuring(`kind = "super-resolution", factor = 2, eta = 0.1, posterior = 20`)
	source = strings.Replace(source, "channels = 1", "channels = 1\nvalidation = 0.9", 1) // few images to fit to
	write(t, "sr.toml", source)
	stdout, stderr := sample(t, 0, "-experiment", "sr.toml", "-checkpoint", "exact:gaussian", "-trajectory", "-out",
		"out")
	y, one, mean := printed(t, stdout, "psnr-measurement"), printed(t, stdout, "psnr"), printed(t, stdout, "psnr-mean")
	// A sample of the posterior errs by twice its variance, 3 dB more than the mean, which is the best estimate.
	if !(mean > y && mean > one+1 && mean < one+4) {
		t.Errorf("measurements have %g dB, samples %g and their means %g", y, one, mean)
	}
	const announced = "posterior: super-resolution of 2 images, 20 samples for each, 150 steps, exact:gaussian\n"
	if !strings.Contains(stderr, announced) {
		t.Errorf("stderr is %q", stderr)
	}
	_, _, sheet := picture(t, "out/posterior.png")
	picture(t, "out/posterior-trajectory.png")
	sample(t, 0, "-experiment", "sr.toml", "-checkpoint", "exact:gaussian", "-out", "out")
	if _, _, without := picture(t, "out/posterior.png"); sheet != without {
		t.Error("the samples depend on -trajectory")
	}

	stdout, _ = sample(t, 0, "-experiment", "sr.toml", "-plan")
	for _, part := range []string{
		"super-resolution of 2 images, 20 samples for each, 150 steps, 300 network calls",
		"eta = 0.1, bounds tau by eta^2 = 0.01, in ", "what A does not see",
	} {
		if !strings.Contains(stdout, part) {
			t.Errorf("the plan does not say %q:\n%s", part, stdout)
		}
	}
	write(t, "exact.toml", strings.Replace(source, "eta = 0.1", "eta = 0.001", 1))
	stdout, _ = sample(t, 0, "-experiment", "exact.toml", "-plan")
	if !strings.Contains(stdout, "warning: eta 0.001") {
		t.Errorf("an eta below sigma_min: %s", stdout)
	}
}

func TestNoteOnUnusedImages(t *testing.T) {
	file := newRun(t)
	write(t, "denoise.toml", measuring(`kind = "denoising", eta = 0.1`))
	for _, c := range []struct {
		args   []string
		unused bool
	}{
		{[]string{"-plan", "-data", "glyphs"}, true},
		{[]string{"-plan", "-data", "glyphs", "-checkpoint", "exact:gaussian"}, false},
		{[]string{"-plan", "-data", "glyphs", "-experiment", "denoise.toml", "-checkpoint", file}, false},
	} {
		if _, stderr := sample(t, 0, c.args...); strings.Contains(stderr, "note: -data") != c.unused {
			t.Errorf("sample %q: %q", c.args, stderr)
		}
	}
}

func TestMeasurementErrors(t *testing.T) {
	file := newRun(t)
	for _, c := range []struct {
		name, measurement string
		code              int
		want              []string
	}{
		{"mask", `kind = "inpainting", mask = "gone.png", eta = 0.1`, 2,
			[]string{"x.toml", "walk posterior", "gone.png"}},
		{"images", `kind = "denoising", images = "gone.zip", eta = 0.1`, 1,
			[]string{"walk posterior", "measurement.images", "gone.zip"}},
	} {
		write(t, "x.toml", measuring(c.measurement))
		stdout, stderr := sample(t, c.code, "-experiment", "x.toml", "-checkpoint", file)
		for _, part := range c.want {
			if !strings.Contains(stderr, part) || stdout != "" {
				t.Errorf("%s: %q does not say %q", c.name, stderr, part)
			}
		}
	}
	write(t, "x.toml", strings.Replace(measuring(`kind = "denoising", eta = 0.1`), "[net]", "validation = 0\n[net]", 1))
	_, stderr := sample(t, 2, "-experiment", "x.toml", "-checkpoint", file)
	if !strings.Contains(stderr, "data.validation") {
		t.Errorf("nothing held out: %q", stderr)
	}
}
