package kernel

// outer6x16 adds a sum of outer products to a tile,
//
//	c[i][j] += sum_r sum_p a[r*aRow+p*aStep+i] g[r*gRow+p*gStep+j],   p < width, r < rows,
//
// for i < 6 and j < 16. Rows of c are ldc apart.
func outer6x16(c []float32, ldc, rows, width int, a []float32, aStep, aRow int, g []float32, gStep, gRow int) {
	if useAVX2 {
		outer6x16AVX2(&c[0], ldc, rows, width, &a[0], aStep, aRow, &g[0], gStep, gRow)
		return
	}
	for r := range rows {
		for p := range width {
			av, gv := a[r*aRow+p*aStep:][:tileRows], g[r*gRow+p*gStep:][:tileColumns]
			for i, v := range av {
				row := c[i*ldc:][:tileColumns]
				for j := range row {
					row[j] += v * gv[j]
				}
			}
		}
	}
}

// An outerSum describes a sum of outer products over rows x width pixels: the values of a at each pixel times those of
// g. The values of neighbouring pixels of a may overlap.
type outerSum struct {
	rows, width int
	aStep, aRow int // distance in a between pixels of a row, and between rows
	gStep, gRow int // the same in g
}

// add adds the sum to c (k x columns). The number of columns is a multiple of 16. add may read up to slack values past
// the end of a.
func (o outerSum) add(c []float32, k, columns int, a, g []float32) {
	for p := 0; p < columns; p += tileColumns {
		i := 0
		for ; useAVX2 && useAVX512 && k-i >= 2*tileRows; i += 2 * tileRows {
			outer12x16AVX512(&c[i*columns+p], columns, o.rows, o.width, &a[i], o.aStep, o.aRow, &g[p], o.gStep, o.gRow)
		}
		for ; i < k; i += tileRows {
			if k-i >= tileRows {
				outer6x16(c[i*columns+p:], columns, o.rows, o.width, a[i:], o.aStep, o.aRow, g[p:], o.gStep, o.gRow)
				continue
			}
			var t [tileRows * tileColumns]float32
			for r := range k - i {
				copy(t[r*tileColumns:][:tileColumns], c[(i+r)*columns+p:])
			}
			outer6x16(t[:], tileColumns, o.rows, o.width, a[i:], o.aStep, o.aRow, g[p:], o.gStep, o.gRow)
			for r := range k - i {
				copy(c[(i+r)*columns+p:][:tileColumns], t[r*tileColumns:])
			}
		}
	}
}

// partialSums is how many partial sums make a gradient of weights, on any number of cores.
const partialSums = 8

// sumParts writes the sum over all units to the first `size` values of parts, which has room for count partial sums of
// size values. It cuts the units into count runs, and each partial sum into slices of equal length. add(s, part, unit,
// slice) adds a unit to a slice of the partial sum of its run. At the end the partial sums are added in order.
func sumParts(parts []float32, count, units, size, slices int, add func(s *Scratch, part []float32, unit, slice int)) {
	Parallel(count*slices, func(s *Scratch, task int) {
		p, slice := task/slices, task%slices
		part := parts[p*size+slice*size/slices:][:size/slices]
		clear(part)
		for unit := p * units / count; unit < (p+1)*units/count; unit++ {
			s.used = 0
			add(s, part, unit, slice)
		}
	})
	const run = 4096
	Parallel((size+run-1)/run, func(_ *Scratch, r int) {
		total := parts[r*run : min((r+1)*run, size)]
		for p := 1; p < count; p++ {
			AddTo(total, parts[p*size+r*run:][:len(total)])
		}
	})
}
