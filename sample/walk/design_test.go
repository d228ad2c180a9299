package walk

import (
	"math"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tweedie/nets/exact"
)

// A prior with a power law, and a mean along its eigenvectors of variances from 0.05 to 2.
var natural = PowerLaw{Scale: 3, Corner: 0.8, Exponent: 2.5}

// The error that is said is the error of samples: by the covariance matrix of a walk with a dense Gaussian denoiser,
// followed as a linear recursion of matrices.
func TestErrorIsThatOfADenseRecursion(t *testing.T) {
	const d = 9
	eigenvalues := natural.Eigenvalues(d)
	// The eigenvectors are those of a reflection, I - 2 u u^T with u of unit length.
	q := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range d {
			q.Set(i, j, -2./d)
		}
		q.Set(i, i, 1-2./d)
	}
	c := mat.NewDense(d, d, nil)
	var scaled mat.Dense
	scaled.Mul(q, mat.NewDiagDense(d, eigenvalues))
	c.Mul(&scaled, q.T())
	const along = 3 // the eigenvector that the mean is parallel to, of length 0.6
	mu := mat.NewVecDense(d, nil)
	mu.ScaleVec(0.6, q.ColView(along))
	for name, w := range map[string]Walk{
		"the paper's":   papersWalk(Sigmoid(157.407, 0.01, 60), 0.7, 0.1),
		"too few steps": papersWalk(Geometric(5, 0.02, 8), 0.4, 0.4),
	} {
		mean, covariance := mat.NewVecDense(d, nil), mat.NewDense(d, d, nil)
		for i := range d {
			covariance.Set(i, i, w.startStd()*w.startStd())
		}
		for k := range w.Sigma {
			step := w.At(k)
			noisy := mat.DenseCopyOf(c)
			for i := range d {
				noisy.Set(i, i, noisy.At(i, i)+step.Sigma*step.Sigma)
			}
			var b mat.Dense // x' = mu + B (x - mu) + noise, B = I - tau (C + sigma^2 I)^-1
			if err := b.Inverse(noisy); err != nil {
				t.Fatal(err)
			}
			b.Scale(-step.Tau, &b)
			for i := range d {
				b.Set(i, i, b.At(i, i)+1)
			}
			var off, moved mat.VecDense
			off.SubVec(mean, mu)
			moved.MulVec(&b, &off)
			mean.AddVec(mu, &moved)
			covariance.Product(&b, covariance, b.T())
			for i := range d {
				covariance.Set(i, i, covariance.At(i, i)+2*step.Tau*step.Temperature)
			}
		}
		// The two covariances commute: the distance of their roots is that of Wasserstein.
		var off mat.VecDense
		off.SubVec(mean, mu)
		want := math.Sqrt((mat.Dot(&off, &off) + squaredDistanceOfRoots(t, covariance, c)) / mat.Trace(c))
		got := w.Error(NewSpectrum(eigenvalues, 0.36, eigenvalues[along])).Samples
		if math.Abs(got-want) > 1e-9*(1+want) {
			t.Errorf("%s: error %.12g, want %.12g", name, got, want)
		}
	}
}

// squaredDistanceOfRoots returns |sqrt(A) - sqrt(B)|^2 in the Frobenius norm.
func squaredDistanceOfRoots(t *testing.T, a, b *mat.Dense) float64 {
	t.Helper()
	root := func(m *mat.Dense) *mat.Dense {
		d, _ := m.Dims()
		symmetric := mat.NewSymDense(d, nil)
		for i := range d {
			for j := i; j < d; j++ {
				symmetric.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
			}
		}
		var eigen mat.EigenSym
		if !eigen.Factorize(symmetric, true) {
			t.Fatal("no eigenvalues")
		}
		values := eigen.Values(nil)
		for i := range values {
			values[i] = math.Sqrt(max(0, values[i]))
		}
		var v, scaled, r mat.Dense
		eigen.VectorsTo(&v)
		scaled.Mul(&v, mat.NewDiagDense(d, values))
		r.Mul(&scaled, v.T())
		return &r
	}
	var difference mat.Dense
	difference.Sub(root(a), root(b))
	norm := mat.Norm(&difference, 2)
	return norm * norm
}

// What the denoiser is given has too little, by its gain, or too much, in full.
func TestErrorOfInputs(t *testing.T) {
	const l, sigma = 0.04, 0.5
	w := Walk{Sigma: []float64{sigma}, Tau: []float64{0.1}, Temperature: []float64{0}}
	s := NewSpectrum([]float64{l}, 0, 0)
	root := math.Sqrt(l + sigma*sigma)
	w.Start = SigmaMax // N(0, sigma^2)
	if got, want := w.Error(s).Inputs, l/(l+sigma*sigma)*(root-sigma)/math.Sqrt(l); math.Abs(got-want) > 1e-12 {
		t.Errorf("signal is missing: %g, want %g", got, want)
	}
	w.Start = Unit // N(0, 1)
	if got, want := w.Error(s).Inputs, (1-root)/math.Sqrt(l); math.Abs(got-want) > 1e-12 {
		t.Errorf("too much noise: %g, want %g", got, want)
	}
}

