package metric

import (
	"iter"
	"math"

	"gonum.org/v1/gonum/mat"
)

// blockValues bounds how many values of a stack are in float64 at a time: 16 MB.
const blockValues = 1 << 21

// A stack is a number of images, of which it holds every stride-th of those in memory from the first on.
type stack struct {
	images         []float32
	pixels, stride int
}

func (s stack) len() int { return (len(s.images)/s.pixels + s.stride - 1) / s.stride }

func (s stack) image(i int) []float32 { return s.images[i*s.stride*s.pixels:][:s.pixels] }

// blocks yields all images less mean in order, as the rows of matrices that are overwritten by the next, and the number of
// the first row's image.
func (s stack) blocks(mean []float64) iter.Seq2[int, *mat.Dense] {
	return func(yield func(int, *mat.Dense) bool) {
		rows := min(max(1, blockValues/s.pixels), s.len())
		buffer := make([]float64, rows*s.pixels)
		for first := 0; first < s.len(); first += rows {
			block := mat.NewDense(min(rows, s.len()-first), s.pixels, buffer[:min(rows, s.len()-first)*s.pixels])
			for i := range block.RawMatrix().Rows {
				row := block.RawRowView(i)
				for j, v := range s.image(first + i) {
					row[j] = float64(v) - mean[j]
				}
			}
			if !yield(first, block) {
				return
			}
		}
	}
}

func (s stack) mean() []float64 {
	mean := make([]float64, s.pixels)
	for i := range s.len() {
		for j, v := range s.image(i) {
			mean[j] += float64(v)
		}
	}
	for j := range mean {
		mean[j] /= float64(s.len())
	}
	return mean
}

// times returns the images less mean, as rows, times a matrix of a row for each pixel.
func (s stack) times(mean []float64, m *mat.Dense) *mat.Dense {
	_, columns := m.Dims()
	result := mat.NewDense(s.len(), columns, nil)
	for first, block := range s.blocks(mean) {
		part := result.Slice(first, first+block.RawMatrix().Rows, 0, columns).(*mat.Dense)
		part.Mul(block, m)
	}
	return result
}

// notFinite returns the number of the first image that has a value which is not finite, or -1.
func notFinite(images []float32, pixels int) int {
	for i, v := range images {
		if w := float64(v); math.IsNaN(w) || math.IsInf(w, 0) {
			return i / pixels
		}
	}
	return -1
}
