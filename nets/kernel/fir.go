package kernel

import "fmt"

// FIR resamples images (Height, Width, Channels) with the symmetric filter (Outer, Inner, Inner, Outer) in both
// directions. Pixels outside an image are zero. If the taps of the filter sum to 1, a constant image stays constant,
// except at its border.
type FIR struct {
	Height, Width, Channels int // shape of the larger image; height and width are even
	Outer, Inner            float32
}

// check panics unless the larger and the smaller image have the lengths that the shape asks for, and the result has
// rows lo to hi-1.
func (f FIR) check(kernel, largeName, smallName string, large, small []float32, lo, hi, rows int) {
	if min(f.Height, f.Width, f.Channels) < 1 || f.Height%2 != 0 || f.Width%2 != 0 {
		panic(fmt.Sprintf("kernel: %s: shape %d x %d x %d, want positive dimensions, and an even height and width",
			kernel, f.Height, f.Width, f.Channels))
	}
	checkLength(kernel, largeName, len(large), f.Height*f.Width*f.Channels)
	checkLength(kernel, smallName, len(small), f.Height*f.Width*f.Channels/4)
	if lo < 0 || hi > rows {
		panic(fmt.Sprintf("kernel: %s: rows %d to %d, want rows within 0 to %d", kernel, lo, hi, rows))
	}
}

// Down halves an image. In each direction pixel i of the result is
//
//	Outer x[2i-1] + Inner (x[2i] + x[2i+1]) + Outer x[2i+2].
//
// It writes rows lo to hi-1 of the result.
func (f FIR) Down(dst, src []float32, scratch *Scratch, lo, hi int) {
	f.check("FIR.Down", "src", "dst", src, dst, lo, hi, f.Height/2)
	line, c := f.Width*f.Channels, f.Channels
	column := scratch.Floats(line)
	for i := lo; i < hi; i++ {
		clear(column)
		f.addRow(column, src, 2*i-1, f.Height, line, f.Outer)
		f.addRow(column, src, 2*i, f.Height, line, f.Inner)
		f.addRow(column, src, 2*i+1, f.Height, line, f.Inner)
		f.addRow(column, src, 2*i+2, f.Height, line, f.Outer)
		row := dst[i*line/2:][:line/2]
		for j := range f.Width / 2 {
			pixel, at := row[j*c:][:c], column[2*j*c:]
			left, right := at[:c], at[c:][:c]
			for k := range pixel {
				pixel[k] = f.Inner * (left[k] + right[k])
			}
			if j > 0 {
				addScaled(pixel, column[(2*j-1)*c:][:c], f.Outer)
			}
			if 2*j+2 < f.Width {
				addScaled(pixel, at[2*c:][:c], f.Outer)
			}
		}
	}
}

// Up doubles an image. In each direction pixels 2j and 2j+1 of the result are
//
//	2 (Outer x[j-1] + Inner x[j])   and   2 (Inner x[j] + Outer x[j+1]).
//
// Up is four times the adjoint of Down. It writes rows lo to hi-1 of the result.
func (f FIR) Up(dst, src []float32, scratch *Scratch, lo, hi int) {
	f.check("FIR.Up", "dst", "src", dst, src, lo, hi, f.Height)
	c, half := f.Channels, f.Width/2
	line := half * c // values in a row of src
	column := scratch.Floats(line)
	outer, inner := 2*f.Outer, 2*f.Inner
	for i := lo; i < hi; i++ {
		near, far := i/2, i/2-1
		if i%2 == 1 {
			far = i/2 + 1
		}
		clear(column)
		f.addRow(column, src, near, f.Height/2, line, inner)
		f.addRow(column, src, far, f.Height/2, line, outer)
		row := dst[i*2*line:][:2*line]
		for j := range half {
			at := column[j*c:][:c]
			even, odd := row[2*j*c:][:c], row[(2*j+1)*c:][:c]
			for k, v := range at {
				even[k], odd[k] = inner*v, inner*v
			}
			if j > 0 {
				addScaled(even, column[(j-1)*c:][:c], outer)
			}
			if j+1 < half {
				addScaled(odd, column[(j+1)*c:][:c], outer)
			}
		}
	}
}

// addRow adds tap times a row of an image to dst, unless the row lies outside the image.
func (f FIR) addRow(dst, src []float32, row, rows, line int, tap float32) {
	if row >= 0 && row < rows {
		addScaled(dst, src[row*line:][:line], tap)
	}
}

func addScaled(dst, x []float32, factor float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] += factor * v
	}
}
