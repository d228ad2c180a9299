package kernel

import "fmt"

// A product is computed in tiles of tileRows x tileColumns. Its right operand (k x n) is packed: cut into panels of
// tileColumns columns, each of which is contiguous, with zeros past column n.
const (
	tileRows    = 6
	tileColumns = 16
)

// tile6x16 computes one tile of a product with a packed right operand,
//
//	c[i][j] = init[i][j] + bias[j] + sum_s sum_k a[offsets[i]+s*stride+k] b[s*K+k][j],   k < K, s < segments,
//
// for i < 6 and j < 16. The left operand is read in segments of k values, `stride` apart: a 3x3 convolution has one for
// each row of its kernel. Rows of c are ldc apart, those of init ldi; a nil init is zero. bias and each row of b have
// 16 values.
func tile6x16(c []float32, ldc int, a []float32, offsets *[tileRows]int, k, segments, stride int,
	b, bias, init []float32, ldi int) {
	if useAVX2 {
		var firstInit *float32
		if init != nil {
			firstInit = &init[0]
		}
		tile6x16AVX2(&c[0], ldc, &a[0], offsets, k, segments, stride, &b[0], &bias[0], firstInit, ldi)
		return
	}
	for i, o := range offsets {
		var sum [tileColumns]float32
		if init != nil {
			copy(sum[:], init[i*ldi:])
		}
		for s := range segments {
			for q, v := range a[o+s*stride:][:k] {
				row := b[(s*k+q)*tileColumns:][:tileColumns]
				for j := range sum {
					sum[j] += v * row[j]
				}
			}
		}
		for j := range sum {
			c[i*ldc+j] = sum[j] + bias[j]
		}
	}
}

// partialTile is tile6x16 for a tile that the edge of the product cuts to rows x columns.
func partialTile(rows, columns int, c []float32, ldc int, a []float32, offsets *[tileRows]int, k, segments, stride int,
	b, bias, init []float32, ldi int) {
	var t [tileRows * tileColumns]float32
	if init != nil {
		for i := range rows {
			copy(t[i*tileColumns:][:columns], init[i*ldi:])
		}
	}
	tile6x16(t[:], tileColumns, a, offsets, k, segments, stride, b, bias, t[:], tileColumns)
	for i := range rows {
		copy(c[i*ldc:][:columns], t[i*tileColumns:])
	}
}

// PanelSize is the length of the panels that hold a k x n right operand.
func PanelSize(k, n int) int { return k * roundUp(n, tileColumns) }

// roundUp returns the smallest multiple that is at least n.
func roundUp(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }

// pack writes panel p of a right operand: b[t*inputs+i][j] = w[(16 p + j)*strideOut + i*strideIn + taps[t]],
// and zero for 16 p + j >= outputs.
func pack(dst, w []float32, p, outputs, inputs, strideOut, strideIn int, taps []int) {
	first := p * tileColumns
	columns := min(tileColumns, outputs-first)
	if columns < tileColumns {
		clear(dst[:len(taps)*inputs*tileColumns])
	}
	if strideOut == 1 {
		for t, tap := range taps {
			for i := range inputs {
				copy(dst[(t*inputs+i)*tileColumns:][:columns], w[first+i*strideIn+tap:])
			}
		}
		return
	}
	for j := range columns {
		column := w[(first+j)*strideOut:]
		for t, tap := range taps {
			at := t*inputs*tileColumns + j
			for i, q := 0, tap; i < inputs; i, q = i+1, q+strideIn {
				dst[at] = column[q]
				at += tileColumns
			}
		}
	}
}

var oneTap = []int{0}

// PackRows packs b (k x n, rows ldb apart) as the right operand of Product. dst has room for PanelSize(k, n) values.
func PackRows(dst, b []float32, k, n, ldb int) {
	checkMatrix("PackRows", "b", b, k, n, ldb)
	checkRoom("PackRows", "dst", len(dst), PanelSize(k, n))
	packRows(dst, b, k, n, ldb)
}

