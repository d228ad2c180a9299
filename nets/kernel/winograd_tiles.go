package kernel

// A tileRun is consecutive tiles of a row of tiles of an image.
type tileRun struct{ image, row, column, count int }

// tilesHigh and tilesWide count the tiles of an image; the last ones may reach past it.
func (c Conv) tilesHigh() int { return (c.H + tileSide - 1) / tileSide }
func (c Conv) tilesWide() int { return (c.W + tileSide - 1) / tileSide }

func (c Conv) tiles() int { return c.N * c.tilesHigh() * c.tilesWide() }

// eachRun calls f with the runs that make up tiles first to last-1 of all images, and the place of each among them.
func (c Conv) eachRun(first, last int, f func(run tileRun, at int)) {
	high, wide := c.tilesHigh(), c.tilesWide()
	for t := first; t < last; {
		run := tileRun{image: t / (high * wide), row: t / wide % high, column: t % wide}
		run.count = min(wide-run.column, last-t)
		f(run, t-first)
		t += run.count
	}
}

// A planeSet is the values of tiles in the planes of some rows of the 6x6: all channels of tile t in plane p of them stand at
// p*stride + t*channels.
type planeSet struct {
	values           []float32
	stride, channels int
	first, rows      int
}

// planeGap keeps planes from meeting in the same sets of a cache where their length is a power of two.
const planeGap = 16

func newPlaneSet(s *Scratch, tiles, channels, first, rows int) planeSet {
	stride := tiles*channels + planeGap
	return planeSet{s.Floats(rows * patch * stride), stride, channels, first, rows}
}

// plane returns plane p from tile `at` on.
func (s planeSet) plane(p, at int) []float32 { return s.values[p*s.stride+at*s.channels:] }

// toPlanes transforms pixels of x, images of H x W pixels with some channels, into the planes of a run's tiles, the first of
// which is tile `at`: with inputTransform 6x6 pixels a tile, from the one above and left of it on, with gradientTransform the
// tile's own 4x4. Pixels outside the image are zero.
func (c Conv) toPlanes(to planeSet, at int, s *Scratch, f transform, x []float32, channels int, run tileRun) {
	taps := len(matrices[f][0])
	margin := (taps - tileSide) / 2
	width := tileSide*(run.count-1) + taps
	first := tileSide*run.column - margin
	left, right := max(first, 0), min(first+width, c.W)

	stride := width * channels
	mid := s.Floats(patch*stride + stride)
	zero := mid[patch*stride:]
	clear(zero)
	var rows [patch][]float32
	for i := range taps {
		rows[i] = zero
		if y := tileSide*run.row - margin + i; y >= 0 && y < c.H {
			rows[i] = x[((run.image*c.H+y)*c.W+left)*channels:]
		}
	}
	f.apply(mid[(left-first)*channels:], stride, 0, &rows, 0, (right-left)*channels, 1)
	for i := range to.rows {
		row := mid[(to.first+i)*stride:][:stride]
		clear(row[:(left-first)*channels])
		clear(row[(right-first)*channels:])
		for j := range taps {
			rows[j] = row[j*channels:]
		}
		f.apply(to.plane(i*patch, at), to.stride, to.channels, &rows, tileSide*channels, channels, run.count)
	}
}

// fromPlanes transforms the planes of a run's tiles into n channels of the pixels of y, from the given one on, and adds bias (n)
// and, unless it is nil, init, which is like y.
func (c Conv) fromPlanes(y []float32, channel, n int, s *Scratch, from planeSet, at int, bias, init []float32, run tileRun) {
	width := tileSide * run.count
	stride := width * n
	mid := s.Floats(patch * stride)
	var columns [patch][]float32
	for i := range patch {
		for j := range columns {
			columns[j] = from.plane(i*patch+j, at)
		}
		outputTransform.apply(mid[i*stride:], n, tileSide*n, &columns, from.channels, n, run.count)
	}
	row, column := tileSide*run.row, tileSide*run.column
	first := ((run.image*c.H+row)*c.W+column)*c.Out + channel
	outputRows(y[first:], c.W*c.Out, c.Out, min(tileSide, c.H-row), mid, stride, n, min(width, c.W-column), bias, tail(init, first))
}

// outputRows applies the output transform to columns of count pixels of n channels, rows `from` apart in src, for the first
// `rows` of its results, and adds bias to every pixel and init, unless it is nil. In dst and init rows are `row` apart and
// pixels `step`.
func outputRows(dst []float32, row, step, rows int, src []float32, from, n, count int, bias, init []float32) {
	if useAVX2 {
		var add *float32
		if init != nil {
			add = &init[0]
		}
		outputRowsAVX2(&dst[0], row, step, rows, &src[0], from, n, count, &bias[0], add)
		return
	}
	for k, coefficients := range matrices[outputTransform][:rows] {
		for i := range count * n {
			at := k*row + i/n*step + i%n
			sum := bias[i%n]
			if init != nil {
				sum += init[at]
			}
			for j, m := range coefficients {
				sum += m * src[j*from+i]
			}
			dst[at] = sum
		}
	}
}
