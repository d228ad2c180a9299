package inverse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// scaled is an operator in other units.
type scaled struct {
	Operator
	by float32
}

func (s scaled) Apply(dst, x []float32) {
	s.Operator.Apply(dst, x)
	s.multiply(dst)
}

func (s scaled) Adjoint(dst, y []float32) {
	s.Operator.Adjoint(dst, y)
	s.multiply(dst)
}

func (s scaled) multiply(dst []float32) {
	for i := range dst {
		dst[i] *= s.by
	}
}

// projections splits an image into its parts in the row space and in the null space of a, by the singular value
// decomposition of its matrix.
func projections(t *testing.T, a Operator, x []float32) (row, null []float32) {
	t.Helper()
	var svd mat.SVD
	if !svd.Factorize(dense(a), mat.SVDThin) {
		t.Fatal("no singular value decomposition")
	}
	var v mat.Dense
	svd.VTo(&v)
	wide := make([]float64, len(x))
	for i, value := range x {
		wide[i] = float64(value)
	}
	var along, projected mat.VecDense
	along.MulVec(v.T(), mat.NewVecDense(len(x), wide))
	projected.MulVec(&v, &along)
	for i, value := range wide {
		row = append(row, float32(projected.AtVec(i)))
		null = append(null, float32(value-projected.AtVec(i)))
	}
	return row, null
}

// Two samples are apart by a known image. Its parts in both spaces are found to 1e-4, whatever A's norm is: images that
// differ by what A sees do not differ in what it does not see, and the reverse.
func TestSpacesDoNotLeak(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for _, c := range []struct{ side, factor int }{{12, 2}, {12, 4}, {28, 28}, {56, 28}} {
		image := Shape{1, c.side, c.side}
		for filter, name := range map[Filter]string{Bicubic: "bicubic", Box: "box"} {
			reduce := must[Operator](t)(SuperResolution(image, c.factor, filter))
			row, null := projections(t, reduce, random(image.Len(), rng))
			for _, by := range []float32{1e-3, 1, 1e3} {
				a := scaled{reduce, by}
				for _, d := range []struct {
					what      string
					row, null []float32
				}{
					{"seen", row, make([]float32, len(row))},
					{"unseen", make([]float32, len(row)), null},
					{"both", row, null},
				} {
					samples := make([]float32, 2*image.Len())
					for i := range d.row {
						samples[i] = d.row[i] + d.null[i]
					}
					seen, unseen, err := StandardDeviations(a, samples)
					if err != nil {
						t.Fatal(err)
					}
					// The squared distance of two samples is twice their variance.
					values := float64(a.Measurement().Len())
					length := func(x []float32) float64 { return math.Sqrt(dot(x, x)) }
					size := length(samples)
					gotRow := seen * math.Sqrt(2*values)
					gotNull := unseen * math.Sqrt(2*(float64(image.Len())-values))
					if math.Abs(gotRow-length(d.row)) > 1e-4*size || math.Abs(gotNull-length(d.null)) > 1e-4*size {
						t.Errorf("%s, factor %d of %d pixels, scaled by %g, what differs is %s: "+
							"%.6g seen and %.6g not, want %.6g and %.6g", name, c.factor, c.side, by, d.what,
							gotRow, gotNull, length(d.row), length(d.null))
					}
				}
			}
		}
	}
}

// The best linear estimate does not depend on the units of the measurement, nor does it lose its accuracy where the
// noise is a thousandth of what it was.
func TestLinearEstimateInOtherUnits(t *testing.T) {
	const pixels, eta = 12, 0.2
	images, _, _ := correlated(200, rand.New(rand.NewPCG(3, 4)))
	l, err := NewLinearEstimator(images, pixels)
	if err != nil {
		t.Fatal(err)
	}
	mean, covariance := statistics(images, pixels)
	for name, operator := range linearOperators(t) {
		for _, by := range []float64{1e-3, 1, 1e3} {
			for _, eta := range []float64{eta, eta * by} {
				t.Run(fmt.Sprintf("%s, scaled by %g, eta %g", name, by, eta), func(t *testing.T) {
					a := scaled{operator, float32(by)}
					y := Measure(a, images[:pixels], eta, rand.New(rand.NewPCG(5, 6)))
					got, err := l.Estimate(a, y, eta)
					if err != nil {
						t.Fatal(err)
					}
					for i, v := range gaussianPosterior(mean, covariance, dense(a), y, eta) {
						if math.Abs(v-float64(got[i])) > 2e-4 {
							t.Errorf("pixel %d is %g, want %g", i, got[i], v)
						}
					}
				})
			}
		}
	}
}
