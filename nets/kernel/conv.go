package kernel

import "fmt"

// Conv is the shape of a 3x3 convolution with zero padding of one pixel: N images of H x W pixels with In channels
// become images with Out channels. Activations are NHWC, weights PyTorch's (Out, In, 3, 3).
type Conv struct {
	N, H, W, In, Out int
	Stride           int // 1 or 2
}

// OutH and OutW are the height and width of the result.
func (c Conv) OutH() int { return (c.H-1)/c.Stride + 1 }
func (c Conv) OutW() int { return (c.W-1)/c.Stride + 1 }

// The lengths of the input, the result and the weights.
func (c Conv) inputSize() int   { return c.N * c.H * c.W * c.In }
func (c Conv) resultSize() int  { return c.N * c.OutH() * c.OutW() * c.Out }
func (c Conv) weightsSize() int { return c.Out * c.In * taps }

// check panics unless the kernel can work on this shape.
func (c Conv) check(kernel string) {
	if min(c.N, c.H, c.W, c.In, c.Out) < 1 || c.Stride != 1 && c.Stride != 2 {
		panic(fmt.Sprintf("kernel: %s: shape %+v, want positive dimensions and stride 1 or 2", kernel, c))
	}
}

const taps = 9 // weights of a 3x3 kernel

// forwardTaps is the order of the weights in the kernel.
var forwardTaps = []int{0, 1, 2, 3, 4, 5, 6, 7, 8}

// ForwardSize is the length of the weights packed for Forward. Their layout depends on the shape, but not on N.
func (c Conv) ForwardSize() int {
	if c.winograd() {
		return c.winogradSize()
	}
	return PanelSize(taps*c.In, c.Out)
}

// PackForward packs the weights w for Forward. dst has ForwardSize values.
func (c Conv) PackForward(dst, w []float32) {
	c.check("Conv.PackForward")
	checkLength("Conv.PackForward", "dst", len(dst), c.ForwardSize())
	checkLength("Conv.PackForward", "w", len(w), c.weightsSize())
	c.packForward(dst, w, c.In*taps, taps, forwardTaps)
}

// packForward packs weights whose tap t lies at order[t]. strideOut is the distance between the weights of neighbouring
// outputs, and strideIn between those of neighbouring inputs.
func (c Conv) packForward(dst, w []float32, strideOut, strideIn int, order []int) {
	if c.winograd() {
		c.packWinograd(dst, w, strideOut, strideIn, order)
		return
	}
	Parallel(panels(c.Out), func(_ *Scratch, p int) {
		pack(dst[p*tileColumns*taps*c.In:], w, p, c.Out, c.In, strideOut, strideIn, order)
	})
}

// panels is how many panels hold the given number of columns.
func panels(columns int) int { return (columns + tileColumns - 1) / tileColumns }

// Forward writes the convolution of x plus bias (Out) to y. It adds row n of perImage (N, Out) to every pixel of image
// n, and residual, which has the shape of y, to the result. bias, perImage and residual may be nil.
func (c Conv) Forward(y, x, packed, bias, perImage, residual []float32) {
	c.check("Conv.Forward")
	checkLength("Conv.Forward", "y", len(y), c.resultSize())
	checkLength("Conv.Forward", "x", len(x), c.inputSize())
	checkLength("Conv.Forward", "packed", len(packed), c.ForwardSize())
	checkOptional("Conv.Forward", "bias", bias, c.Out)
	checkOptional("Conv.Forward", "perImage", perImage, c.N*c.Out)
	checkOptional("Conv.Forward", "residual", residual, c.resultSize())
	c.forward(y, x, packed, bias, perImage, residual)
}

func (c Conv) forward(y, x, packed, bias, perImage, residual []float32) {
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

// sumBias writes bias + perImage[n], which is added to every pixel of image n, and zeros past Out. Either may be nil.
func (c Conv) sumBias(sum, bias, perImage []float32, n int) {
	clear(sum)
	copy(sum, bias)
	if perImage != nil {
		for i, v := range perImage[n*c.Out:][:c.Out] {
			sum[i] += v
		}
	}
}

// tail returns s[i:], or nil if s is nil.
func tail(s []float32, i int) []float32 {
	if s == nil {
		return nil
	}
	return s[i:]
}

// rowsPerTask cuts images into tasks of about 256 pixels, or of fewer pixels if that would make fewer than 16 tasks. It
// returns the rows of a task.
func rowsPerTask(n, height, width int) int {
	blocks := max(1, (height*width+128)/256)
	blocks = max(blocks, min(height*width/32, (16+n-1)/n))
	blocks = min(max(blocks, 1), height)
	return (height + blocks - 1) / blocks
}

// A window says where the inputs of each pixel of the result lie in the padded image.
type window struct {
	pixels, width int // the number of pixels, and how many make a row
	step, row     int // the distance in the padded image, in values, between pixels of a row and between rows
}

func (w window) offset(pixel int) int { return pixel/w.width*w.row + pixel%w.width*w.step }

// multiply writes the product of the window of a with packed weights to c (pixels x columns), plus bias and init. See
// tile6x16 for k, segments and stride.
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
				partialTile(rows, width, c[at:], columns, a, &offsets, k, segments, stride, b, bias[p:],
					tail(init, at), columns)
			}
		}
	}
}

// A border describes a padded part of an image, height x width pixels with zeros where they lie outside the image. The
// part starts `top` rows above a given row of the image and `left` columns left of its first column.
type border struct{ top, left, height, width int }

// slack is how many values past the end of a padded image tiles may read.
const slack = 16

func (b border) size(channels int) int { return b.height*b.width*channels + slack }

// fill writes the part that starts `top` rows above row first of x (h x w pixels) to dst.
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
