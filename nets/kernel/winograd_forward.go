package kernel

// winogradSize is the length of the weights that packWinograd transforms: 36 right operands (In x Out).
func (c Conv) winogradSize() int { return planes * PanelSize(c.In, c.Out) }

// packInputs is how many input channels packWinograd transforms at a time, so that they stay in the first-level cache.
const packInputs = 32

// packWinograd writes dst[p] = (G w G^T)[p] for each plane p, packed. See pack for the strides and taps.
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

// A winogradCut says how a convolution is cut into tasks. A task computes one slice of the output channels of one
// block of tiles. The last block and the last slice may be smaller.
type winogradCut struct {
	tiles, blocks    int // tiles in a block, a multiple of tileRows, and the number of blocks
	channels, slices int // channels in a slice, whole panels, and the number of slices
}

// winogradCut aims at 16 tasks. Transformed weights of up to 256 x 256 channels (9 MiB) stay in a cache, so blocks may
// be small: of at most 24 tiles, so that the planes of 64 channels stay in a second-level cache of 512 KiB. Larger
// weights come from memory, so blocks are larger and therefore fewer, and each is cut into slices. Every slice
// transforms the inputs anew, which is less than a tenth of its work.
func (c Conv) winogradCut() winogradCut {
	const tasks, sliceChannels = 16, 64
	cut := winogradCut{slices: 1}
	strips := (c.tiles() + tileRows - 1) / tileRows
	large := c.In*c.Out > 256*256
	if large {
		cut.tiles = min(strips, 6) * tileRows
	} else {
		cut.tiles = min(max(strips/tasks, 1), 4) * tileRows
	}
	cut.blocks = (c.tiles() + cut.tiles - 1) / cut.tiles
	if large {
		cut.slices = max(1, min((tasks+cut.blocks-1)/cut.blocks, c.Out/sliceChannels))
	}
	cut.channels = roundUp((c.Out+cut.slices-1)/cut.slices, tileColumns)
	cut.slices = (c.Out + cut.channels - 1) / cut.channels
	return cut
}

func (c Conv) winogradForward(y, x, packed, bias, perImage, residual []float32) {
	cut, stride := c.winogradCut(), PanelSize(c.In, c.Out)
	Parallel(cut.blocks*cut.slices, func(s *Scratch, task int) {
		first, channel := task/cut.slices*cut.tiles, task%cut.slices*cut.channels
		last, channels := min(first+cut.tiles, c.tiles()), min(cut.channels, c.Out-channel)
		in, out := newPlaneSet(s, cut.tiles, c.In, 0, patch), newPlaneSet(s, cut.tiles, cut.channels, 0, patch)
		sum := s.Floats(panels(c.Out) * tileColumns)
		used := s.used
		c.eachRun(first, last, func(run tileRun, at int) {
			s.used = used
			c.toPlanes(in, at, s, inputTransform, x, c.In, run)
		})
		strips := (last - first + tileRows - 1) / tileRows
		for p := range planes {
			for j := 0; j < channels; j += tileColumns {
				strip6x16(out.plane(p, 0)[j:], out.channels, in.plane(p, 0), c.In, strips, c.In,
					packed[p*stride+(channel+j)*c.In:])
			}
		}
		image := -1
		c.eachRun(first, last, func(run tileRun, at int) {
			s.used = used
			if image != run.image {
				image = run.image
				c.sumBias(sum, bias, perImage, image)
			}
			c.fromPlanes(y, channel, channels, s, out, at, sum[channel:], residual, run)
		})
	})
}
