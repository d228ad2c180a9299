package inverse

import (
	"fmt"
	"math"
)

// A Filter averages the pixels of which super-resolution measures one.
type Filter int

const (
	// Bicubic is MATLAB's imresize by 1/factor: Keys' cubic with a = -0.5, widened by
	// the factor against aliasing, the image reflected at its border. The paper's.
	Bicubic Filter = iota
	Box            // the mean of factor x factor pixels
)

// SuperResolution measures an image that is factor times smaller in height and width,
// which the factor, 2 or more, must divide.
func SuperResolution(image Shape, factor int, filter Filter) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	if factor < 2 || image.Height%factor != 0 || image.Width%factor != 0 {
		return nil, fmt.Errorf("inverse: super-resolution by factor %d: must be 2 or more and divide the image's %d x %d",
			factor, image.Height, image.Width)
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

// bicubic reduces a line of n pixels. Pixel i of the result is centred at u, between
// pixels of the line, and weighs pixel j by cubic((u-j)/factor).
func bicubic(n, factor int) table {
	f := float64(factor)
	return newTable(n, n/factor, func(i int, add func(int, float64)) {
		u := (float64(i)+0.5)*f - 0.5
		for j := int(math.Ceil(u - 2*f)); float64(j) <= u+2*f; j++ {
			add(Symmetric.inside(j, n), cubic((u-float64(j))/f))
		}
	})
}

// cubic is Keys' interpolation kernel with a = -0.5 (1981), zero beyond 2.
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

func box(n, factor int) table {
	return newTable(n, n/factor, func(i int, add func(int, float64)) {
		for j := range factor {
			add(i*factor+j, 1)
		}
	})
}
