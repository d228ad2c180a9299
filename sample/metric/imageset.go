package metric

import (
	"iter"

	"gonum.org/v1/gonum/mat"
)

// blockValues bounds how many values of an imageSet are held as float64 at a time: 16 MB.
const blockValues = 1 << 21

// An imageSet is a number of images in memory: the first of those in images, and every stride-th after it.
type imageSet struct {
	images         []float32
	pixels, stride int
}

func (s imageSet) len() int { return (len(s.images)/s.pixels + s.stride - 1) / s.stride }

func (s imageSet) image(i int) []float32 { return s.images[i*s.stride*s.pixels:][:s.pixels] }

// blocks yields all images minus mean, in order, as rows of matrices, each with the number of the image in its first
// row. The next matrix overwrites the one before.
func (s imageSet) blocks(mean []float64) iter.Seq2[int, *mat.Dense] {
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

func (s imageSet) mean() []float64 {
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

// times returns the product of a matrix whose rows are the images minus mean, and m, which has one row for each pixel.
func (s imageSet) times(mean []float64, m *mat.Dense) *mat.Dense {
	_, columns := m.Dims()
	result := mat.NewDense(s.len(), columns, nil)
	for first, block := range s.blocks(mean) {
		part := result.Slice(first, first+block.RawMatrix().Rows, 0, columns).(*mat.Dense)
		part.Mul(block, m)
	}
	return result
}

// notFinite returns the number of the first image with a value that is not finite, or -1.
func notFinite(images []float32, pixels int) int {
	for i, v := range images {
		if !finite(float64(v)) {
			return i / pixels
		}
	}
	return -1
}
