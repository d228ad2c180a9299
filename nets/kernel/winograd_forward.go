package kernel

// winogradSize is the length of weights transformed by packWinograd: 36 right operands of In x Out.
func (c Conv) winogradSize() int { return planes * PanelSize(c.In, c.Out) }

// packInputs is how many input channels of a panel packWinograd transforms at a time, so that they stay in the first-level cache.
const packInputs = 32

// packWinograd transforms weights: dst[p] = (G w G^T)[p], packed, for each plane p. Strides and taps are pack's.
func (c Conv) packWinograd(dst, w []float32, strideOut, strideIn int, taps []int) {
	stride := PanelSize(c.In, c.Out)
	blocks := (c.In + packInputs - 1) / packInputs
	Parallel(panels(c.Out)*blocks, func(s *Scratch, task int) {
		p, first := task/blocks, task%blocks*packInputs
		inputs := min(packInputs, c.In-first)
		n := inputs * tileColumns
		direct, mid := s.Floats(len(taps)*n), s.Floats(patch*3*n)
		pack(direct, w[first*strideIn:], p, c.Out, inputs, strideOut, strideIn, taps)
		var rows [patch][]float32
		for ky := range 3 {
			rows[ky] = direct[ky*3*n:]
		}
		weightTransform.apply(mid, 3*n, 0, &rows, 0, 3*n, 1)
		for i := range patch {
			for kx := range 3 {
				rows[kx] = mid[(i*3+kx)*n:]
			}
			weightTransform.apply(dst[i*patch*stride+(p*c.In+first)*tileColumns:], stride, 0, &rows, 0, n, 1)
		}
	})
}

// winogradTiles is how many tiles a task takes, a multiple of tileRows: with 24 the planes of 64 channels stay in a second-level
// cache of 512 KiB, and weights that do not are still used four times each. It is fewer where that would leave under 16 tasks.
func (c Conv) winogradTiles() int {
	return min(max(c.tiles()/(16*tileRows), 1), 4) * tileRows
}

func (c Conv) winogradForward(y, x, packed, bias, perImage, residual []float32) {
	total, each := c.tiles(), c.winogradTiles()
	columns := panels(c.Out) * tileColumns
	stride := PanelSize(c.In, c.Out)
	Parallel((total+each-1)/each, func(s *Scratch, task int) {
		first := task * each
		last := min(first+each, total)
		in, out := newPlaneSet(s, each, c.In), newPlaneSet(s, each, columns)
		sum := s.Floats(columns)
		used := s.used
		c.eachRun(first, last, func(run tileRun, at int) {
			s.used = used
			c.toPlanes(in, at, s, inputTransform, x, c.In, run)
		})
		strips := roundUp(last-first, tileRows) / tileRows
		for p := range planes {
			for j := 0; j < c.Out; j += tileColumns {
				strip6x16(out.values[p*out.stride+j:], columns, in.values[p*in.stride:], c.In, strips, c.In, packed[p*stride+j*c.In:])
			}
		}
		image := -1
		c.eachRun(first, last, func(run tileRun, at int) {
			s.used = used
			if image != run.image {
				image = run.image
				c.sumBias(sum, bias, perImage, image)
			}
			c.fromPlanes(y, s, out, at, sum, residual, run)
		})
	})
}
