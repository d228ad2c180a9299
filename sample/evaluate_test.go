package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/sample/metric"
)

// A likelihood is a line of JSON about one denoiser.
type likelihood struct {
	Bits          float64 `json:"bits_per_value"`
	Fine          float64
	Error         float64
	StandardError float64 `json:"standard_error"`
	Levels        int
	Images        int
}

// evaluation returns the lines of JSON that end the output: the errors by noise level, and the likelihoods.
func evaluation(t *testing.T, stdout string) (errors []map[string]float64, bits map[string]likelihood) {
	t.Helper()
	bits = map[string]likelihood{}
	for line := range strings.Lines(stdout) {
		var err error
		switch {
		case strings.HasPrefix(line, `{"sigma"`):
			var values map[string]float64
			err = json.Unmarshal([]byte(line), &values)
			errors = append(errors, values)
		case strings.HasPrefix(line, "{"):
			var one struct {
				Denoiser string
				likelihood
			}
			err = json.Unmarshal([]byte(line), &one)
			bits[one.Denoiser] = one.likelihood
		}
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	return errors, bits
}

func TestEvaluate(t *testing.T) {
	newRun(t)
	few := strings.Replace(tiny, "channels = 1", "channels = 1\nvalidation = 0.005", 1) // held out: 58
	write(t, "runs/tiny/experiment.toml", few)
	stdout, stderr := sample(t, 0, "-evaluate", "validation")
	if !strings.Contains(stderr, "fitting the linear denoiser") {
		t.Errorf("stderr is %q", stderr)
	}
	e, err := experiments.Parse("tiny.toml", []byte(few))
	if err != nil {
		t.Fatal(err)
	}
	_, held, err := e.Data.Open()
	if err != nil {
		t.Fatal(err)
	}
	images, err := held.EvenlySpaced(t.Context(), held.Len(), held.Len())
	if err != nil {
		t.Fatal(err)
	}
	power := 0.0
	for _, v := range images {
		power += float64(v) * float64(v) / float64(len(images))
	}
	lines, bits := evaluation(t, stdout)
	if len(lines) != len(metric.NoiseLevels) {
		t.Fatalf("%d lines of JSON, want %d:\n%s", len(lines), len(metric.NoiseLevels), stdout)
	}
	for k, sigma := range metric.NoiseLevels {
		got := lines[k]
		if len(got) != 5 || got["sigma"] != sigma {
			t.Fatalf("line %d is %v, want sigma %v, raw, ema, linear and data", k, got, sigma)
		}
		// With F = 0, D(x, sigma) = c x with c = sd^2/(sd^2 + sigma^2): the error is (1-c)^2 E[X^2] + c^2 sigma^2.
		c := 0.25 / (0.25 + sigma*sigma)
		if want := (1-c)*(1-c)*power + c*c*sigma*sigma; math.Abs(got["raw"]/want-1) > 0.03 {
			t.Errorf("sigma %v: raw error %v, want %v", sigma, got["raw"], want)
		}
		if got["ema"] == got["raw"] {
			t.Errorf("sigma %v: ema and raw weights have the same error", sigma)
		}
		// The raw denoiser is linear, so none is better than the best; the images held out follow the same
		// distribution.
		if got["linear"] > got["raw"] {
			t.Errorf("sigma %v: linear error %v is above %v of a worse linear denoiser", sigma, got["linear"],
				got["raw"])
		}
		// With little noise the finite set's denoiser finds the nearest of its images, which is another.
		if sigma < 0.15 && got["data"] < got["linear"] {
			t.Errorf("sigma %v: the finite set has the error %v, the best linear denoiser %v", sigma, got["data"],
				got["linear"])
		}
	}
	// The raw denoiser is that of N(0, 0.25 I), so its bits are -log2 of that density times the step of 2/255.
	want := math.Log2(0.5*127.5) + math.Log2(2*math.Pi)/2 + power/0.25/2/math.Ln2
	if got := bits["raw"]; math.Abs(got.Bits-want) > got.Error || got.Error > 0.1 || got.Images != held.Len() {
		t.Errorf("raw weights have %+v, want %.4f bits", got, want)
	}
	if len(bits) != 3 || !(bits["linear"].Bits < bits["raw"].Bits-1) || bits["ema"].Bits == bits["raw"].Bits {
		t.Errorf("likelihoods are %+v: want raw, ema, and linear, which has the fewest bits", bits)
	}
	if again, _ := sample(t, 0, "-evaluate", "validation"); again != stdout {
		t.Error("a second evaluation gave other numbers")
	}
	if _, err := os.Stat("runs/tiny/figures"); err == nil {
		t.Error("an evaluation wrote figures")
	}
}

func TestEvaluateWithoutTrainingImages(t *testing.T) {
	newRun(t)
	for i := range 3 {
		savePNG(t, fmt.Sprintf("images/%d.png", i), slices.Repeat([]float32{float32(i) - 1}, 64))
	}
	stdout, stderr := sample(t, 0, "-evaluate", "images", "-data", "gone.zip")
	if !strings.Contains(stderr, "gone.zip") || strings.Contains(stdout, "linear") {
		t.Errorf("printed %q and %q, want a note and no linear denoiser", stdout, stderr)
	}
	errors, bits := evaluation(t, stdout)
	for _, line := range errors {
		if len(line) != 3 {
			t.Errorf("%v, want sigma, raw and ema", line)
		}
	}
	if len(bits) != 2 {
		t.Errorf("likelihoods are %v, want raw and ema", bits)
	}
}

func TestEvaluateOneImage(t *testing.T) {
	newRun(t)
	savePNG(t, "images/one.png", make([]float32, 64))
	stdout, stderr := sample(t, 0, "-evaluate", "images", "-data", "gone.zip")
	if errors, bits := evaluation(t, stdout); len(errors) == 0 || len(bits) > 0 || !strings.Contains(stderr, "single") {
		t.Errorf("printed %q and %q, want errors, and a note that there is no likelihood", stdout, stderr)
	}
}

// A closed form is evaluated without a network. On the images that it is made of, the finite set has no error at little
// noise, and log2(N) bits for each image.
func TestEvaluateClosedForms(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "tiny.toml", strings.Replace(tiny, "channels = 1", "channels = 1\nvalidation = 0.995", 1))
	e, err := experiments.Parse("tiny.toml", []byte(tiny))
	if err != nil {
		t.Fatal(err)
	}
	e.Data.Validation.Share = 0.995
	training, _, err := e.Data.Open()
	if err != nil {
		t.Fatal(err)
	}
	for i := range training.Len() {
		values, err := training.EvenlySpaced(t.Context(), i+1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		savePNG(t, fmt.Sprintf("training/%02d.png", i), values[i*64:])
	}
	stdout, _ := sample(t, 0, "-experiment", "tiny.toml", "-checkpoint", "exact:data", "-evaluate", "training")
	errors, bits := evaluation(t, stdout)
	if len(errors[0]) != 3 || errors[0]["exact"] > 1e-8 || !(errors[0]["linear"] > 0) {
		t.Errorf("errors are %v, want exact and linear", errors[0])
	}
	want := math.Log2(float64(training.Len())) / 64
	if got := bits["exact"]; math.Abs(got.Bits-want) > 0.02*want+got.Error || got.Error > want {
		t.Errorf("%d images have %+v, want %.5f bits", training.Len(), got, want)
	}
	for _, form := range []string{"gaussian", "mixture"} {
		stdout, _ := sample(t, 0, "-experiment", "tiny.toml", "-checkpoint", "exact:"+form, "-evaluate", "training")
		errors, bits := evaluation(t, stdout)
		if _, ok := errors[0]["linear"]; ok == (form == "gaussian") || bits["exact"].Levels == 0 {
			t.Errorf("%s: printed\n%s", form, stdout)
		}
	}
}

// savePNG writes an image of 8 x 8 pixels.
func savePNG(t *testing.T, path string, values []float32) {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = uint8(math.Round(float64(values[i]+1) * 127.5))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.String())
}
