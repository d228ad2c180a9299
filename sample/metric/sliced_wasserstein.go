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
			sums[b] += c.projections[p].distance(ascending)
		}
	})
	for b, sum := range sums {
		sums[b] = math.Sqrt(sum / float64(directions))
	}
	return sums, nil
}

// A line holds projections of images on a direction, ascending, and what the distance to others needs of them.
type line struct {
	values  []float64
	sums    []float64 // of the first 0, 1, 2, ... values
	squares float64   // mean square of the values
}

func newLine(ascending []float64) line {
	l := line{values: ascending, sums: make([]float64, len(ascending)+1)}
	for i, v := range ascending {
		l.sums[i+1] = l.sums[i] + v
		l.squares += v * v / float64(len(ascending))
	}
	return l
}

// distance returns integral_0^1 (F^-1(u) - G^-1(u))^2 du, the squared 2-Wasserstein distance of ascending values x,
// with distribution F, to those of the line, with distribution G. F^-1 is x_i for u between i/n and (i+1)/n, so that
// the integral is the sum of x_i^2/n - 2 x_i integral G^-1, plus the mean square of G.
func (l line) distance(x []float64) float64 {
	n, m := len(x), len(l.values)
	below := func(i int) float64 { // integral of G^-1 from 0 to i/n
		whole, rest := i*m/n, i*m%n
		integral := l.sums[whole]
		if rest > 0 {
			integral += float64(rest) / float64(n) * l.values[whole]
		}
		return integral / float64(m)
	}
	sum, before := l.squares, 0.0
	for i, v := range x {
		next := below(i + 1)
		sum += v*v/float64(n) - 2*v*(next-before)
		before = next
	}
	return max(sum, 0) // rounding may make it negative
}
