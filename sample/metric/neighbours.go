package metric

import (
	"iter"
	"math"

	"gonum.org/v1/gonum/mat"
)

// products yields, for each row of x, its inner products with all rows of y. The next row's overwrite them.
func products(x, y *mat.Dense) iter.Seq2[int, []float64] {
	return func(yield func(int, []float64) bool) {
		n, d := x.Dims()
		m, _ := y.Dims()
		rows := min(max(1, blockValues/m), n)
		for first := 0; first < n; first += rows {
			var block mat.Dense
			block.Mul(x.Slice(first, min(first+rows, n), 0, d), y.T())
			for i := range block.RawMatrix().Rows {
				if !yield(first+i, block.RawRowView(i)) {
					return
				}
			}
		}
	}
}

// squaredDistances yields, for each row of x, its squared distances |x|^2 + |y|^2 - 2 x.y to all rows of y. The next
// row's overwrite them. A distance that rounding cannot tell from 0 is 0.
func squaredDistances(x, y *mat.Dense) iter.Seq2[int, []float64] {
	const rounding = 1e-13
	return func(yield func(int, []float64) bool) {
		normsX, normsY := squaredNorms(x), squaredNorms(y)
		for i, row := range products(x, y) {
			for j, xy := range row {
				size := normsX[i] + normsY[j]
				row[j] = size - 2*xy
				if row[j] < rounding*size {
					row[j] = 0
				}
			}
			if !yield(i, row) {
				return
			}
		}
	}
}

func squaredNorms(x *mat.Dense) []float64 {
	n, _ := x.Dims()
	norms := make([]float64, n)
	for i := range norms {
		row := x.RowView(i)
		norms[i] = mat.Dot(row, row)
	}
	return norms
}

// radii returns the squared distance of each row of x to the k-th nearest of the others.
func radii(x *mat.Dense, k int) []float64 {
	n, _ := x.Dims()
	squared := make([]float64, n)
	nearest := make([]float64, k) // ascending
	for i, row := range squaredDistances(x, x) {
		for j := range nearest {
			nearest[j] = math.Inf(1)
		}
		for j, d := range row {
			if j == i || d >= nearest[k-1] {
				continue
			}
			at := k - 1
			for ; at > 0 && nearest[at-1] > d; at-- {
				nearest[at] = nearest[at-1]
			}
			nearest[at] = d
		}
		squared[i] = nearest[k-1]
	}
	return squared
}

// A manifold is a union of balls, one about each point, that reach to the point's k-th nearest neighbour.
type manifold struct {
	points *mat.Dense
	radii  []float64 // squared
}

// An overlap tells how far the manifolds of samples and of real images cover each other.
type overlap struct {
	precision float64 // share of samples in a ball of a real image: Kynkaanniemi et al., NeurIPS 2019
	recall    float64 // share of real images in a ball of a sample: the same
	density   float64 // mean number of balls of real images that hold a sample, divided by k: Naeem et al., ICML 2020
	coverage  float64 // share of real images with a sample in their ball: the same
}

func overlapOf(real, samples manifold, k int) overlap {
	reached, covered := make([]bool, len(real.radii)), make([]bool, len(real.radii)) // real images
	inside, balls := 0, 0
	for j, row := range squaredDistances(samples.points, real.points) {
		before := balls
		for i, d := range row {
			if d <= real.radii[i] {
				covered[i] = true
				balls++
			}
			if d <= samples.radii[j] {
				reached[i] = true
			}
		}
		if balls > before {
			inside++
		}
	}
	n := float64(len(samples.radii))
	return overlap{float64(inside) / n, share(reached), float64(balls) / (float64(k) * n), share(covered)}
}

// share is the part of the values that is true.
func share(values []bool) float64 {
	count := 0
	for _, b := range values {
		if b {
			count++
		}
	}
	return float64(count) / float64(len(values))
}

// nearestImages returns, for each sample, the root mean square difference per pixel to the nearest of the images.
func nearestImages(samples, images imageSet, mean []float64) []float64 {
	distances := make([]float64, samples.len())
	for first, x := range samples.blocks(mean) {
		nearest := make([]int, x.RawMatrix().Rows)
		least := make([]float64, len(nearest))
		for i := range least {
			least[i] = math.Inf(1)
		}
		for from, y := range images.blocks(mean) {
			for i, row := range squaredDistances(x, y) {
				for j, d := range row {
					if d < least[i] {
						least[i], nearest[i] = d, from+j
					}
				}
			}
		}
		for i, at := range nearest {
			square, image := 0.0, images.image(at)
			for j, v := range samples.image(first + i) {
				d := float64(v) - float64(image[j]) // more exact than |x|^2 + |y|^2 - 2 x.y
				square += d * d
			}
			distances[first+i] = math.Sqrt(square / float64(images.pixels))
		}
	}
	return distances
}
