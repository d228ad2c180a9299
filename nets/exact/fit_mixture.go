package exact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"

	"tweedie/data/random"
	"tweedie/nets/kernel"
)

// rounds bounds the iterations of k-means, which usually converges before.
const rounds = 50

// FitMixture returns a mixture of count Gaussians fitted to n images of d pixels in the simplest way: k-means divides
// the images into clusters (Lloyd's algorithm, started by k-means++), and FitGaussian fits a Gaussian to each, whose
// weight is the cluster's share of the images. Empty clusters are left out. It reports fewer images than count, and
// the errors of FitGaussian. Equal seeds give equal mixtures.
func FitMixture(images []float32, pixels, count int, seed uint64) (*Mixture, error) {
	if pixels < 1 || len(images)%pixels != 0 {
		return nil, fmt.Errorf("exact: %d values are not a whole number of images of %d pixels", len(images), pixels)
	}
	n := len(images) / pixels
	if count < 1 || n < count {
		return nil, fmt.Errorf("exact: a mixture of %d Gaussians of %d images: "+
			"there must be at least one of each, and as many images", count, n)
	}
	centres := firstCentres(images, pixels, count, random.Stream(seed, random.MixtureFit, 0))
	clusters := assign(images, centres)
	for range rounds {
		for j := range centres {
			moveToMean(centres[j], images, clusters, j)
		}
		before := clusters
		if clusters = assign(images, centres); slices.Equal(clusters, before) {
			break
		}
	}
	var weights []float64
	var components []*Gaussian
	for j := range centres {
		var members []float32
		for i, cluster := range clusters {
			if cluster == j {
				members = append(members, images[i*pixels:][:pixels]...)
			}
		}
		if len(members) == 0 {
			continue
		}
		g, err := FitGaussian(members, pixels)
		if err != nil {
			return nil, err
		}
		weights, components = append(weights, float64(len(members))), append(components, g)
	}
	return NewMixture(weights, components)
}

// firstCentres draws the images that k-means starts with: each with a probability in proportion to its squared
// distance from the nearest drawn before (k-means++, Arthur & Vassilvitskii 2007).
func firstCentres(images []float32, pixels, count int, r *rand.Rand) [][]float32 {
	n := len(images) / pixels
	distance := make([]float64, n)
	for i := range distance {
		distance[i] = math.Inf(1)
	}
	var centres [][]float32
	next := r.IntN(n)
	for len(centres) < count {
		centre := images[next*pixels:][:pixels]
		centres = append(centres, slices.Clone(centre))
		kernel.Parallel(n, func(_ *kernel.Scratch, i int) {
			distance[i] = min(distance[i], squaredDistance(images[i*pixels:][:pixels], centre))
		})
		left := r.Float64() * floats.Sum(distance)
		for i, d := range distance {
			if left -= d; left < 0 {
				next = i
				break
			}
		}
	}
	return centres
}

// assign returns the index of the nearest centre for each image.
func assign(images []float32, centres [][]float32) []int {
	pixels := len(centres[0])
	nearest := make([]int, len(images)/pixels)
	kernel.Parallel(len(nearest), func(_ *kernel.Scratch, i int) {
		least := math.Inf(1)
		for j, c := range centres {
			if d := squaredDistance(images[i*pixels:][:pixels], c); d < least {
				nearest[i], least = j, d
			}
		}
	})
	return nearest
}

// moveToMean overwrites centre j with the mean of its cluster, unless that is empty.
func moveToMean(c, images []float32, clusters []int, j int) {
	sum, members := make([]float64, len(c)), 0
	for i, cluster := range clusters {
		if cluster == j {
			members++
			for k, v := range images[i*len(c):][:len(c)] {
				sum[k] += float64(v)
			}
		}
	}
	for k := range c {
		if members > 0 {
			c[k] = float32(sum[k] / float64(members))
		}
	}
}

// squaredDistance returns |a - b|^2 in float64. (In |a|^2 - 2 a b + |b|^2 small distances would be lost.) Four sums
// at once do not wait for each other.
func squaredDistance(a, b []float32) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	for len(a) >= 4 {
		e0, e1 := float64(a[0])-float64(b[0]), float64(a[1])-float64(b[1])
		e2, e3 := float64(a[2])-float64(b[2]), float64(a[3])-float64(b[3])
		s0, s1, s2, s3 = s0+e0*e0, s1+e1*e1, s2+e2*e2, s3+e3*e3
		a, b = a[4:], b[4:]
	}
	for k, v := range a {
		e := float64(v) - float64(b[k])
		s0 += e * e
	}
	return s0 + s1 + s2 + s3
}
