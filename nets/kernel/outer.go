package kernel

import "fmt"

// outer6x16 adds a sum of outer products to a tile,
//
//	c[i][j] += sum_r sum_p a[r*aRow+p*aStep+i] g[r*gRow+p*gStep+j],   p < width, r < rows,
//
// for i < 6 and j < 16; rows of c are ldc apart.
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

// An outerSum is a sum of outer products of rows x width pixels: those of a, of k values each, with those of g. Pixels of a
// may overlap. g has its channels rounded up to whole panels.
type outerSum struct {
	rows, width int
	aStep, aRow int
	gStep, gRow int
}

// add adds the sum to c, k x columns with rows columns apart; columns is a multiple of 16, and a may be read slack
// values past its end.
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

// partialSums is how many partial sums a gradient of weights is cut into, whatever the number of cores.
const partialSums = 8

// sumParts runs add(s, part, unit, slice) for the units, cut into count runs with a partial sum each, and for each of a number of
// slices of the sum, and adds the partial sums in order into the first. parts holds count sums of size values.
func sumParts(parts []float32, count, units, size, slices int, add func(s *Scratch, part []float32, unit, slice int)) {
	if len(parts) < count*size {
		panic(fmt.Sprintf("kernel: %d values for %d partial sums of %d", len(parts), count, size))
	}
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
