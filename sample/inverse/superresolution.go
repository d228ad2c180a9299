package inverse

import (
	"fmt"
	"math"
)

// A Filter determines how super-resolution averages pixels of the image into one of the measurement.
type Filter int

const (
	// Bicubic is MATLAB's imresize by 1/factor, the paper's choice: Keys' cubic with a = -0.5, widened by the factor
	// against aliasing, with the image reflected at its border.
	Bicubic Filter = iota
	Box            // the mean of factor x factor pixels
)

// SuperResolution measures the image reduced by a factor, 2 or more, which must divide its height and its width.
func SuperResolution(image Shape, factor int, filter Filter) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	if factor < 2 || image.Height%factor != 0 || image.Width%factor != 0 {
		return nil, fmt.Errorf("inverse: super-resolution by factor %d: "+
			"must be 2 or more and divide the image's %d x %d", factor, image.Height, image.Width)
	}
	var reduce func(n, factor int) table
	switch filter {
	case Bicubic:
		reduce = bicubic
	case Box:
		reduce = box
	default:
		return nil, fmt.Errorf("inverse: super-resolution: unknown filter %d", filter)
	}
	return separable(image, reduce(image.Height, factor), reduce(image.Width, factor)), nil
}

// bicubic returns the table that reduces a line of n pixels. Pixel i of the result has its centre at u in the line,
// and gives pixel j the weight cubic((u-j)/factor).
func bicubic(n, factor int) table {
	f := float64(factor)
	return newTable(n, n/factor, func(i int, add func(int, float64)) {
		u := (float64(i)+0.5)*f - 0.5
		for j := int(math.Ceil(u - 2*f)); float64(j) <= u+2*f; j++ {
			add(Symmetric.inside(j, n), cubic((u-float64(j))/f))
		}
	})
}

// cubic is Keys' interpolation kernel (1981) with a = -0.5. It is zero beyond 2.
func cubic(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x <= 1:
		return (1.5*x-2.5)*x*x + 1
	case x <= 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// box returns the table that averages factor pixels of a line of n.
func box(n, factor int) table {
	return newTable(n, n/factor, func(i int, add func(int, float64)) {
		for j := range factor {
			add(i*factor+j, 1)
		}
	})
}