func packRows(dst, b []float32, k, n, ldb int) {
	for p := range roundUp(n, tileColumns) / tileColumns {
		pack(dst[p*k*tileColumns:], b, p, n, k, 1, ldb, oneTap)
	}
}

// PackColumns packs the transpose of b (n x k, rows ldb apart) as the right operand of Product. dst has room for
// PanelSize(k, n) values.
func PackColumns(dst, b []float32, k, n, ldb int) {
	checkMatrix("PackColumns", "b", b, n, k, ldb)
	checkRoom("PackColumns", "dst", len(dst), PanelSize(k, n))
	packColumns(dst, b, k, n, ldb)
}

func packColumns(dst, b []float32, k, n, ldb int) {
	for p := range roundUp(n, tileColumns) / tileColumns {
		pack(dst[p*k*tileColumns:], b, p, n, k, ldb, 1, oneTap)
	}
}

// checkMatrix panics unless a matrix has positive dimensions and rows that do not overlap, and its slice reaches to the
// end of the last row.
func checkMatrix(kernel, argument string, x []float32, rows, columns, distance int) {
	if min(rows, columns) < 1 || distance < columns {
		panic(fmt.Sprintf("kernel: %s: %s has %d x %d values, rows %d apart, "+
			"want positive dimensions and rows that do not overlap", kernel, argument, rows, columns, distance))
	}
	checkRoom(kernel, argument, len(x), (rows-1)*distance+columns)
}

// Product computes c = a b + bias + init for a (m x k, rows lda apart) and b (k x n), which PackRows or PackColumns has
// packed into panels. Rows of c and of init are ldc apart. bias (n) and init may be nil. Product runs on one core.
func Product(c []float32, ldc int, a []float32, lda, m, k, n int, panels, bias, init []float32) {
	checkMatrix("Product", "c", c, m, n, ldc)
	checkMatrix("Product", "a", a, m, k, lda)
	checkRoom("Product", "panels", len(panels), PanelSize(k, n))
	checkOptional("Product", "bias", bias, n)
	if init != nil {
		checkMatrix("Product", "init", init, m, n, ldc)
	}
	product(c, ldc, a, lda, m, k, n, panels, bias, init)
}

func product(c []float32, ldc int, a []float32, lda, m, k, n int, panels, bias, init []float32) {
	var offsets [tileRows]int
	for p := 0; p < n; p += tileColumns {
		columns := min(tileColumns, n-p)
		b := panels[p*k:]
		pb := biasPanel(bias, p)
		for i := 0; i < m; i += tileRows {
			rows := min(tileRows, m-i)
			for r := range offsets {
				offsets[r] = (i + min(r, rows-1)) * lda
			}
			at := i*ldc + p
			if rows == tileRows && columns == tileColumns {
				tile6x16(c[at:], ldc, a, &offsets, k, 1, 0, b, pb[:], tail(init, at), ldc)
			} else {
				partialTile(rows, columns, c[at:], ldc, a, &offsets, k, 1, 0, b, pb[:], tail(init, at), ldc)
			}
		}
	}
}

// biasPanel returns the 16 values of bias from column p on, with zeros past its end.
func biasPanel(bias []float32, p int) (b [tileColumns]float32) {
	if bias != nil {
		copy(b[:], bias[p:])
	}
	return b
}

// productRows is how many rows of a product one task computes.
const productRows = 96

// parallelProduct is product on all cores, cut by rows.
func parallelProduct(c []float32, ldc int, a []float32, lda, m, k, n int, panels, bias, init []float32) {
	Parallel((m+productRows-1)/productRows, func(_ *Scratch, task int) {
		i := task * productRows
		product(c[i*ldc:], ldc, a[i*lda:], lda, min(productRows, m-i), k, n, panels, bias, tail(init, i*ldc))
	})
}
