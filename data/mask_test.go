package data

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mask.png")
	m := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for i, c := range []color.NRGBA{
		{0, 0, 0, 255}, {255, 255, 255, 255}, {0, 0, 0, 0}, {127, 127, 127, 255}, {128, 128, 128, 255}, {0, 0, 255, 255},
	} {
		m.SetNRGBA(i%3, i/3, c)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	f.Close()
	mask, err := Mask(path, 2, 3)
	if want := []bool{false, true, true, false, true, false}; err != nil || !slices.Equal(mask, want) {
		t.Errorf("mask %v (%v), want %v", mask, err, want)
	}
	if _, err := Mask(path, 3, 2); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("of another size: error %v, want one that names the file", err)
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "gone.png"), "mask.go"} {
		if _, err := Mask(path, 2, 3); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v does not name %s", err, path)
		}
	}
}
