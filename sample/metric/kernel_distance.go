package metric

import "gonum.org/v1/gonum/mat"

// kernelMean returns the mean of k(x, y) = (x.y/d + 1)^3 over rows x and y of d values. Where y is the same matrix as x, a row is not
// paired with itself.
func kernelMean(x, y *mat.Dense) float64 {
	n, d := x.Dims()
	m, _ := y.Dims()
	pairs, sum := float64(n)*float64(m), 0.0
	if x == y {
		pairs -= float64(n)
	}
	for i, row := range products(x, y) {
		for j, v := range row {
			if x != y || i != j {
				k := v/float64(d) + 1
				sum += k * k * k
			}
		}
	}
	return sum / pairs
}
