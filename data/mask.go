package data

import (
	"fmt"
	"os"
)

// Mask reads an image file as a mask of height x width pixels, row by row: true where it
// is light, that is half as bright as white or more. A file that cannot be read and an
// image of another size are errors that name the file.
func Mask(path string, height, width int) ([]bool, error) {
	encoded, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("data: mask: %w", err)
	}
	r, err := decode(encoded, 1)
	if err != nil {
		return nil, fmt.Errorf("data: mask %s: %w", path, err)
	}
	if r.height != height || r.width != width {
		return nil, fmt.Errorf("data: mask %s is %d pixels high and %d wide: must be %d and %d", path, r.height, r.width, height, width)
	}
	gray := make([]float32, height*width)
	r.unpack(gray, 1, 0, 0, height, width)
	mask := make([]bool, len(gray))
	for i, v := range gray {
		mask[i] = v >= 0
	}
	return mask, nil
}
