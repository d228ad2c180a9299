package kernel

// FIR resamples images (height, width, channels) by the symmetric kernel (Outer, Inner, Inner, Outer) in both directions, zeros around
// them. Where its taps sum to 1, a constant image stays as it is, but for its border.
type FIR struct {
	Height, Width, Channels int // of the larger image; height and width are even
	Outer, Inner            float32
}

// Down halves an image: pixel i of a line is Outer x[2i-1] + Inner (x[2i] + x[2i+1]) + Outer x[2i+2], for all rows of the result from lo
// to hi.
func (f FIR) Down(dst, src []float32, scratch *Scratch, lo, hi int) {
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
			to, at := row[j*c:][:c], column[2*j*c:]
			left, right := at[:c], at[c:][:c]
			for k := range to {
				to[k] = f.Inner * (left[k] + right[k])
			}
			if j > 0 {
				add(to, column[(2*j-1)*c:][:c], f.Outer)
			}
			if 2*j+2 < f.Width {
				add(to, at[2*c:][:c], f.Outer)
			}
		}
	}
}

// Up doubles an image: pixel 2j of a line is 2 (Outer x[j-1] + Inner x[j]), and 2j+1 is 2 (Inner x[j] + Outer x[j+1]), for all rows of the
// result from lo to hi. It is four times the adjoint of Down.
func (f FIR) Up(dst, src []float32, scratch *Scratch, lo, hi int) {
	c, half := f.Channels, f.Width/2
	line := half * c // of src
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
				add(even, column[(j-1)*c:][:c], outer)
			}
			if j+1 < half {
				add(odd, column[(j+1)*c:][:c], outer)
			}
		}
	}
}

// addRow adds a row of an image, unless it lies outside.
func (f FIR) addRow(dst, src []float32, row, rows, line int, by float32) {
	if row >= 0 && row < rows {
		add(dst, src[row*line:][:line], by)
	}
}

func add(dst, x []float32, by float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] += by * v
	}
}
