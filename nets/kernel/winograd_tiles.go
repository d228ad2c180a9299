package kernel

// A tileRun is a run of consecutive tiles in one row of tiles of an image.
type tileRun struct{ image, row, column, count int }

// An image has tilesHigh x tilesWide tiles. The last ones may reach past its border.
func (c Conv) tilesHigh() int { return (c.H + tileSide - 1) / tileSide }
func (c Conv) tilesWide() int { return (c.W + tileSide - 1) / tileSide }

func (c Conv) tiles() int { return c.N * c.tilesHigh() * c.tilesWide() }

// eachRun cuts tiles first to last-1 of all images into runs. It calls f with each run and its first tile, counted from
// first.
func (c Conv) eachRun(first, last int, f func(run tileRun, at int)) {
	high, wide := c.tilesHigh(), c.tilesWide()
	for t := first; t < last; {
		run := tileRun{image: t / (high * wide), row: t / wide % high, column: t % wide}
		run.count = min(wide-run.column, last-t)
		f(run, t-first)
		t += run.count
	}
}

// A planeSet holds the transformed values of tiles, for some rows of the 6x6 planes. The channels of tile t in plane p
// start at p*stride + t*channels.
type planeSet struct {
	values           []float32
	stride, channels int
	first, rows      int // the first row of planes, and how many
}

// planeGap separates planes, which would otherwise share cache sets if their length is a power of two.
const planeGap = 16

func newPlaneSet(s *Scratch, tiles, channels, first, rows int) planeSet {
	stride := tiles*channels + planeGap
	return planeSet{s.Floats(rows * patch * stride), stride, channels, first, rows}
}

// plane returns the values of plane p from tile `at` on.
func (s planeSet) plane(p, at int) []float32 { return s.values[p*s.stride+at*s.channels:] }

// toPlanes transforms a run of tiles of x (N, H, W, channels) into planes, where the first tile of the run becomes tile
// `at`. With inputTransform a tile has 6x6 pixels, which start one pixel above and left of it, with gradientTransform
// its own 4x4. Pixels outside the image are zero.
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

// fromPlanes transforms the planes of a run of tiles into n channels of the pixels of y, from the given channel on. It
// adds bias (n), and init, which has the shape of y, unless init is nil.
func (c Conv) fromPlanes(y []float32, channel, n int, s *Scratch, from planeSet, at int, bias, init []float32,
	run tileRun) {
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
	outputRows(y[first:], c.W*c.Out, c.Out, min(tileSide, c.H-row), mid, stride, n, min(width, c.W-column), bias,
		tail(init, first))
}

// outputRows applies the output transform to six rows of count pixels with n channels, and writes the first `rows` rows
// of the result. It adds bias to every pixel, and init, unless init is nil. Rows of src are srcRow apart. In dst and
// init rows are `row` apart, and pixels `step`.
func outputRows(dst []float32, row, step, rows int, src []float32, srcRow, n, count int, bias, init []float32) {
	if useAVX2 {
		var firstInit *float32
		if init != nil {
			firstInit = &init[0]
		}
		outputRowsAVX2(&dst[0], row, step, rows, &src[0], srcRow, n, count, &bias[0], firstInit)
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
				sum += m * src[j*srcRow+i]
			}
			dst[at] = sum
		}
	}
}
