package inverse

// Show returns a measurement as an image of the operator's shape, to be looked at and
// compared with the truth. If y is an image, as in super-resolution, it is enlarged by
// repeating its pixels and, if it is gray, its channel; else the result is A^T y, which
// for inpainting is the measured pixels, the others 0: gray.
func Show(a Operator, y []float32) []float32 {
	x := make([]float32, a.Image().Len())
	checkLengths(a, x, y)
	if l, ok := a.(*linear); !ok || !l.picture {
		a.Adjoint(x, y)
		return x
	}
	from, to := a.Measurement(), a.Image()
	for i := range x {
		c, row, column := i/(to.Height*to.Width), i/to.Width%to.Height, i%to.Width
		c, row, column = c*from.Channels/to.Channels, row*from.Height/to.Height, column*from.Width/to.Width
		x[i] = y[(c*from.Height+row)*from.Width+column]
	}
	return x
}
