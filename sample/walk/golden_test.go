package walk_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/nets/golden"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// named returns K levels, from DDPM's sigma_max to its sigma_min, of a schedule by its authors' name.
func named(name string, K int) ([]float64, error) {
	table := nets.LinearBetas(1e-4, 0.02, 1000)
	low, high := table.Sigma(0), table.Sigma(999)
	switch name {
	case "denoiser":
		return walk.Pretrained(K), nil
	case "linear":
		return walk.Linear(high, low, K), nil
	case "sigmoid":
		return walk.Sigmoid(high, low, K), nil
	}
	return nil, fmt.Errorf("schedule %q is not known here", name)
}

func TestGoldenSchedules(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(golden.Folder(t), "schedule", "*_sigma.npy"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no reference schedules (%v)", err)
	}
	table := nets.LinearBetas(1e-4, 0.02, 1000)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), "_sigma.npy")
		t.Run(name, func(t *testing.T) {
			parts := regexp.MustCompile(`^schedule_([a-z]+)_(\d+)$`).FindStringSubmatch(name)
			if parts == nil {
				t.Fatalf("%s names no schedule", file)
			}
			K, _ := strconv.Atoi(parts[2])
			sigma, err := named(parts[1], K)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(sigma)
			want := golden.NPY[float64](t, file)
			if len(want) != K {
				t.Fatalf("%d levels, want %d", K, len(want))
			}
			times := golden.NPY[float64](t, strings.TrimSuffix(file, "_sigma.npy")+"_time.npy")
			for k, want := range want {
				if math.Abs(sigma[k]/want-1) > 5e-4 {
					t.Errorf("level %d: sigma %g, want %g", k, sigma[k], want)
				}
				if got := table.Sigma(times[k]); math.Abs(got/want-1) > 5e-4 {
					t.Errorf("level %d: sigma %g at time %g, want %g", k, got, times[k], want)
				}
			}
		})
	}
}

// A reference is an entry of walks.json.
type reference struct {
	Name               string
	Schedule           string
	Iterations         int
	InitialTemperature float64 `json:"initial_temperature"`
	Epsilon            float64
	Eta                float64
	Operator           struct {
		Name  string
		Scale int
	}
	Shape []int

	folder string
}

func (e reference) read(t *testing.T, what string) []float32 {
	t.Helper()
	return golden.NPY[float32](t, filepath.Join(e.folder, e.Name+"_"+what+".npy"))
}

// likelihood is that of the entry's measurement of an image.
func (e reference) likelihood(t *testing.T, image inverse.Shape) walk.Likelihood {
	t.Helper()
	var a inverse.Operator
	var err error
	y := e.read(t, "y")
	switch e.Operator.Name {
	case "inpainting":
		mask := make([]bool, image.Height*image.Width)
		for i, m := range e.read(t, "mask") {
			mask[i] = m != 0
		}
		if a, err = inverse.Inpainting(image, mask); err != nil {
			t.Fatal(err)
		}
		whole := y // with values at the pixels that are not measured
		y = make([]float32, a.Measurement().Len())
		a.Apply(y, whole)
	case "super_resolution":
		if a, err = inverse.SuperResolution(image, e.Operator.Scale, inverse.Bicubic); err != nil {
			t.Fatal(err)
		}
		resized := make([]float32, a.Measurement().Len())
		a.Apply(resized, e.read(t, "ref"))
		if apart := difference(t, resized, e.read(t, "resized")); apart > 1e-6 {
			t.Errorf("the reduced image differs by %g, more than 1e-6", apart)
		}
	default:
		t.Fatalf("operator %q is not known here", e.Operator.Name)
	}
	l, err := inverse.NewLikelihood(a, y, e.Eta)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Walks agree with whole trajectories of the authors' code, with and without a measurement, for an exact score.
func TestGoldenWalks(t *testing.T) {
	folder := filepath.Join(golden.Folder(t), "walk")
	list, err := os.ReadFile(filepath.Join(folder, "walks.json"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []reference
	if err := json.Unmarshal(list, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name, func(t *testing.T) {
			e.folder = folder
			sigma, err := named(e.Schedule, e.Iterations)
			if err != nil {
				t.Fatal(err)
			}
			n, image := e.Shape[0], inverse.Shape{Channels: e.Shape[1], Height: e.Shape[2], Width: e.Shape[3]}
			pixels := image.Len()
			start, noise := e.read(t, "start"), e.read(t, "noise")
			w := walk.Walk{
				Sigma:       sigma,
				Tau:         walk.Proportional(sigma, e.Epsilon),
				Temperature: walk.LinearTemperature(e.InitialTemperature, 1, len(sigma)),
				Noise: func(sample, k int, dst []float32) {
					if k < 0 {
						copy(dst, start[sample*pixels:])
					} else {
						copy(dst, noise[(k*n+sample)*pixels:])
					}
				},
			}
			if e.Operator.Name != "" {
				if n != 1 {
					t.Fatalf("a walk of %d images with a measurement: 1 is right", n)
				}
				w.Likelihood = e.likelihood(t, image)
			}
			// Per pixel, the same for all images.
			mu, variance := e.read(t, "mu")[:pixels], e.read(t, "s")[:pixels]
			for i, s := range variance {
				variance[i] = s * s
			}
			last, err := walk.Last(w.Run(exact.NewIsotropic(mu, variance), pixels, 0, n))
			if err != nil {
				t.Fatal(err)
			}
			worst := difference(t, last.X, e.read(t, "final"))
			if t.Logf("largest difference %.3g", worst); worst > 1e-4 {
				t.Errorf("the result differs by %g, more than 1e-4", worst)
			}
		})
	}
}

// difference returns the largest between values of the same place.
func difference(t *testing.T, got, want []float32) (largest float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	for i, v := range want {
		largest = max(largest, math.Abs(float64(got[i])-float64(v)))
	}
	return largest
}
