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

// newPrior returns a mixture of as many Gaussians as there are means. Each has standard deviations from std to std/2,
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
			s := std * math.Pow(0.5, float64(k)/float64(max(d-1, 1)))
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

// spread returns Gaussians whose means lie far apart, compared with std.
func spread(t *testing.T, r *rand.Rand, d int) knownPrior {
	at := func(v float64) []float64 { return slices.Repeat([]float64{v}, d) }
	return newPrior(t, r, 0.1, []float64{0.5, 0.3, 0.2}, at(-1), at(0), at(1))
}

// touching returns Gaussians whose means lie two to three standard deviations apart.
func touching(t *testing.T, r *rand.Rand, d int) knownPrior {
	at := func(v float64) []float64 { return slices.Repeat([]float64{v}, d) }
	return newPrior(t, r, 0.25, []float64{0.5, 0.3, 0.2}, at(-0.6), at(0), at(0.6))
}

func single(t *testing.T, r *rand.Rand, d int) knownPrior {
	return newPrior(t, r, 0.3, []float64{1}, slices.Repeat([]float64{0.2}, d))
}

// density is the likelihood of images that have a density.
func density(seed uint64) Likelihood {
	return Likelihood{Low: 1e-3, High: 80, Levels: 49, Draws: 1, Seed: seed}
}

// The bits of a prior's own denoiser are the mean of the negative logarithm of its density, on the same images. The
// deviations fall with the root of images times draws.
func TestLikelihoodOfKnownPriors(t *testing.T) {
	compareLikelihoods(t, []likelihoodCase{
		{"Gaussian", single, 1, 2000, 16, 1e-3},
		{"Gaussian", single, 3, 1000, 4, 2e-3},
		{"Gaussian", single, 16, 600, 4, 2e-3},
		{"mixture", spread, 16, 300, 4, 5e-3},
	})
}

type likelihoodCase struct {
	name      string
	prior     func(*testing.T, *rand.Rand, int) knownPrior
	pixels    int
	images    int
	draws     int
	tolerance float64 // bits per value
}

func compareLikelihoods(t *testing.T, cases []likelihoodCase) {
	for _, c := range cases {
		r := rand.New(rand.NewPCG(1, uint64(c.pixels)))
		prior := c.prior(t, r, c.pixels)
		for _, l := range []Likelihood{density(1), EightBit(1)} {
			images := prior.draw(r, c.images, l.Step)
			l.Draws = c.draws
			t.Run(fmt.Sprintf("%s of %d values, step %.4f", c.name, c.pixels, l.Step), func(t *testing.T) {
				got, err := l.Measure(prior, images, c.pixels)
				if err != nil {
					t.Fatal(err)
				}
				want := prior.bits(images, l.Step)
				off := math.Abs(got.Mean - want)
				if !(off <= c.tolerance) || !(off <= got.Error) || got.Error > 10*c.tolerance {
					t.Errorf("%.5f bits with an error of at most %.5f, want %.5f +- %g",
						got.Mean, got.Error, want, c.tolerance)
				}
				t.Logf("off by %.5f, stated %.5f", got.Mean-want, got.Error)
			})
		}
	}
}

// The stated error covers the true one for nearly all noise, and is not far greater.
func TestLikelihoodStatesItsError(t *testing.T) {
	const pixels, seeds = 3, 20
	r := rand.New(rand.NewPCG(3, 1))
	prior := spread(t, r, pixels)
	images := prior.draw(r, 100, 0)
	want := prior.bits(images, 0)
	covered, squares, stated := 0, 0.0, 0.0
	for seed := range uint64(seeds) {
		got, err := density(seed).Measure(prior, images, pixels)
		if err != nil {
			t.Fatal(err)
		}
		off := got.Mean - want
		if math.Abs(off) <= got.Error {
			covered++
		}
		squares += off * off / seeds
		stated += got.Error / seeds
	}
	if rms := math.Sqrt(squares); covered < 19 || stated > 10*rms {
		t.Errorf("an error of at most %.4f is stated, the true one is %.4f, and %d of %d are within", stated, rms,
			covered, seeds)
	}
}

