package kernel

// A winogradSum says how the sum over tiles in a gradient of weights is cut into tasks. The last unit may be smaller.
type winogradSum struct {
	unit, units int // tiles in a unit, and the number of units
	parts       int // partial sums
	slices      int // slices of planes in each partial sum
}

// winogradSum cuts the tiles into partial sums of at least 48 tiles, since adding the partial sums costs as much as
// several tiles. It makes at most eight, or four if each takes more than a megabyte. If these are few tasks, it cuts
// each partial sum into slices of planes too, which repeats a part of the transforms.
func (c Conv) winogradSum() winogradSum {
	const fewest, most = 48, 64 // tiles in a partial sum, and in a unit
	w := winogradSum{parts: min(max(c.tiles()/fewest, 1), partialSums)}
	if c.In*c.Out >= 96*96 {
		w.parts = min(w.parts, partialSums/2)
	}
	switch {
	case w.parts > 5:
		w.slices = 1
	case w.parts > 2:
		w.slices = 2
	default:
		w.slices = 3
	}
	each := (c.tiles() + w.parts - 1) / w.parts
	units := w.parts * ((each + most - 1) / most)
	w.unit = (c.tiles() + units - 1) / units
	w.units = (c.tiles() + w.unit - 1) / w.unit
	return w
}

func (c Conv) winogradWeights(dw, x, g, parts []float32) {
	columns := panels(c.Out) * tileColumns
	size, w := c.In*columns, c.winogradSum()
	rows := patch / w.slices
	sumParts(parts, w.parts, w.units, planes*size, w.slices, func(s *Scratch, part []float32, unit, slice int) {
		first := unit * w.unit
		last := min(first+w.unit, c.tiles())
		in := newPlaneSet(s, w.unit, c.In, slice*rows, rows)
		gradient := newPlaneSet(s, w.unit, columns, slice*rows, rows)
		used := s.used
		c.eachRun(first, last, func(run tileRun, at int) {
			s.used = used
			c.toPlanes(in, at, s, inputTransform, x, c.In, run)
			s.used = used
			c.toPlanes(gradient, at, s, gradientTransform, g, c.Out, run)
		})
		sum := outerSum{rows: 1, width: last - first, aStep: c.In, gStep: columns}
		for p := range rows * patch {
			sum.add(part[p*size:], c.In, columns, in.plane(p, 0), gradient.plane(p, 0))
		}
	})
	c.unpackWinograd(dw, parts)
}

// unpackWinograd transforms the gradient of the transformed weights, 36 planes of In x Out rounded up to whole panels,
// to dw.
func (c Conv) unpackWinograd(dw, sums []float32) {
	const block = 512 // values of each plane that a task takes; those of all planes stay in the second-level cache
	columns := panels(c.Out) * tileColumns
	size := c.In * columns
	inputs := max(1, block/columns)
	Parallel((c.In+inputs-1)/inputs, func(s *Scratch, task int) {
		first := task * inputs
		count := min(inputs, c.In-first)
		n := count * columns
		mid, direct := s.Floats(3*patch*n), s.Floats(taps*n)
		var rows [patch][]float32
		for j := range patch {
			for i := range rows {
				rows[i] = sums[(i*patch+j)*size+first*columns:]
			}
			weightGradientTransform.apply(mid[j*n:], patch*n, 0, &rows, 0, n, 1)
		}
		for ky := range 3 {
			for j := range rows {
				rows[j] = mid[(ky*patch+j)*n:]
			}
			weightGradientTransform.apply(direct[ky*3*n:], n, 0, &rows, 0, n, 1)
		}
		for co := range c.Out {
			unpack(dw[(co*c.In+first)*taps:][:count*taps], direct[co:], n, columns)
		}
	})
}
