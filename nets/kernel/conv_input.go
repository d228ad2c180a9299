package kernel

// The gradient of a convolution with respect to its input is a convolution of the result's gradient: for stride 1 with the
// kernel turned round and inputs and outputs exchanged. For stride 2 the input's pixels fall into four classes by the
// parity of row and column, each reached by its own taps: an even row by the middle row of the kernel, an odd one by
// the last row (from the result's row above it) and the first (from the one below).

var backwardTaps = []int{8, 7, 6, 5, 4, 3, 2, 1, 0}

// parityTaps lists the taps of each class, class 2 (row odd) + (column odd).
var parityTaps = [4][]int{{4}, {5, 3}, {7, 1}, {8, 6, 2, 0}}

// turned is the convolution that a gradient of stride 1 goes back through.
func (c Conv) turned() Conv { return Conv{N: c.N, H: c.H, W: c.W, In: c.Out, Out: c.In, Stride: 1} }

// BackwardSize is the length of the weights packed for BackwardInput.
func (c Conv) BackwardSize() int {
	if c.Stride == 1 {
		return c.turned().ForwardSize()
	}
	return PanelSize(taps*c.Out, c.In)
}

// PackBackward packs weights for BackwardInput; dst has BackwardSize values.
func (c Conv) PackBackward(dst, w []float32) {
	if c.Stride == 1 {
		c.turned().packForward(dst, w, taps, c.In*taps, backwardTaps)
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

// BackwardInput writes the gradient dx for the gradient g of the result.
func (c Conv) BackwardInput(dx, g, packed []float32) {
	if c.Stride == 1 {
		c.turned().Forward(dx, g, packed, nil, nil, nil)
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

// scatter writes rows x width pixels to every second pixel of every second row of the image, from row y and column x on.
func (c Conv) scatter(image, part []float32, y, x, rows, width int) {
	for r := range rows {
		for i := range width {
			if y+2*r < c.H && x+2*i < c.W {
				copy(image[((y+2*r)*c.W+x+2*i)*c.In:][:c.In], part[(r*width+i)*c.In:])
			}
		}
	}
}