// Samples of the designed walk have the error that is said: by simulation, with a denoiser that package exact has.
func TestDesignedWalkIsAsGoodAsItSays(t *testing.T) {
	const d, n, K = 40, 4000, 12
	eigenvalues := natural.Eigenvalues(d)
	s := NewSpectrum(eigenvalues, 0, 0)
	w, err := papersWalk(Sigmoid(157.407, 0.01, 100), 0.7, 0.1).Design(s, K)
	if err != nil {
		t.Fatal(err)
	}
	said := w.Error(s).Samples
	mean, variance := make([]float32, d), make([]float32, d)
	for j, l := range eigenvalues {
		variance[j] = float32(l)
	}
	last, err := Last(w.Run(exact.NewIsotropic(mean, variance), d, 0, n))
	if err != nil {
		t.Fatal(err)
	}
	sum, trace := 0.0, 0.0
	for j, l := range eigenvalues {
		v := 0.0
		for i := range n {
			v += float64(last.X[i*d+j]) * float64(last.X[i*d+j]) / n
		}
		off := math.Sqrt(v) - math.Sqrt(l)
		sum, trace = sum+off*off, trace+l
	}
	// The standard deviations of n samples are off by 1/sqrt(2n) themselves.
	if got, slack := math.Sqrt(sum/trace), 3/math.Sqrt(2*n); math.Abs(got-said) > slack {
		t.Errorf("samples have the error %.4f, said was %.4f, to be known within %.4f", got, said, slack)
	}
}

// A design is better than the paper's walk of as many steps, and better with more steps.
func TestDesignBeatsThePapersWalk(t *testing.T) {
	s := NewSpectrum(natural.Eigenvalues(784), 50, 3)
	total := func(e GaussianError) float64 { return e.Samples*e.Samples + e.Inputs*e.Inputs } // as Design has it
	before := math.Inf(1)
	for _, K := range []int{5, 10, 20} {
		paper := papersWalk(Sigmoid(157.407, 0.01, K), 0.7, 0.1)
		w, err := paper.Design(s, K)
		if err != nil {
			t.Fatal(err)
		}
		said := w.Error(s)
		if theirs := paper.Error(s); len(w.Sigma) != K || said.Samples > theirs.Samples/2 ||
			said.Inputs > theirs.Inputs/2 {
			t.Errorf("%d steps of %d: error %+v, the paper's %+v", len(w.Sigma), K, said, theirs)
		}
		aim := total(w.errorWith(s, room))
		if aim > before {
			t.Errorf("%d steps: error %g, with half as many %g", K, aim, before)
		}
		before = aim
		for k := range w.Sigma {
			if c := w.At(k); c.Pull > 1 || k > 0 && c.Sigma > w.Sigma[k-1] || c.Sigma > 157.5 || c.Sigma < 0.0099 {
				t.Errorf("%d steps: step %d is %+v", K, k, c)
			}
		}
	}
}

func TestDesignsAreEqualAndBounded(t *testing.T) {
	s := NewSpectrum(natural.Eigenvalues(100), 4, 1)
	w := papersWalk(Geometric(20, 0.05, 30), 0.7, 0.1)
	a, err := w.Design(s, 9)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := w.Design(s, 9); err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("designs of equal arguments differ: %v and %v, %v", a, b, err)
	}
	measured, err := measuring(w, 0.2).Design(s, 9)
	if err != nil {
		t.Fatal(err)
	}
	unbounded := a.Error(s).Samples
	if bounded := measured.Error(s).Samples; !(bounded > unbounded) {
		t.Errorf("a measurement that bounds tau by 0.04 has the error %g, without it is %g", bounded, unbounded)
	}
	if one, err := w.Design(s, 1); err != nil || len(one.Sigma) != 1 {
		t.Errorf("a design of one step: %v, %v", one, err)
	}
	for name, design := range map[string]func() (Walk, error){
		"no steps":              func() (Walk, error) { return w.Design(s, 0) },
		"an invalid walk":       func() (Walk, error) { return Walk{}.Design(s, 3) },
		"images that are equal": func() (Walk, error) { return w.Design(NewSpectrum([]float64{0, 0}, 1, 0), 3) },
	} {
		if _, err := design(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFitPowerLaw(t *testing.T) {
	for _, law := range []PowerLaw{natural, {40, 3, 5}, {12, 0.05, 2}} {
		got, misfit, err := FitPowerLaw(law.Eigenvalues(300))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Exponent-law.Exponent) > 1e-3 || math.Abs(got.Scale/law.Scale-1) > 1e-3 || misfit > 1.001 {
			t.Errorf("fitted to %+v: %+v, off by %g", law, got, misfit)
		}
	}
	// Eigenvalues that are alternately twice and half those of a law are off by a factor of 2, and a little less of
	// the law that is nearest to them.
	noisy := natural.Eigenvalues(300)
	for j := range noisy {
		noisy[j] *= math.Pow(2, float64(1-j%2*2))
	}
	if law, misfit, err := FitPowerLaw(noisy); err != nil || misfit > 2 || misfit < 1.7 ||
		math.Abs(law.Exponent-natural.Exponent) > 0.5 {
		t.Errorf("fitted to a law with errors: %+v, off by %g, %v", law, misfit, err)
	}
	for name, eigenvalues := range map[string][]float64{
		"too few": {3, 2, 1}, "none positive": {0, 0, 0, 0}, "negative": {3, 2, 1, -1},
		"not finite": {math.Inf(1), 2, 1, 0},
	} {
		if _, _, err := FitPowerLaw(eigenvalues); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
