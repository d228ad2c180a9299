package metric

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
)

const (
	mostBins    = 32
	imagesInBin = 20 // reference images, on average, at least
	lloydAtMost = 50 // iterations of k-means
)

// bins divide feature space into the clusters of the reference images (Richardson & Weiss, NeurIPS 2018). Samples that
// lack a kind of images have too few in some of them.
type bins struct {
	centres *mat.Dense
	counts  []float64 // of reference images
}

// newBins clusters points by k-means. The first centres are drawn from the points, far from each other (k-means++).
func newBins(points *mat.Dense, seed uint64) bins {
	n, f := points.Dims()
	count := min(mostBins, n/imagesInBin)
	if count < 2 {
		return bins{}
	}
	rng := random.Stream(seed, random.Clusters, 0)
	b := bins{centres: mat.NewDense(count, f, nil)}
	least := make([]float64, n) // squared distance to the nearest centre so far
	for i := range least {
		least[i] = 1
	}
	for k := range count {
		b.centres.SetRow(k, points.RawRowView(draw(rng, least)))
		for i, row := range squaredDistances(points, b.centres.Slice(k, k+1, 0, f).(*mat.Dense)) {
			if k == 0 || row[0] < least[i] {
				least[i] = row[0]
			}
		}
	}
	var before []int
	for range lloydAtMost {
		of := b.assign(points)
		if before != nil && !moved(before, of) {
			break
		}
		before = of
		sums, counts := mat.NewDense(count, f, nil), make([]float64, count)
		for i, k := range of {
			counts[k]++
			row := sums.RawRowView(k)
			for j, v := range points.RawRowView(i) {
				row[j] += v
			}
		}
		for k := range count {
			if counts[k] > 0 {
				b.centres.RowView(k).(*mat.VecDense).ScaleVec(1/counts[k], sums.RowView(k))
			}
		}
	}
	b.counts = make([]float64, count)
	for _, k := range b.assign(points) {
		b.counts[k]++
	}
	return b
}

// draw returns an index with probability proportional to its weight.
func draw(rng *rand.Rand, weights []float64) int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	left := total * rng.Float64()
	last := 0
	for i, w := range weights {
		if w > 0 {
			last = i
			if left -= w; left < 0 {
				break
			}
		}
	}
	return last
}

func moved(before, now []int) bool {
	for i := range now {
		if before[i] != now[i] {
			return true
		}
	}
	return false
}

// assign returns the bin of each point: that of the nearest centre.
func (b bins) assign(points *mat.Dense) []int {
	n, _ := points.Dims()
	of := make([]int, n)
	for i, row := range squaredDistances(points, b.centres) {
		for k, d := range row {
			if d < row[of[i]] {
				of[i] = k
			}
		}
	}
	return of
}

// divergence estimates Pearson's divergence sum_k (q_k - p_k)^2/p_k of the shares q of samples and p of reference images
// in the bins, given the bin of each sample that is chosen. Its expectation is 0 if both are of one distribution, and
// about s if samples lack a small share s of the images: what the two numbers of images add to (q_k - p_k)^2 is
// subtracted.
func (b bins) divergence(of []int, s subset) float64 {
	if len(b.counts) == 0 {
		return math.NaN()
	}
	counts := make([]float64, len(b.counts))
	for _, i := range s.chosen {
		counts[of[i]]++
	}
	n, m := float64(len(s.chosen)), 0.0
	for _, c := range b.counts {
		m += c
	}
	sum := 0.0
	for k, c := range counts {
		if b.counts[k] == 0 {
			continue
		}
		q, p := c/n, b.counts[k]/m
		sum += ((q-p)*(q-p) - q*(1-q)/(n-1) - p*(1-p)/(m-1)) / p
	}
	return sum
}