// The denoiser of another Gaussian has the bits of its own density, which are more.
func TestLikelihoodOfAWrongModel(t *testing.T) {
	const pixels = 4
	r := rand.New(rand.NewPCG(4, 1))
	truth, wrong := single(t, r, pixels), newPrior(t, r, 0.5, []float64{1}, make([]float64, pixels))
	l := density(1)
	l.Draws = 16
	images := truth.draw(r, 300, 0)
	best, err := l.Measure(truth, images, pixels)
	if err != nil {
		t.Fatal(err)
	}
	worse, err := l.Measure(wrong, images, pixels)
	if err != nil {
		t.Fatal(err)
	}
	if want := wrong.bits(images, 0); math.Abs(worse.Mean-want) > worse.Error || worse.Error > 0.03 {
		t.Errorf("the wrong model has %.4f +- %.4f bits, want %.4f", worse.Mean, worse.Error, want)
	}
	// No prior has this denoiser, but its errors bound the likelihood all the same.
	shrunk := denoiserFunc(func(dst, x []float32, sigma float64) error {
		err := truth.Denoise(dst, x, sigma)
		for i := range dst {
			dst[i] *= 0.99
		}
		return err
	})
	half, err := l.Measure(shrunk, images, pixels)
	if err != nil {
		t.Fatal(err)
	}
	if !(worse.Mean > best.Mean+0.1) || !(half.Mean > best.Mean+0.1) {
		t.Errorf("the true model has %.4f bits, a wrong one %.4f, a worse denoiser %.4f",
			best.Mean, worse.Mean, half.Mean)
	}
}

// A finite set of N images gives each of them the probability 1/N. Of other images it is certain that they are wrong:
// the bits depend on where the integral ends, which the error must say.
func TestLikelihoodOfAFiniteSet(t *testing.T) {
	const pixels, n = 6, 40
	r := rand.New(rand.NewPCG(5, 1))
	prior := single(t, r, pixels)
	images := prior.draw(r, n, 2./255)
	set, err := exact.NewData(images, pixels)
	if err != nil {
		t.Fatal(err)
	}
	l := EightBit(1)
	l.Draws = 16
	got, err := l.Measure(set, images, pixels)
	if err != nil {
		t.Fatal(err)
	}
	want := math.Log2(n) / pixels
	if off := math.Abs(got.Mean - want); off > 0.01 || off > got.Error {
		t.Errorf("the set's own images have %.4f bits, stated to %.4f, want %.4f", got.Mean, got.Error, want)
	}
	if got, err = l.Measure(set, prior.draw(r, n, 2./255), pixels); err != nil {
		t.Fatal(err)
	}
	if got.Mean < 100 || got.Error < got.Mean/3 {
		t.Errorf("other images have %.4f bits, stated to %.4f", got.Mean, got.Error)
	}
}

// Equal pixels cost nothing, and uniform noise costs all its bits, of which the last are due to the finest noise.
func TestLikelihoodOfConstantAndRandomValues(t *testing.T) {
	const pixels = 50
	l := EightBit(1)
	flat := denoiserFunc(func(dst, x []float32, _ float64) error {
		for i := range dst {
			dst[i] = -1
		}
		return nil
	})
	got, err := l.Measure(flat, slices.Repeat([]float32{-1}, 3*pixels), pixels)
	if err != nil {
		t.Fatal(err)
	}
	if got.Mean > 1e-12 || got.Error > 1e-12 {
		t.Errorf("constant images have %v bits, want 0", got)
	}
	r := rand.New(rand.NewPCG(6, 1))
	images, all := make([]float32, 10*pixels), make([]float32, 256)
	for i := range images {
		images[i] = float32(2*r.IntN(256))/255 - 1
	}
	for i := range all {
		all[i] = float32(2*i)/255 - 1
	}
	levels, err := exact.NewData(all, 1) // independent values
	if err != nil {
		t.Fatal(err)
	}
	if got, err = l.Measure(levels, images, pixels); err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Mean-8) > min(got.Error, 0.1) || !(got.Fine > 1 && got.Fine < 3) {
		t.Errorf("independent uniform values have %.4f bits (%.4f of them fine), stated to %.4f, want 8", got.Mean,
			got.Fine, got.Error)
	}
}

func TestLikelihoodErrors(t *testing.T) {
	broken := errors.New("broken")
	failing := denoiserFunc(func(_, _ []float32, _ float64) error { return broken })
	if _, err := EightBit(1).Measure(failing, make([]float32, 4), 2); !errors.Is(err, broken) {
		t.Errorf("error %v does not wrap the denoiser's", err)
	}
	fine := denoiserFunc(func(_, _ []float32, _ float64) error { return nil })
	for name, images := range map[string][]float32{"no images": nil, "one": {1, 2}, "part of one": make([]float32, 5)} {
		if _, err := EightBit(1).Measure(fine, images, 2); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, change := range map[string]func(*Likelihood){
		"a negative step":  func(l *Likelihood) { l.Step = -1 },
		"noise down to 0":  func(l *Likelihood) { l.Low = 0 },
		"an empty range":   func(l *Likelihood) { l.High = l.Low },
		"an even number":   func(l *Likelihood) { l.Levels = 48 },
		"an odd number":    func(l *Likelihood) { l.Draws = 3 },
		"no draws at all":  func(l *Likelihood) { l.Draws = 0 },
		"infinite noise":   func(l *Likelihood) { l.High = math.Inf(1) },
		"too few to halve": func(l *Likelihood) { l.Levels = 3 },
	} {
		l := EightBit(1)
		change(&l)
		if _, err := l.Measure(fine, make([]float32, 4), 2); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
