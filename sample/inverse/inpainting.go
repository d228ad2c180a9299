package inverse

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Inpainting measures the pixels where mask, height x width, is true, in all channels. y has the shape channels x 1 x
// measured pixels, in reading order. It reports a mask of another size, and one that measures nothing.
func Inpainting(image Shape, mask []bool) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	area := image.Height * image.Width
	if len(mask) != area {
		return nil, fmt.Errorf("inverse: inpainting: a mask of %d pixels for images of %d x %d",
			len(mask), image.Height, image.Width)
	}
	var measured []int
	for i, m := range mask {
		if m {
			measured = append(measured, i)
		}
	}
	if len(measured) == 0 {
		return nil, fmt.Errorf("inverse: inpainting: the mask measures none of %d pixels: at least one must be", area)
	}
	pick := newTable(area, len(measured), func(i int, add func(int, float64)) { add(measured[i], 1) })
	y := Shape{image.Channels, 1, len(measured)}
	return newLinear(image, y, false, stage{pick, image.Channels, 1}), nil
}

// RandomMask returns a mask that is true at a fraction keep of the pixels, in (0, 1]. The number of these pixels is
// rounded, and at least one; all sets of that many pixels are equally likely. The paper keeps 0.08.
func RandomMask(height, width int, keep float64, rng *rand.Rand) ([]bool, error) {
	if !(keep > 0 && keep <= 1) {
		return nil, fmt.Errorf("inverse: inpainting: keep = %g: must be above 0 and at most 1", keep)
	}
	mask := make([]bool, height*width)
	n := max(1, int(math.Round(keep*float64(len(mask)))))
	for _, i := range rng.Perm(len(mask))[:n] {
		mask[i] = true
	}
	return mask, nil
}

// BoxMask returns a mask that is false in the box of boxHeight x boxWidth pixels at (top, left), which must lie in
// the image, and true elsewhere.
func BoxMask(height, width, top, left, boxHeight, boxWidth int) ([]bool, error) {
	if top < 0 || left < 0 || boxHeight < 1 || boxWidth < 1 || top+boxHeight > height || left+boxWidth > width {
		return nil, fmt.Errorf("inverse: inpainting: a box of %d x %d pixels at (%d, %d) "+
			"must lie in the %d x %d of the image", boxHeight, boxWidth, top, left, height, width)
	}
	mask := make([]bool, height*width)
	for i := range mask {
		y, x := i/width, i%width
		mask[i] = y < top || y >= top+boxHeight || x < left || x >= left+boxWidth
	}
	return mask, nil
}
