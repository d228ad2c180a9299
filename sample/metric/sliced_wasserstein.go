package metric

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
)

// project returns, for each of a number of random directions, the projections of the images minus mean on it,
// ascending. The directions are uniform on the unit sphere, each from its own stream of random.MetricDirections.
func project(s imageSet, mean []float64, directions int, seed uint64) [][]float64 {
	sorted := make([][]float64, 0, directions)
	for len(sorted) < directions {
		m := mat.NewDense(s.pixels, min(max(1, blockValues/s.pixels), directions-len(sorted)), nil)
		for p := range m.RawMatrix().Cols {
			rng := random.Stream(seed, random.MetricDirections, uint64(len(sorted)+p))
			square := 0.0
			for j := range s.pixels {
				v := rng.NormFloat64()
				square += v * v
				m.Set(j, p, v)
			}
			column := m.ColView(p).(*mat.VecDense)
			column.ScaleVec(1/math.Sqrt(square), column)
		}
		values := s.times(mean, m)
		for p := range m.RawMatrix().Cols {
			line := mat.Col(nil, p, values)
			slices.Sort(line)
			sorted = append(sorted, line)
		}
	}
	return sorted
}

// slicedWasserstein returns the sliced 2-Wasserstein distance of two sets (Bonneel et al., J. Mathematical Imaging and
// Vision 51, 2015) from their projections on the same directions:
//
//	(mean over directions of integral_0^1 (F^-1(u) - G^-1(u))^2 du)^1/2,
//
// where F and G are the distributions of the projections. The sets may differ in size. Directions have length one, so a
// shift of all images is worth about its root mean square per pixel.
func slicedWasserstein(f, g [][]float64) float64 {
	sum := 0.0
	for p := range f {
		sum += quantileCoupling(f[p], g[p])
	}
	return math.Sqrt(sum / float64(len(f)))
}

// quantileCoupling returns integral_0^1 (F^-1(u) - G^-1(u))^2 du, the squared 2-Wasserstein distance of the ascending
// values x and y.
func quantileCoupling(x, y []float64) float64 {
	sum := 0.0
	// Counted in units of 1/(len(x) len(y)), a value of x weighs len(y), and a value of y weighs len(x).
	for i, j, u := 0, 0, 0; i < len(x); {
		next := min((i+1)*len(y), (j+1)*len(x))
		d := x[i] - y[j]
		sum += float64(next-u) * d * d
		u = next
		if u == (i+1)*len(y) {
			i++
		}
		if u == (j+1)*len(x) {
			j++
		}
	}
	return sum / (float64(len(x)) * float64(len(y)))
}
