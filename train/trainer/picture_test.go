package trainer

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"tweedie/sample/figure"
)

// picture writes small gray images.
func picture(t *testing.T, paths ...string) {
	t.Helper()
	for i, path := range paths {
		m := image.NewGray(image.Rect(0, 0, 8, 8))
		for j := range m.Pix {
			m.Pix[j] = uint8(37 * (i + 1) * j)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := figure.WritePNG(path, m); err != nil {
			t.Fatal(err)
		}
	}
}
