package walk

import "math"

// A measured image, y = A x + e. The operators here are written from their definitions, as
// matrices, to check the walk; they serve images of one size only.
type measured struct {
	y        []float32
	eta      float64
	residual func(x []float32) []float64      // y - A x
	adjoint  func(dst []float32, r []float64) // A^T r
}

func (m measured) Eta() float64 { return m.eta }

func (m measured) Gradient(dst, x []float32) error {
	m.adjoint(dst, m.residual(x))
	return nil
}

// inpainting keeps the pixels where mask is 1: A = A^T = diag(mask), alike for all channels.
func inpainting(y, mask []float32, eta float64) measured {
	return measured{y, eta,
		func(x []float32) []float64 {
			r := make([]float64, len(x))
			for i := range r {
				r[i] = float64(y[i]) - float64(mask[i%len(mask)]*x[i])
			}
			return r
		},
		func(dst []float32, r []float64) {
			for i := range dst {
				dst[i] = mask[i%len(mask)] * float32(r[i])
			}
		},
	}
}

// superResolution shrinks planes of side x side by a factor in either direction: A = M x M^T.
func superResolution(y []float32, side, factor int, eta float64) measured {
	m := bicubic(side, factor)
	small := side / factor
	return measured{y, eta,
		func(x []float32) []float64 {
			r := make([]float64, len(y))
			for i := range r {
				plane, row, column := x[i/(small*small)*side*side:], m[i/small%small], m[i%small]
				r[i] = float64(y[i])
				for j := range side * side {
					r[i] -= row[j/side] * column[j%side] * float64(plane[j])
				}
			}
			return r
		},
		func(dst []float32, r []float64) {
			clear(dst)
			for i := range r {
				plane, row, column := dst[i/(small*small)*side*side:], m[i/small%small], m[i%small]
				for j := range side * side {
					plane[j] += float32(row[j/side] * column[j%side] * r[i])
				}
			}
		},
	}
}

// bicubic returns M of paper section 5, side/factor by side: a = -0.5, the kernel as wide as
// the factor, symmetric at the border.
func bicubic(side, factor int) [][]float64 {
	const a = -0.5
	kernel := func(t float64) float64 {
		switch t = math.Abs(t); {
		case t <= 1:
			return (a+2)*t*t*t - (a+3)*t*t + 1
		case t < 2:
			return a*t*t*t - 5*a*t*t + 8*a*t - 4*a
		}
		return 0
	}
	m := make([][]float64, side/factor)
	for i := range m {
		m[i] = make([]float64, side)
		centre, sum := (float64(i)+0.5)*float64(factor)-0.5, 0.0
		for j := -side; j < 2*side; j++ {
			w := kernel((float64(j) - centre) / float64(factor))
			mirrored := (j + 2*side) % (2 * side)
			m[i][min(mirrored, 2*side-1-mirrored)] += w
			sum += w
		}
		for j := range m[i] {
			m[i][j] /= sum
		}
	}
	return m
}
