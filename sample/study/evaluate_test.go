package study

import (
	"strings"
	"testing"

	"tweedie/sample/metric"
)

func TestEvaluationIsWritten(t *testing.T) {
	errors := func(first float64) []float64 {
		e := make([]float64, len(metric.NoiseLevels))
		for k := range e {
			e[k] = first * float64(k+1)
		}
		return e
	}
	e := evaluation{"validation", []evaluated{
		{key: "raw", about: "raw, ema: the weights of a.safetensors", errors: errors(0.25), hasBits: true,
			bits: metric.Bits{Mean: 2.5, Fine: 1.25, Error: 0.0078125, StandardError: 0.03125}},
		{key: "ema", errors: errors(1. / 3), hasBits: true,
			bits: metric.Bits{Mean: 12345.678, Fine: 12340, Error: 12000, StandardError: 700}},
		{key: "data", about: "data: the training images", errors: errors(1e-7)},
	}, 500, 166, 49}
	var b strings.Builder
	if err := e.write(&b); err != nil {
		t.Fatal(err)
	}
	const want = `Mean squared error per pixel on 500 images of validation
raw, ema: the weights of a.safetensors
data: the training images

sigma   raw    ema        data
0.05    0.25   0.333333   1e-07
0.1     0.5    0.666667   2e-07
0.2     0.75   1          3e-07
0.5     1      1.33333    4e-07
1       1.25   1.66667    5e-07
2       1.5    2          6e-07
5       1.75   2.33333    7e-07

Bits per value of 166 of these images, with 256 gray levels: the integral of the error over 49 noise levels (I-MMSE)
fine: those due to noise of less than a gray level
error: of the integral for these images, with three standard errors of its noise
standard error: for all images like these

      bits per value   fine    error    standard error
raw   2.5              1.25    0.0078   0.031
ema   12345.7          12340   12000    700

{"sigma":0.05,"raw":0.25,"ema":0.333333,"data":1e-07}
{"sigma":0.1,"raw":0.5,"ema":0.666667,"data":2e-07}
{"sigma":0.2,"raw":0.75,"ema":1,"data":3e-07}
{"sigma":0.5,"raw":1,"ema":1.33333,"data":4e-07}
{"sigma":1,"raw":1.25,"ema":1.66667,"data":5e-07}
{"sigma":2,"raw":1.5,"ema":2,"data":6e-07}
{"sigma":5,"raw":1.75,"ema":2.33333,"data":7e-07}
{"denoiser":"raw","bits_per_value":2.5,"fine":1.25,"error":0.0078125,"standard_error":0.03125,"levels":49,"images":166}
{"denoiser":"ema","bits_per_value":12345.7,"fine":12340,"error":12000,"standard_error":700,"levels":49,"images":166}
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
