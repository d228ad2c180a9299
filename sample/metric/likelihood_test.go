package metric

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/nets/exact"
)

// A knownPrior is a mixture of Gaussians whose MMSE denoiser and density are known.
type knownPrior struct {
	*exact.Mixture
	weights    []float64 // sum to 1
	means      [][]float64
	covariance []*mat.Cholesky
}

// newPrior returns a mixture of as many Gaussians as there are means. Each has standard deviations from std to std/4,
// along directions of its own.
func newPrior(t *testing.T, r *rand.Rand, std float64, weights []float64, means ...[]float64) knownPrior {
	t.Helper()
	d := len(means[0])
	p := knownPrior{weights: weights, means: means}
	var components []*exact.Gaussian
	for _, mean := range means {
		directions := mat.NewDense(d, d, nil)
		directions.Apply(func(_, _ int, _ float64) float64 { return r.NormFloat64() }, directions)
		var qr mat.QR
		var q mat.Dense
		qr.Factorize(directions)
		qr.QTo(&q)
		c := mat.NewSymDense(d, nil)
		for k := range d {
			s := std * math.Pow(0.25, float64(k)/float64(max(d-1, 1)))
			c.SymRankOne(c, s*s, q.ColView(k))
		}
		g, err := exact.NewGaussian(mean, c)
		if err != nil {
			t.Fatal(err)
		}
		factor := new(mat.Cholesky)
		if !factor.Factorize(c) {
			t.Fatal("the covariance is singular")
		}
		components, p.covariance = append(components, g), append(p.covariance, factor)
	}
	var err error
	if p.Mixture, err = exact.NewMixture(weights, components); err != nil {
		t.Fatal(err)
	}
	return p
}

// draw returns n images, with values -1 + k step if step is positive.
func (p knownPrior) draw(r *rand.Rand, n int, step float64) []float32 {
	d := len(p.means[0])
	images := make([]float32, n*d)
	for i := range n {
		p.Draw(images[i*d:][:d], r)
	}
	for i, v := range images {
		if step > 0 {
			images[i] = float32(-1 + math.Round((float64(v)+1)/step)*step)
		}
	}
	return images
}

// bits returns the mean of -log2 p(x) per value, of densities in units of step if that is positive.
func (p knownPrior) bits(images []float32, step float64) float64 {
	d := len(p.means[0])
	sum, logs := 0.0, make([]float64, len(p.weights))
	for x := range slices.Chunk(images, d) {
		for j, c := range p.covariance {
			var solved mat.VecDense
			r := mat.NewVecDense(d, nil)
			for k, v := range x {
				r.SetVec(k, float64(v)-p.means[j][k])
			}
			if err := c.SolveVecTo(&solved, r); err != nil {
				panic(err)
			}
			logs[j] = math.Log(p.weights[j]) - (float64(d)*math.Log(2*math.Pi)+c.LogDet()+mat.Dot(r, &solved))/2
		}
		sum -= floats.LogSumExp(logs)
	}
	bits := sum / float64(len(images)) / math.Ln2
	if step > 0 {
		bits -= math.Log2(step)
	}
	return bits
}

func TestTry(t *testing.T) {
	for _, d := range []int{1, 3, 16} {
		r := rand.New(rand.NewPCG(1, uint64(d)))
		at := func(v float64) []float64 {
			m := make([]float64, d)
			for i := range m {
				m[i] = v * r.NormFloat64()
			}
			return m
		}
		g := newPrior(t, r, 0.3, []float64{1}, at(0.2))
		far := newPrior(t, r, 0.1, []float64{.5, .3, .2}, at(1.5), at(1.5), at(1.5))
		for name, p := range map[string]knownPrior{"gauss": g, "far": far} {
			for _, l := range []Likelihood{EightBit(1), {0, 1e-3, 80, 49, 1, 1}} {
				l.Draws = 16
				im := p.draw(r, 1000, l.Step)
				got, err := l.Measure(p, im, d)
				fmt.Println(name, d, l.Step, got, err, "off", got.Mean-p.bits(im, l.Step))
			}
		}
	}
	_ = errors.New
}
