package walk

import "slices"

// minimize returns the point where f is least, and its value there, near a start, by the method of Nelder and Mead
// 1965 with the usual coefficients. The first simplex has edges of the given length along each axis. It takes so many
// evaluations of f, or fewer if the simplex has shrunk to a point. f may be +Inf, but not NaN.
func minimize(f func(x []float64) float64, start []float64, edge float64, evaluations int) ([]float64, float64) {
	type vertex struct {
		x     []float64
		value float64
	}
	at := func(x []float64) vertex { evaluations--; return vertex{x, f(x)} }
	n := len(start)
	simplex := []vertex{at(slices.Clone(start))}
	for i := range n {
		x := slices.Clone(start)
		x[i] += edge
		simplex = append(simplex, at(x))
	}
	rank := func() {
		slices.SortStableFunc(simplex, func(a, b vertex) int {
			if a.value < b.value {
				return -1
			} else if a.value > b.value {
				return 1
			}
			return 0
		})
	}
	rank()
	for evaluations > 0 && simplex[n].value-simplex[0].value > 1e-9*(1e-9+simplex[0].value) {
		centre := make([]float64, n) // of all vertices but the worst
		for _, v := range simplex[:n] {
			for i := range centre {
				centre[i] += v.x[i] / float64(n)
			}
		}
		// toward is the point at t on the line from the worst vertex (t = -1) through the centre (t = 0).
		worst := simplex[n]
		toward := func(t float64) vertex {
			x := make([]float64, n)
			for i := range x {
				x[i] = centre[i] + t*(centre[i]-worst.x[i])
			}
			return at(x)
		}
		next := toward(1)
		if next.value < simplex[0].value {
			if further := toward(2); further.value < next.value {
				next = further
			}
		} else if next.value >= simplex[n-1].value {
			if next.value < worst.value {
				next = toward(0.5)
			} else {
				next = toward(-0.5)
			}
		}
		if next.value < worst.value {
			simplex[n] = next
		} else { // shrink towards the best
			for j := range simplex[1:] {
				x := simplex[j+1].x
				for i := range x {
					x[i] = (x[i] + simplex[0].x[i]) / 2
				}
				simplex[j+1] = at(x)
			}
		}
		rank()
	}
	return simplex[0].x, simplex[0].value
}
