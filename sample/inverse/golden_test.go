package inverse

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/walk"
)

// values reads a float32 array in NumPy's format, version 1.
func values(t *testing.T, path string) []float32 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) < 10 || string(b[:8]) != "\x93NUMPY\x01\x00" {
		t.Fatalf("%s: not a version 1 .npy file", path)
	}
	end := 10 + int(binary.LittleEndian.Uint16(b[8:]))
	if header := string(b[10:end]); !strings.Contains(header, "'<f4'") || !strings.Contains(header, "'fortran_order': False") {
		t.Fatalf("%s: not float32 in C order: %s", path, header)
	}
	v := make([]float32, (len(b)-end)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[end+4*i:]))
	}
	return v
}

func largest(t *testing.T, got, want []float32) (difference float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	for i, v := range want {
		difference = max(difference, math.Abs(float64(got[i])-float64(v)))
	}
	return difference
}

// Whole conditional walks of the paper's authors, on an exact score.
func TestGoldenConditionalWalks(t *testing.T) {
	folder := os.Getenv("TWEEDIE_GOLDEN")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "golden")
	}
	folder = filepath.Join(folder, "walk")
	list, err := os.ReadFile(filepath.Join(folder, "walks.json"))
	if err != nil {
		t.Skipf("no reference values (set TWEEDIE_GOLDEN): %v", err)
	}
	var entries []struct {
		Name, Schedule     string
		Iterations         int
		InitialTemperature float64 `json:"initial_temperature"`
		Epsilon            float64
		Eta                float64
		Operator           *struct {
			Name  string
			Scale int
		}
		Shape []int
	}
	if err := json.Unmarshal(list, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name, func(t *testing.T) {
			if e.Operator == nil {
				t.Skip("a walk without a measurement")
			}
			read := func(what string) []float32 { return values(t, filepath.Join(folder, e.Name+"_"+what+".npy")) }
			if e.Shape[0] != 1 {
				t.Fatalf("a walk of %d images: one is expected", e.Shape[0])
			}
			image := Shape{e.Shape[1], e.Shape[2], e.Shape[3]}
			y := read("y")
			var a Operator
			switch e.Operator.Name {
			case "inpainting":
				mask := make([]bool, image.Height*image.Width)
				for i, m := range read("mask") {
					mask[i] = m != 0
				}
				a = must[Operator](t)(Inpainting(image, mask))
				whole := y // with values at the pixels that are not measured
				y = make([]float32, a.Measurement().Len())
				a.Apply(y, whole)
			case "super_resolution":
				a = must[Operator](t)(SuperResolution(image, e.Operator.Scale, Bicubic))
				resized := make([]float32, a.Measurement().Len())
				a.Apply(resized, read("ref"))
				if d := largest(t, resized, read("resized")); d > 1e-6 {
					t.Errorf("the reduced image differs by %g", d)
				}
			default:
				t.Skipf("operator %q is not known here", e.Operator.Name)
			}
			l, err := NewLikelihood(a, y, e.Eta)
			if err != nil {
				t.Fatal(err)
			}

			var sigma []float64
			table := nets.LinearBetas(1e-4, 0.02, 1000)
			switch e.Schedule {
			case "sigmoid":
				sigma = walk.Sigmoid(table.Sigma(999), table.Sigma(0), e.Iterations)
			case "denoiser":
				sigma = walk.Pretrained(e.Iterations)
			default:
				t.Skipf("schedule %q is not known here", e.Schedule)
			}
			variance := read("s")
			for i, s := range variance {
				variance[i] = s * s
			}
			start, noise := read("start"), read("noise")
			w := walk.Walk{
				Sigma:       sigma,
				Tau:         walk.Proportional(sigma, e.Epsilon),
				Temperature: walk.LinearTemperature(e.InitialTemperature, 1, len(sigma)),
				Likelihood:  l,
				Noise: func(_, k int, dst []float32) {
					if k < 0 {
						copy(dst, start)
					} else {
						copy(dst, noise[k*len(dst):])
					}
				},
			}
			last, err := walk.Last(w.Run(exact.NewIsotropic(read("mu"), variance), image.Len(), 0, 1))
			if err != nil {
				t.Fatal(err)
			}
			worst := largest(t, last.X, read("final"))
			if t.Logf("largest difference %.3g", worst); worst > 1e-4 {
				t.Errorf("the result differs by %g, more than 1e-4", worst)
			}
		})
	}
}
