package metric

import (
	"iter"
	"math"
	"slices"

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

// nearestOf returns, for each row of x, its nearest neighbours among the other rows, at most count of them, the nearest
// first.
func nearestOf(x *mat.Dense, count int) [][]neighbour {
	n, _ := x.Dims()
	count = min(count, n-1)
	all := make([][]neighbour, n)
	for i, row := range squaredDistances(x, x) {
		nearest := make([]neighbour, 0, count+1) // ascending
		for j, d := range row {
			if j == i || len(nearest) == count && d >= nearest[count-1].squared {
				continue
			}
			at := len(nearest)
			for at > 0 && nearest[at-1].squared > d {
				at--
			}
			nearest = slices.Insert(nearest, at, neighbour{j, d})[:min(len(nearest)+1, count)]
		}
		all[i] = nearest
	}
	return all
}

// radii returns the squared distance of each row of x to the k-th nearest of the others.
func radii(x *mat.Dense, k int) []float64 {
	var squared []float64
	for _, nearest := range nearestOf(x, k) {
		squared = append(squared, nearest[k-1].squared)
	}
	return squared
}

// A manifold is a union of balls, one about each point, that reach to the point's k-th nearest neighbour.
type manifold struct {
	points *mat.Dense
	radii  []float64 // squared
}

// An overlap tells, for each of some subsets of the samples, how far the manifolds of samples and of real images cover
// each other.
type overlap struct {
	precision []float64 // share of samples in a ball of a real image: Kynkaanniemi et al., NeurIPS 2019
	recall    []float64 // share of real images in a ball of a sample: the same
	density   []float64 // mean number of balls of real images that hold a sample, divided by k: Naeem et al., ICML 2020
	coverage  []float64 // share of real images with a sample in their ball: the same
}

// keptNeighbours is how many of a sample's nearest neighbours are known. Of three quarters of the samples, k are among
// them.
const keptNeighbours = 48

// A neighbour is a point and the squared distance to it.
type neighbour struct {
	index   int
	squared float64
}

func overlapOf(real manifold, samples *mat.Dense, k int, subsets []subset) (o overlap) {
	nearest := nearestOf(samples, keptNeighbours)
	balls := make([][]int, len(nearest))      // of real images that hold the sample
	near := make([][]neighbour, len(nearest)) // real images that may be in a ball of the sample
	inside, count := make([]float64, len(nearest)), make([]float64, len(nearest))
	for j, row := range squaredDistances(samples, real.points) {
		widest := nearest[j][len(nearest[j])-1].squared
		for i, d := range row {
			if d <= real.radii[i] {
				balls[j] = append(balls[j], i)
			}
			if d <= widest {
				near[j] = append(near[j], neighbour{i, d})
			}
		}
		if count[j] = float64(len(balls[j])) / float64(k); count[j] > 0 {
			inside[j] = 1
		}
	}
	o.precision, o.density = means(inside, subsets), means(count, subsets)
	for _, s := range subsets {
		reached, covered := make([]bool, len(real.radii)), make([]bool, len(real.radii)) // real images
		for _, j := range s.chosen {
			for _, i := range balls[j] {
				covered[i] = true
			}
			radius := radiusAmong(nearest[j], k, s)
			for _, r := range near[j] {
				if r.squared <= radius {
					reached[r.index] = true
				}
			}
		}
		o.recall, o.coverage = append(o.recall, share(reached)), append(o.coverage, share(covered))
	}
	return o
}

// radiusAmong returns the squared distance to the k-th of the neighbours that a subset contains.
func radiusAmong(nearest []neighbour, k int, s subset) float64 {
	for _, other := range nearest {
		if s.in[other.index] {
			if k--; k == 0 {
				return other.squared
			}
		}
	}
	return nearest[len(nearest)-1].squared
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

// nearImages are, for each sample, the number of the nearest of some images, and the root mean square difference per
// pixel to it.
type nearImages struct {
	index    []int
	distance []float64
}

// nearestImages returns the images nearest to the samples. With others, images that are equal to a sample are passed
// over.
func nearestImages(samples, images imageSet, mean []float64, others bool) nearImages {
	near := nearImages{make([]int, samples.len()), make([]float64, samples.len())}
	for first, x := range samples.blocks(mean) {
		nearest := make([]int, x.RawMatrix().Rows)
		least := make([]float64, len(nearest))
		for i := range least {
			least[i] = math.Inf(1)
		}
		for from, y := range images.blocks(mean) {
			for i, row := range squaredDistances(x, y) {
				for j, d := range row {
					if d < least[i] && !(others && d == 0) {
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
			near.index[first+i], near.distance[first+i] = at, math.Sqrt(square/float64(images.pixels))
		}
	}
	return near
}
