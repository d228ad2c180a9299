package inverse

import (
	"fmt"
	"math"
)

// A Boundary is a rule for the pixels outside an image.
type Boundary int

const (
	Symmetric Boundary = iota // reflection, with the border's pixels repeated: ... 1 0 | 0 1 2 ...
	Circular                  // periodic continuation: ... n-2 n-1 | 0 1 2 ...
)

// inside returns the pixel, in a line of n, whose value pixel j has, whether j is inside the line or not.
func (b Boundary) inside(j, n int) int {
	period := n
	if b == Symmetric {
		period = 2 * n
	}
	j = (j%period + period) % period
	if j >= n {
		j = 2*n - 1 - j
	}
	return j
}

func (b Boundary) check() error {
	if b != Symmetric && b != Circular {
		return fmt.Errorf("inverse: unknown boundary %d", b)
	}
	return nil
}

// GaussianBlur measures the image convolved with exp(-d^2/(2 std^2)), cut off at 4 std and scaled to sum to one. std,
// in pixels, is above 0 and at most the image's longer side.
func GaussianBlur(image Shape, std float64, boundary Boundary) (Operator, error) {
	if err := checkBlur(image, "std", std, boundary); err != nil {
		return nil, err
	}
	radius := int(math.Ceil(4 * std))
	blur := func(n int) table {
		return newTable(n, n, func(i int, add func(int, float64)) {
			for d := -radius; d <= radius; d++ {
				add(boundary.inside(i+d, n), math.Exp(-float64(d*d)/(2*std*std)))
			}
		})
	}
	return separable(image, blur(image.Height), blur(image.Width)), nil
}

// MotionBlur measures the image convolved with a line. Its length, in pixels, is at least 1 and at most the image's
// longer side; its angle is in degrees, counterclockwise from the horizontal.
func MotionBlur(image Shape, length, angle float64, boundary Boundary) (Operator, error) {
	if err := checkBlur(image, "length", length, boundary); err != nil {
		return nil, err
	}
	if length < 1 || math.IsNaN(angle) || math.IsInf(angle, 0) {
		return nil, fmt.Errorf("inverse: motion blur of length %g at angle %g: length must be at least 1, angle finite",
			length, angle)
	}
	line := motion(length, angle*math.Pi/180)
	height, width := image.Height, image.Width
	blur := newTable(height*width, height*width, func(i int, add func(int, float64)) {
		for _, p := range line {
			add(boundary.inside(i/width+p.dy, height)*width+boundary.inside(i%width+p.dx, width), p.weight)
		}
	})
	return newLinear(image, image, true, stage{blur, image.Channels, 1}), nil
}

// An offset is a pixel of a kernel and its weight. Rows are counted downwards.
type offset struct {
	dy, dx int
	weight float64
}

// motion returns the kernel of a line, not scaled: max(0, 1 - d), where d is a pixel's distance from the segment that
// ends half a pixel before both ends of the line. It is the kernel of MATLAB's fspecial("motion").
func motion(length, radians float64) (kernel []offset) {
	sin, cos := math.Sincos(radians)
	half := (length - 1) / 2
	radius := int(math.Ceil(half)) + 1
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			along := float64(dx)*cos - float64(dy)*sin
			across := float64(dx)*sin + float64(dy)*cos
			d := math.Hypot(max(0, math.Abs(along)-half), across)
			if d < 1 {
				kernel = append(kernel, offset{dy, dx, 1 - d})
			}
		}
	}
	return kernel
}

func checkBlur(image Shape, name string, size float64, boundary Boundary) error {
	if err := image.check(); err != nil {
		return err
	}
	if longest := float64(max(image.Height, image.Width)); !(size > 0 && size <= longest) {
		return fmt.Errorf("inverse: blur of %s %g pixels: must be positive and at most the image's %g",
			name, size, longest)
	}
	return boundary.check()
}
