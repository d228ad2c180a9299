package metric

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"tweedie/data/random"
)

// project calls visit with the projections of the images minus mean on a number of random directions, one direction
// after the other. The directions are uniform on the unit sphere, each from its own stream of random.MetricDirections.
func project(s imageSet, mean []float64, directions int, seed uint64, visit func(direction int, values []float64)) {
	for done := 0; done < directions; {
		m := mat.NewDense(s.pixels, min(max(1, blockValues/s.pixels), directions-done), nil)
		for p := range m.RawMatrix().Cols {
			rng := random.Stream(seed, random.MetricDirections, uint64(done+p))
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
			visit(done+p, mat.Col(nil, p, values))
		}
		done += m.RawMatrix().Cols
	}
}

// slicedWasserstein returns, for each subset of the samples, the sliced 2-Wasserstein distance to the reference half
// (Bonneel et al., J. Mathematical Imaging and Vision 51, 2015), from projections on the same directions:
//
//	(mean over directions of integral_0^1 (F^-1(u) - G^-1(u))^2 du)^1/2,
//
// where F and G are the distributions of the projections. The sets may differ in size. Directions have length one, so a
// shift of all images is worth about its root mean square per pixel.
func (c *comparison) slicedWasserstein() ([]float64, error) {
	sums := make([]float64, len(c.subsets))
	directions := len(c.projections)
	project(c.samples, c.mean, directions, c.options.Seed, func(p int, values []float64) {
		order := make([]int, len(values))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
		ascending := make([]float64, 0, len(values))
		for b, s := range c.subsets {
			ascending = ascending[:0]
			for _, i := range order {
				if s.in[i] {
					ascending = append(ascending, values[i])
				}
			}
			sums[b] += quantileCoupling(ascending, c.projections[p])
		}
	})
	for b, sum := range sums {
		sums[b] = math.Sqrt(sum / float64(directions))
	}
	return sums, nil
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
