package kernel

// Tiles of a product are tileRows x tileColumns; packed operands come in panels of tileColumns.
const (
	tileRows    = 6
	tileColumns = 16
)

// tile6x16 computes one tile of a product with a packed right operand,
//
//	c[i][j] = init[i][j] + bias[j] + sum_s sum_k a[offsets[i]+s*stride+k] b[s*K+k][j],   k < K, s < segments,
//
// for i < 6 and j < 16. Rows of c and init are ldc and ldi apart; a nil init is zero. Bias and the rows of b hold 16.
func tile6x16(c []float32, ldc int, a []float32, offsets *[tileRows]int, k, segments, stride int, b, bias, init []float32, ldi int) {
	if useAVX2 {
		var from *float32
		if init != nil {
			from = &init[0]
		}
		tile6x16AVX2(&c[0], ldc, &a[0], offsets, k, segments, stride, &b[0], &bias[0], from, ldi)
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

// partialTile is tile6x16 for a tile cut to rows x columns by the edge of the product.
func partialTile(rows, columns int, c []float32, ldc int, a []float32, offsets *[tileRows]int, k, segments, stride int, b, bias, init []float32, ldi int) {
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

func roundUp(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }

// pack writes panel p of a right operand: b[t*inputs+i][j] = w[(16 p + j)*strideOut + i*strideIn + taps[t]],
// zero where 16 p + j reaches outputs.
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
		from := w[(first+j)*strideOut:]
		for t, tap := range taps {
			at := t*inputs*tileColumns + j
			for i, q := 0, tap; i < inputs; i, q = i+1, q+strideIn {
				dst[at] = from[q]
				at += tileColumns
			}
		}
	}
}

var oneTap = []int{0}

// PackRows packs b, k rows of n with rows ldb apart, as the right operand of Product.
func PackRows(dst, b []float32, k, n, ldb int) {
	for p := range roundUp(n, tileColumns) / tileColumns {
		pack(dst[p*k*tileColumns:], b, p, n, k, 1, ldb, oneTap)
	}
}

// PackColumns packs the transpose of b, n rows of k with rows ldb apart, as the right operand of Product.
func PackColumns(dst, b []float32, k, n, ldb int) {
	for p := range roundUp(n, tileColumns) / tileColumns {
		pack(dst[p*k*tileColumns:], b, p, n, k, ldb, 1, oneTap)
	}
}

// Product computes c = a b + bias + init for a of m x k (rows lda apart) and b packed from k x n. Rows of c and of init
// are ldc apart; bias and init may be nil. It runs on one core.
func Product(c []float32, ldc int, a []float32, lda, m, k, n int, panels, bias, init []float32) {
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
			var from []float32
			if init != nil {
				from = init[i*ldc+p:]
			}
			if rows == tileRows && columns == tileColumns {
				tile6x16(c[i*ldc+p:], ldc, a, &offsets, k, 1, 0, b, pb[:], from, ldc)
			} else {
				partialTile(rows, columns, c[i*ldc+p:], ldc, a, &offsets, k, 1, 0, b, pb[:], from, ldc)
			}
		}
	}
}

// biasPanel returns the 16 values of bias from column p on, zero past its end.
func biasPanel(bias []float32, p int) (b [tileColumns]float32) {
	if bias != nil {
		copy(b[:], bias[p:])
	}
	return b
}

// productRows is how many rows of a product one task computes.
const productRows = 96

// ParallelProduct is Product on all cores, cut by rows.
func ParallelProduct(c []float32, ldc int, a []float32, lda, m, k, n int, panels, bias, init []float32) {
	Parallel((m+productRows-1)/productRows, func(_ *Scratch, task int) {
		i := task * productRows
		var from []float32
		if init != nil {
			from = init[i*ldc:]
		}
		Product(c[i*ldc:], ldc, a[i*lda:], lda, min(productRows, m-i), k, n, panels, bias, from)
	})
}
