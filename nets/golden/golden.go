// Package golden finds and reads the reference values that tests compare with. It is for tests alone.
package golden

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Folder returns the folder of reference values: TWEEDIE_GOLDEN, or shared/golden beside the checkout. The test is skipped if
// there is none.
func Folder(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("TWEEDIE_GOLDEN")
	if folder == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
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
		t.Skipf("no reference values: set TWEEDIE_GOLDEN (%v)", err)
	}
	return folder
}

// NPY reads a little-endian array of float32 or float64 in NumPy's format, version 1, in C order.
func NPY[F float32 | float64](t testing.TB, path string) []F {
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
	var values []F
	switch {
	case !strings.Contains(header, "'fortran_order': False"):
		t.Fatalf("%s: not in C order: %s", path, header)
	case strings.Contains(header, "'<f4'"):
		for v := range slices.Chunk(b, 4) {
			values = append(values, F(math.Float32frombits(binary.LittleEndian.Uint32(v))))
		}
	case strings.Contains(header, "'<f8'"):
		for v := range slices.Chunk(b, 8) {
			values = append(values, F(math.Float64frombits(binary.LittleEndian.Uint64(v))))
		}
	default:
		t.Fatalf("%s: neither float32 nor float64: %s", path, header)
	}
	return values
}
