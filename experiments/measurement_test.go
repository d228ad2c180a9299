package experiments

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/sample/inverse"
)

// measured is the smallest experiment, of 28 x 28 images, with a measurement in its walk.
func measured(channels, measurement string) string {
	source := strings.Replace(smallest, "channels = 1", "channels = "+channels, 1)
	return source + "measurement = { eta = 0.2, " + measurement + " }\n"
}

func TestMeasurements(t *testing.T) {
	for _, c := range []struct {
		channels, measurement string
		want                  inverse.Shape
	}{
		{"1", `kind = "denoising"`, inverse.Shape{Channels: 1, Height: 28, Width: 28}},
		{"3", `kind = "inpainting", keep = 0.08`, inverse.Shape{Channels: 3, Height: 1, Width: 63}},
		{"1", `kind = "inpainting", box = [0, 7, 10, 2]`, inverse.Shape{Channels: 1, Height: 1, Width: 28*28 - 20}},
		{"3", `kind = "super-resolution", factor = 4, images = "x.zip", posterior = 9`,
			inverse.Shape{Channels: 3, Height: 7, Width: 7}},
		{"1", `kind = "super-resolution", factor = 2, filter = "box"`,
			inverse.Shape{Channels: 1, Height: 14, Width: 14}},
		{"1", `kind = "gaussian-blur", std = 1.5, boundary = "circular"`,
			inverse.Shape{Channels: 1, Height: 28, Width: 28}},
		{"1", `kind = "motion-blur", length = 9, angle = -45`, inverse.Shape{Channels: 1, Height: 28, Width: 28}},
		{"3", `kind = "colorization"`, inverse.Shape{Channels: 1, Height: 28, Width: 28}},
		{"1", `kind = "compressed-sensing", ratio = 0.25`, inverse.Shape{Channels: 1, Height: 1, Width: 196}},
		{"1", `kind = "phase-retrieval", ratio = 4`, inverse.Shape{Channels: 1, Height: 1, Width: 4 * 784}},
	} {
		e := mustParse(t, measured(c.channels, c.measurement))
		roundTrip(t, e)
		m := e.Walks[0].Measurement
		if m.Eta != 0.2 || strings.Contains(c.measurement, "posterior") != (m.Posterior == 9) {
			t.Errorf("%s: eta %g, %d samples", c.measurement, m.Eta, m.Posterior)
		}
		x := inverse.Shape{Channels: e.Data.Channels, Height: 28, Width: 28}
		values := make([]float32, x.Len())
		for i := range values {
			values[i] = float32(i%29) / 29
		}
		measure := func(seed uint64) []float32 {
			a, err := m.Build(x, seed)
			if err != nil {
				t.Fatalf("%s: %v", c.measurement, err)
			}
			if a.Image() != x || a.Measurement() != c.want {
				t.Errorf("%s: from %v to %v, want %v", c.measurement, a.Image(), a.Measurement(), c.want)
			}
			y := make([]float32, a.Measurement().Len())
			a.Apply(y, values)
			return y
		}
		y := measure(1)
		if !slices.Equal(y, measure(1)) {
			t.Errorf("%s: one seed gives two operators", c.measurement)
		}
		random := strings.Contains(c.measurement, "keep") || strings.Contains(c.measurement, "ratio")
		if slices.Equal(y, measure(2)) == random {
			t.Errorf("%s: whether the seed matters should be %v", c.measurement, random)
		}
	}
}

