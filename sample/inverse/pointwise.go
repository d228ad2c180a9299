package inverse

import "fmt"

// Denoising is the identity: y is the noisy image.
func Denoising(image Shape) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	return newLinear(image, image, true), nil
}

// Colorization measures the gray image of a colour one: the luma of Rec. 601. Images
// that do not have 3 channels are an error.
func Colorization(image Shape) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	if image.Channels != 3 {
		return nil, fmt.Errorf("inverse: colorization of images of %d channels: must be 3", image.Channels)
	}
	luma := newTable(3, 1, func(_ int, add func(int, float64)) {
		add(0, 0.299)
		add(1, 0.587)
		add(2, 0.114)
	})
	gray := Shape{1, image.Height, image.Width}
	return newLinear(image, gray, true, stage{luma, 1, gray.Len()}), nil
}
