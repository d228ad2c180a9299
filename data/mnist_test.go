package data

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMNIST compares the test images with their published statistics: 10000 of
// them, values in [0, 1] of mean 0.1325 and standard deviation 0.3105.
func TestMNIST(t *testing.T) {
	folder := cmp.Or(os.Getenv("TWEEDIE_DATA"), filepath.Join("..", "..", "shared", "data"))
	path := filepath.Join(folder, "mnist-test.zip")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs mnist-test.zip in ../shared/data or in TWEEDIE_DATA: %v", err)
	}
	s := open(t, Options{Path: path, Size: 28, Channels: 1})
	var sum, squares float64
	values := all(t, s)
	for _, v := range values {
		u := (float64(v) + 1) / 2
		sum += u
		squares += u * u
	}
	mean := sum / float64(len(values))
	deviation := math.Sqrt(squares/float64(len(values)) - mean*mean)
	if s.Len() != 10000 || math.Abs(mean-0.1325) > 5e-5 || math.Abs(deviation-0.3105) > 5e-5 {
		t.Errorf("%d images, mean %.5f, standard deviation %.5f", s.Len(), mean, deviation)
	}
	if errs := s.Unreadable(); errs != nil || !strings.HasPrefix(s.Name(0), "0/") {
		t.Errorf("first image %s, unreadable: %v", s.Name(0), errs)
	}
}
