package kernel

// Conv is the geometry of a 3x3 convolution with zero padding of one pixel, over N images of H x W pixels with In channels,
// NHWC. Weights are PyTorch's (Out, In, 3, 3).
type Conv struct {
	N, H, W, In, Out int
	Stride           int // 1 or 2
}

// OutH and OutW are the size of the result.
func (c Conv) OutH() int { return (c.H-1)/c.Stride + 1 }
func (c Conv) OutW() int { return (c.W-1)/c.Stride + 1 }

const taps = 9 // of a 3x3 kernel

var forwardTaps = []int{0, 1, 2, 3, 4, 5, 6, 7, 8}

// ForwardSize is the length of the weights packed for Forward. The form they are packed in depends on all but N.
func (c Conv) ForwardSize() int {
	if c.winograd() {
		return c.winogradSize()
	}
	return PanelSize(taps*c.In, c.Out)
}

// PackForward packs weights for Forward; dst has ForwardSize values.
func (c Conv) PackForward(dst, w []float32) { c.packForward(dst, w, c.In*taps, taps, forwardTaps) }

// packForward packs weights whose tap t lies at order[t]; those of neighbouring outputs are strideOut apart, of inputs strideIn.
func (c Conv) packForward(dst, w []float32, strideOut, strideIn int, order []int) {
	if c.winograd() {
		c.packWinograd(dst, w, strideOut, strideIn, order)
		return
	}
	Parallel(panels(c.Out), func(_ *Scratch, p int) {
		pack(dst[p*tileColumns*taps*c.In:], w, p, c.Out, c.In, strideOut, strideIn, order)
	})
}

func panels(columns int) int { return (columns + tileColumns - 1) / tileColumns }

// Forward writes the convolution plus bias to y. perImage (N x Out) is added to every pixel of its image, residual (like y)
// to the result; either may be nil.
func (c Conv) Forward(y, x, packed, bias, perImage, residual []float32) {
	sameLength("Conv.Forward with packed weights", c.ForwardSize(), len(packed))
	if c.winograd() {
		c.winogradForward(y, x, packed, bias, perImage, residual)
		return
	}
	height, width := c.OutH(), c.OutW()
	block := rowsPerTask(c.N, height, width)
	blocks := (height + block - 1) / block
	Parallel(c.N*blocks, func(s *Scratch, task int) {
		n, first := task/blocks, task%blocks*block
		rows := min(block, height-first)
		in := border{top: 1, left: 1, height: (rows-1)*c.Stride + 3, width: (width-1)*c.Stride + 3}
		pad := s.Floats(in.size(c.In))
		in.fill(pad, x[n*c.H*c.W*c.In:][:c.H*c.W*c.In], c.H, c.W, c.In, first*c.Stride)
		sum := s.Floats(panels(c.Out) * tileColumns)
		c.sumBias(sum, bias, perImage, n)
		m := window{pixels: rows * width, width: width, step: c.Stride * c.In, row: c.Stride * in.width * c.In}
		at := (n*height + first) * width * c.Out
		m.multiply(y[at:], pad, 3*c.In, 3, in.width*c.In, packed, c.Out, sum, tail(residual, at))
	})
}

// sumBias writes what is added to every pixel of image n, zero past Out. bias and perImage may be nil.
func (c Conv) sumBias(sum, bias, perImage []float32, n int) {
	clear(sum)
	copy(sum, bias)
	if perImage != nil {
		for i, v := range perImage[n*c.Out:][:c.Out] {
			sum[i] += v
		}
	}
}

// tail is s[i:], or nil where s is.
func tail(s []float32, i int) []float32 {
	if s == nil {
		return nil
	}
	return s[i:]
}

// rowsPerTask cuts images into tasks of about 256 pixels, and of fewer where that would leave under 16 tasks.
func rowsPerTask(n, height, width int) int {
	blocks := max(1, (height*width+128)/256)
	blocks = max(blocks, min(height*width/32, (16+n-1)/n))
	blocks = min(max(blocks, 1), height)
	return (height + blocks - 1) / blocks
}

// A window is the pixels of a result: where the values behind each lie in the padded image.
type window struct {
	pixels, width int // pixels in rows of width
	step, row     int // in the padded image, from pixel to pixel and from row to row, counting float32
}

func (w window) offset(pixel int) int { return pixel/w.width*w.row + pixel%w.width*w.step }

// multiply writes to c (pixels x columns) the product of the window of a with packed weights.
func (w window) multiply(c, a []float32, k, segments, stride int, packed []float32, columns int, bias, init []float32) {
	var offsets [tileRows]int
	for p := 0; p < columns; p += tileColumns {
		b := packed[p*k*segments:]
		width := min(tileColumns, columns-p)
		for i := 0; i < w.pixels; i += tileRows {
			rows := min(tileRows, w.pixels-i)
			for r := range offsets {
				offsets[r] = w.offset(i + min(r, rows-1))
			}
			at := i*columns + p
			if rows == tileRows && width == tileColumns {
				tile6x16(c[at:], columns, a, &offsets, k, segments, stride, b, bias[p:], tail(init, at), columns)
			} else {
				partialTile(rows, width, c[at:], columns, a, &offsets, k, segments, stride, b, bias[p:], tail(init, at), columns)
			}
		}
	}
}

// A border is a part of an image with zeros around it: height x width pixels from row first-top and column -left on.
type border struct{ top, left, height, width int }

// slack is how far tiles may read past the end of a padded image.
const slack = 16

func (b border) size(channels int) int { return b.height*b.width*channels + slack }

// fill copies rows first-top ... of x (h x w pixels) to dst, zero outside the image.
func (b border) fill(dst, x []float32, h, w, channels, first int) {
	columns := min(w, b.width-b.left) * channels
	for r := range b.height {
		row := dst[r*b.width*channels:][:b.width*channels]
		y := first - b.top + r
		if y < 0 || y >= h {
			clear(row)
			continue
		}
		clear(row[:b.left*channels])
		copy(row[b.left*channels:][:columns], x[y*w*channels:])
		clear(row[b.left*channels+columns:])
	}
}
