package inverse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// projection is a random projection that does not store its matrix. It consists of stacked blocks P H S: S flips the
// signs of the pixels at random, H is the orthonormal Walsh-Hadamard transform of the pixels, padded by zeros to a
// power of two, and P selects rows at random (the subsampled randomized Hadamard transform of Ailon & Chazelle 2009).
// It takes O(N log N) operations; a dense matrix takes O(N^2), and as much memory.
type projection struct {
	image  Shape
	blocks []block
	order  int     // N of H, a power of two
	scale  float32 // factor of the rows of 1 and -1
	rows   int     // number of rows of all blocks
}

type block struct {
	signs []float32 // S, by pixel
	rows  []int     // P, ascending
}

// CompressedSensing measures random projections of the image: inner products with vectors of random signs, drawn from
// rng and scaled so that A has norm one or less. Up to as many measurements as pixels, rounded up to a power of two,
// a measurement has the magnitude of a pixel. There must be at least one.
func CompressedSensing(image Shape, measurements int, rng *rand.Rand) (Operator, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	if measurements < 1 {
		return nil, fmt.Errorf("inverse: compressed sensing by %d measurements: must be at least 1", measurements)
	}
	return newProjection(image, measurements, rng), nil
}

func newProjection(image Shape, measurements int, rng *rand.Rand) *projection {
	order := 1
	for order < image.Len() {
		order *= 2
	}
	p := &projection{image: image, order: order, rows: measurements}
	for rows := measurements; rows > 0; rows -= order {
		b := block{signs: make([]float32, image.Len())}
		for i := range b.signs {
			b.signs[i] = float32(1 - 2*rng.IntN(2))
		}
		b.rows = rng.Perm(order)[:min(rows, order)]
		slices.Sort(b.rows)
		p.blocks = append(p.blocks, b)
	}
	p.scale = float32(1 / math.Sqrt(float64(order*len(p.blocks))))
	return p
}

func (p *projection) Image() Shape       { return p.image }
func (p *projection) Measurement() Shape { return Shape{1, 1, p.rows} }

func (p *projection) Apply(dst, x []float32) {
	checkLengths(p, x, dst)
	line := make([]float32, p.order)
	for _, b := range p.blocks {
		clear(line)
		for i, s := range b.signs {
			line[i] = s * x[i]
		}
		hadamard(line)
		for i, row := range b.rows {
			dst[i] = p.scale * line[row]
		}
		dst = dst[len(b.rows):]
	}
}

func (p *projection) Adjoint(dst, y []float32) {
	checkLengths(p, dst, y)
	clear(dst)
	line := make([]float32, p.order)
	for _, b := range p.blocks {
		clear(line)
		for i, row := range b.rows {
			line[row] = p.scale * y[i]
		}
		hadamard(line)
		for i, s := range b.signs {
			dst[i] += s * line[i]
		}
		y = y[len(b.rows):]
	}
}

// hadamard multiplies a line, whose length is a power of two, by the symmetric Walsh-Hadamard matrix of entries 1 and
// -1.
func hadamard(line []float32) {
	for half := 1; half < len(line); half *= 2 {
		for pair := range slices.Chunk(line, 2*half) {
			low, high := pair[:half], pair[half:]
			for i, a := range low {
				b := high[i]
				low[i], high[i] = a+b, a-b
			}
		}
	}
}