func TestMaskOfAFile(t *testing.T) {
	path := filepath.ToSlash(filepath.Join(t.TempDir(), "mask.png"))
	e := mustParse(t, measured("1", `kind = "inpainting", mask = "`+path+`"`)) // it need not be there to train
	m, shape := e.Walks[0].Measurement, inverse.Shape{Channels: 1, Height: 28, Width: 28}
	if _, err := m.Build(shape, 1); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v does not name %s", err, path)
	}
	picture := image.NewGray(image.Rect(0, 0, 28, 28))
	for x := range 20 {
		picture.SetGray(x, 3, color.Gray{255})
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
	f.Close()
	a, err := m.Build(shape, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Measurement().Len(); got != 20 {
		t.Errorf("%d pixels are measured, want 20", got)
	}
	roundTrip(t, e)
}

func TestMistakesInMeasurements(t *testing.T) {
	for _, c := range []struct{ measurement, want string }{
		{`kind = "super-resolution"`, "factor: is missing and must be an integer"},
		{`kind = "super-resolution", factor = 4, ratio = 2`,
			`ratio: unknown key of kind "super-resolution"; valid are`},
		{`kind = "super-resolution", factor = 4, filter = "bicubik"`,
			`filter: "bicubik" is unknown; did you mean "bicubic"?`},
		{`kind = "superresolution", factor = 4`,
			`kind: "superresolution" is unknown; did you mean "super-resolution"?`},
		{`kind = "super-resolution", factor = 3`, "factor 3: must be 2 or more and divide the image's 28 x 28"},
		{`kind = "colorization"`, "colorization of images of 1 channels: must be 3"},
		{`kind = "inpainting"`, "takes exactly one of keep, box and mask"},
		{`kind = "inpainting", keep = 0.1, mask = "m.png"`, "takes exactly one of keep, box and mask"},
		{`kind = "inpainting", keep = 1.1`, "keep: 1.1 must be at most 1"},
		{`kind = "inpainting", box = [1, 2, 3]`, "box: [1, 2, 3] must be [top, left, height, width]"},
		{`kind = "inpainting", box = [0, 0, 28, 28]`, "the mask measures none of 784 pixels"},
		{`kind = "inpainting", box = [20, 0, 10, 5]`,
			"a box of 10 x 5 pixels at (20, 0) must lie in the 28 x 28 of the image"},
		{`kind = "gaussian-blur", std = 0`, "std: 0 must be positive"},
		{`kind = "motion-blur", length = 100`,
			"blur of length 100 pixels: must be positive and at most the image's 28"},
		{`kind = "compressed-sensing", ratio = 2`, "ratio: 2 must be at most 1"},
		{`kind = "denoising", posterior = 0`, "posterior: 0 must be at least 1"},
	} {
		source := measured("1", c.measurement)
		_, err := Parse("x.toml", []byte(source))
		if err == nil {
			t.Errorf("%s: no error", c.measurement)
			continue
		}
		start := fmt.Sprintf("x.toml:%d: walk[0].measurement", strings.Count(source, "\n"))
		message := err.Error()
		if !strings.HasPrefix(message, start) || !strings.Contains(message, c.want) || strings.Contains(message, "\n") {
			t.Errorf("%s:\n%v\nwant %s ... %s", c.measurement, err, start, c.want)
		}
	}
	nothingHeldOut := strings.Replace(measured("1", `kind = "denoising"`), "[data]", "[data]\nvalidation = 0.0", 1)
	_, err := Parse("x.toml", []byte(nothingHeldOut))
	if err == nil || !strings.HasSuffix(err.Error(), "walk[0].measurement.images: is missing: "+
		"with data.validation = 0 there are no held-out images to measure") {
		t.Errorf("no images are held out: error %v", err)
	}
	swept := one + "[sweep]\nmeasurement = [{ kind = \"denoising\", eta = 1 }]\n"
	_, err = Parse("x.toml", []byte(swept))
	if err == nil || !strings.HasSuffix(err.Error(), "sweep.measurement: "+
		`with { kind = "denoising", eta = 1 } in walk "a": `+
		"measurement.images: is missing: without [data] there are no held-out images to measure") {
		t.Errorf("a sweep without images to measure: error %v", err)
	}
	without := strings.Replace(measured("1", `kind = "denoising"`), "eta = 0.2, ", "", 1)
	_, err = Parse("x.toml", []byte(without))
	if err == nil || !strings.Contains(err.Error(), "measurement.eta: is missing") {
		t.Errorf("without eta: error %v", err)
	}
}
