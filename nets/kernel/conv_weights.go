package kernel

// PartsSize is the length of the working memory of BackwardWeights.
func (c Conv) PartsSize() int {
	if c.winogradForWeights() {
		return c.winogradSum().parts * planes * c.In * panels(c.Out) * tileColumns
	}
	return min(partialSums, c.weightUnits()) * taps * c.In * panels(c.Out) * tileColumns
}

// weightUnits is how many units the sum over all pixels has.
func (c Conv) weightUnits() int { return c.N * ((c.OutH() + weightRows - 1) / weightRows) }

// weightRows is how many rows of the result make a unit of the sum over all pixels. A unit is added in strips of about
// stripPixels pixels, whose inputs stay in the first-level cache while every tile of the weights is updated.
const (
	weightRows  = 16
	stripPixels = 64
)

// BackwardWeights writes the gradient dw (Out, In, 3, 3) with respect to the weights, where g is the gradient with
// respect to the result. parts is working memory of PartsSize values or more.
func (c Conv) BackwardWeights(dw, x, g, parts []float32) {
	c.check("Conv.BackwardWeights")
	checkLength("Conv.BackwardWeights", "dw", len(dw), c.weightsSize())
	checkLength("Conv.BackwardWeights", "x", len(x), c.inputSize())
	checkLength("Conv.BackwardWeights", "g", len(g), c.resultSize())
	checkRoom("Conv.BackwardWeights", "parts", len(parts), c.PartsSize())
	if c.winogradForWeights() {
		c.winogradWeights(dw, x, g, parts)
		return
	}
	height, width, columns, units := c.OutH(), c.OutW(), panels(c.Out)*tileColumns, c.weightUnits()
	blocks := (height + weightRows - 1) / weightRows
	strip := max(1, stripPixels/width)
	size := taps * c.In * columns
	sumParts(parts, min(partialSums, units), units, size, 1, func(s *Scratch, part []float32, unit, _ int) {
		n, first := unit/blocks, unit%blocks*weightRows
		last := min(first+weightRows, height)
		in := border{top: 1, left: 1, height: (strip-1)*c.Stride + 3, width: (width-1)*c.Stride + 3}
		pad := s.Floats(in.size(c.In))
		var wide []float32
		if columns != c.Out {
			wide = s.Floats(strip * width * columns)
		}
		for y := first; y < last; y += strip {
			rows := min(strip, last-y)
			in.height = (rows-1)*c.Stride + 3
			in.fill(pad, x[n*c.H*c.W*c.In:][:c.H*c.W*c.In], c.H, c.W, c.In, y*c.Stride)
			gs := g[(n*height+y)*width*c.Out:][:rows*width*c.Out]
			if wide != nil {
				gs = widen(wide, gs, c.Out, columns)
			}
			sum := outerSum{rows: rows, width: width,
				aStep: c.Stride * c.In, aRow: c.Stride * in.width * c.In, gStep: columns, gRow: width * columns}
			for ky := range 3 {
				sum.add(part[ky*3*c.In*columns:], 3*c.In, columns, pad[ky*in.width*c.In:], gs)
			}
		}
	})
	Parallel(panels(c.Out), func(_ *Scratch, p int) {
		for co := p * tileColumns; co < min((p+1)*tileColumns, c.Out); co++ {
			unpack(dw[co*c.In*taps:][:c.In*taps], parts[co:], c.In*columns, columns)
		}
	})
}

// unpack writes the gradient of the weights of one output: dst[i*9+t] = sums[t*stride+i*columns] for input i and tap t.
func unpack(dst, sums []float32, stride, columns int) {
	for t := range taps {
		at := t * stride
		for i := t; i < len(dst); i += taps {
			dst[i] = sums[at]
			at += columns
		}
	}
}

// widen copies rows of n values to rows of `columns` values, with zeros past the first n.
func widen(dst, x []float32, n, columns int) []float32 {
	for i := range len(x) / n {
		row := dst[i*columns:][:columns]
		copy(row, x[i*n:][:n])
		clear(row[n:])
	}
	return dst
}
