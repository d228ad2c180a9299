package walk

import (
	"encoding/binary"
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
)

// golden returns the folder of reference values: TWEEDIE_GOLDEN, or shared/golden beside
// the checkout. The test is skipped if there is none.
func golden(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("TWEEDIE_GOLDEN")
	if folder == "" {
		root, err := os.Getwd()
		for err == nil {
			if _, e := os.Stat(filepath.Join(root, "go.mod")); e == nil {
				break
			}
			if root == filepath.Dir(root) {
				t.Fatal("no go.mod above the working folder")
			}
			root = filepath.Dir(root)
		}
		folder = filepath.Join(root, "..", "shared", "golden")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no reference values (set TWEEDIE_GOLDEN): %v", err)
	}
	return folder
}

// npy reads a little-endian array of float32 or float64 in NumPy's format, version 1.
func npy(t *testing.T, path string) []float64 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) < 10 || string(b[:8]) != "\x93NUMPY\x01\x00" {
		t.Fatalf("%s: not a version 1 .npy file", path)
	}
	end := 10 + int(binary.LittleEndian.Uint16(b[8:]))
	header, b := string(b[10:end]), b[end:]
	var values []float64
	switch {
	case !strings.Contains(header, "'fortran_order': False"):
		t.Fatalf("%s: not in C order: %s", path, header)
	case strings.Contains(header, "'<f4'"):
		for v := range slices.Chunk(b, 4) {
			values = append(values, float64(math.Float32frombits(binary.LittleEndian.Uint32(v))))
		}
	case strings.Contains(header, "'<f8'"):
		for v := range slices.Chunk(b, 8) {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(v)))
		}
	default:
		t.Fatalf("%s: neither float32 nor float64: %s", path, header)
	}
	return values
}

// named returns K levels, from DDPM's sigma_max to its sigma_min, of a schedule by its
// authors' name.
func named(name string, K int) ([]float64, error) {
	table := nets.LinearBetas(1e-4, 0.02, 1000)
	low, high := table.Sigma(0), table.Sigma(999)
	switch name {
	case "denoiser":
		return Pretrained(K), nil
	case "linear":
		return Linear(high, low, K), nil
	case "sigmoid":
		return Sigmoid(high, low, K), nil
	}
	return nil, fmt.Errorf("schedule %q is not known here", name)
}

func TestGoldenSchedules(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(golden(t), "schedule", "*_sigma.npy"))
	if err != nil || len(files) == 0 {
		t.Skip("no reference schedules")
	}
	table := nets.LinearBetas(1e-4, 0.02, 1000)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), "_sigma.npy")
		t.Run(name, func(t *testing.T) {
			parts := regexp.MustCompile(`^schedule_([a-z]+)_(\d+)$`).FindStringSubmatch(name)
			if parts == nil {
				t.Skipf("%s names no schedule", file)
			}
			K, _ := strconv.Atoi(parts[2])
			sigma, err := named(parts[1], K)
			if err != nil {
				t.Skip(err)
			}
			slices.Reverse(sigma)
			want := npy(t, file)
			if len(want) != K {
				t.Fatalf("%d levels, want %d", K, len(want))
			}
			for k := range want {
				if math.Abs(sigma[k]/want[k]-1) > 5e-4 {
					t.Errorf("level %d: sigma %g, want %g", k, sigma[k], want[k])
				}
			}
			for k, at := range npy(t, strings.TrimSuffix(file, "_sigma.npy")+"_time.npy") {
				if got := table.Sigma(at); math.Abs(got/want[k]-1) > 5e-4 {
					t.Errorf("level %d: sigma %g at time %g, want %g", k, got, at, want[k])
				}
			}
		})
	}
}

func TestGoldenWalks(t *testing.T) {
	folder := filepath.Join(golden(t), "walk")
	list, err := os.ReadFile(filepath.Join(folder, "walks.json"))
	if err != nil {
		t.Skip(err)
	}
	var entries []struct {
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
	}
	if err := json.Unmarshal(list, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name, func(t *testing.T) {
			read := func(what string) []float32 {
				var values []float32
				for _, v := range npy(t, filepath.Join(folder, e.Name+"_"+what+".npy")) {
					values = append(values, float32(v))
				}
				return values
			}
			sigma, err := named(e.Schedule, e.Iterations)
			if err != nil {
				t.Skip(err)
			}
			n, pixels := e.Shape[0], 1
			for _, size := range e.Shape[1:] {
				pixels *= size
			}
			// Per pixel, the same for all images.
			mu, variance := read("mu")[:pixels], read("s")[:pixels]
			for i, s := range variance {
				variance[i] = s * s
			}
			start, noise := read("start"), read("noise")
			w := of(sigma, e.Epsilon, e.InitialTemperature)
			w.Noise = func(sample, k int, dst []float32) {
				if k < 0 {
					copy(dst, start[sample*pixels:])
				} else {
					copy(dst, noise[(k*n+sample)*pixels:])
				}
			}
			switch e.Operator.Name {
			case "":
			case "inpainting":
				w.Likelihood = inpainting(read("y"), read("mask"), e.Eta)
			case "super_resolution":
				m := superResolution(read("y"), e.Shape[3], e.Operator.Scale, e.Eta)
				w.Likelihood = m
				for i, r := range m.residual(read("ref")) { // y - A ref
					if want := read("y")[i] - read("resized")[i]; math.Abs(r-float64(want)) > 1e-5 {
						t.Fatalf("the operator is not the reference's: y - A x is %g at %d, want %g", r, i, want)
					}
				}
			default:
				t.Skipf("operator %q is not known here", e.Operator.Name)
			}
			s, err := Last(w.Run(exact.NewIsotropic(mu, variance), pixels, 0, n))
			if err != nil {
				t.Fatal(err)
			}
			worst := 0.0
			for i, want := range read("final") {
				worst = max(worst, math.Abs(float64(s.X[i]-want)))
			}
			if t.Logf("largest difference %.3g", worst); worst > 1e-4 {
				t.Errorf("the result differs by %g, more than 1e-4", worst)
			}
		})
	}
}
