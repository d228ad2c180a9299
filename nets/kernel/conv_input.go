package kernel

// The gradient of a convolution with respect to its input is again a convolution, of the result's gradient. For stride
// 1 the kernel is rotated by 180 degrees, and inputs and outputs are exchanged. For stride 2 the input's pixels fall
// into four classes by the parity of row and column, and each class has its own taps. An even row depends on the middle
// row of the kernel alone. An odd row depends on the kernel's last row, through the result's row above it, and on the
// kernel's first row, through the result's row below it.

// backwardTaps is the order of the weights in the rotated kernel.
var backwardTaps = []int{8, 7, 6, 5, 4, 3, 2, 1, 0}

// parityTaps lists the taps of each class. The number of a class is 2 (row is odd) + (column is odd).
var parityTaps = [4][]int{{4}, {5, 3}, {7, 1}, {8, 6, 2, 0}}

// adjoint is the convolution that maps the gradient of the result to that of the input, for stride 1.
func (c Conv) adjoint() Conv { return Conv{N: c.N, H: c.H, W: c.W, In: c.Out, Out: c.In, Stride: 1} }

// BackwardSize is the length of the weights packed for BackwardInput.
func (c Conv) BackwardSize() int {
	if c.Stride == 1 {
		return c.adjoint().ForwardSize()
	}
	return PanelSize(taps*c.Out, c.In)
}

// PackBackward packs the weights w for BackwardInput. dst has BackwardSize values.
func (c Conv) PackBackward(dst, w []float32) {
	c.check("Conv.PackBackward")
	checkLength("Conv.PackBackward", "dst", len(dst), c.BackwardSize())
	checkLength("Conv.PackBackward", "w", len(w), c.weightsSize())
	if c.Stride == 1 {
		c.adjoint().packForward(dst, w, taps, c.In*taps, backwardTaps)
		return
	}
	Parallel(panels(c.In), func(_ *Scratch, p int) {
		class := 0
		for _, t := range parityTaps {
			pack(dst[class+p*tileColumns*len(t)*c.Out:], w, p, c.In, c.Out, taps, c.In*taps, t)
			class += PanelSize(len(t)*c.Out, c.In)
		}
	})
}

// BackwardInput writes the gradient dx with respect to the input, where g is the gradient with respect to the result.
func (c Conv) BackwardInput(dx, g, packed []float32) {
	c.check("Conv.BackwardInput")
	checkLength("Conv.BackwardInput", "dx", len(dx), c.inputSize())
	checkLength("Conv.BackwardInput", "g", len(g), c.resultSize())
	checkLength("Conv.BackwardInput", "packed", len(packed), c.BackwardSize())
	if c.Stride == 1 {
		c.adjoint().forward(dx, g, packed, nil, nil, nil)
		return
	}
	height, width := c.OutH(), c.OutW()
	block := rowsPerTask(c.N, height, width)
	blocks := (height + block - 1) / block
	Parallel(c.N*blocks, func(s *Scratch, task int) {
		n, first := task/blocks, task%blocks*block
		rows := min(block, height-first)
		in := border{height: rows + 1, width: width + 1}
		pad := s.Floats(in.size(c.Out))
		in.fill(pad, g[n*height*width*c.Out:][:height*width*c.Out], height, width, c.Out, first)
		bias := s.Floats(panels(c.In) * tileColumns)
		clear(bias)
		part := s.Floats(rows * width * c.In)
		image := dx[n*c.H*c.W*c.In:][:c.H*c.W*c.In]
		weights := packed
		for class, t := range parityTaps {
			odd := class >> 1
			m := window{pixels: rows * width, width: width, step: c.Out, row: in.width * c.Out}
			m.multiply(part, pad, (1+class&1)*c.Out, 1+odd, in.width*c.Out, weights, c.In, bias, nil)
			c.scatter(image, part, 2*first+odd, class&1, rows, width)
			weights = weights[PanelSize(len(t)*c.Out, c.In):]
		}
	})
}

// scatter writes the rows x width pixels of a class to every second pixel of every second row of the image, from row y
// and column x on.
func (c Conv) scatter(image, part []float32, y, x, rows, width int) {
	for r := range rows {
		for i := range width {
			if y+2*r < c.H && x+2*i < c.W {
				copy(image[((y+2*r)*c.W+x+2*i)*c.In:][:c.In], part[(r*width+i)*c.In:])
			}
		}
	}
}
