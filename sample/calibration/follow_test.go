package calibration

import (
	"math"
	"testing"

	"tweedie/nets"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

// TestFollowGaussian compares the law of a walk with its samples, at settings that are far from calibrated.
func TestFollowGaussian(t *testing.T) {
	shape := inverse.Shape{Channels: 1, Height: 2, Width: 3}
	prior := must(NewGaussian([]float64{0.5, 0, -0.5, 1, 0, 0}, Autoregressive(shape, 0.5, 0.8)))
	a := must(inverse.Inpainting(shape, []bool{true, false, true, false, false, true}))
	sigma := walk.Geometric(5, 0.02, 20)
	for _, c := range []struct {
		eta    float64
		method Method
		start  walk.Start
	}{{0.1, Paper(sigma, 0.5, 0.2), walk.Unit}, {0.5, Paper(sigma, 0.9, 1), walk.SigmaMax},
		{0.2, Langevin(sigma, 0.3, 1), walk.Unit}} {
		method := func(d nets.Denoiser, l *inverse.Likelihood) (walk.Walk, error) {
			w, err := c.method(d, l)
			w.Start = c.start
			return w, err
		}
		law := must(FollowGaussian(method, prior, a, c.eta))
		p := must(NewProblem(prior, a, c.eta, 200, 1))
		m := must(p.Measure(must(Walked(method, prior)(p, 50))))
		for name, compared := range map[string]struct {
			got  Estimate
			want float64
		}{
			"gap of the mean": {m.MeanGap, law.MeanGap}, "variance": {m.Variance, law.Variance},
			"variance seen":   {m.VarianceSeen, law.VarianceSeen},
			"variance unseen": {m.VarianceUnseen, law.VarianceUnseen},
		} {
			if z := compared.got.sigmas(compared.want); math.Abs(z) > 4 || compared.got.Error > 0.25*compared.want {
				t.Errorf("eta %g: %s of samples is %.4f within %.4f, that of their law %.4f",
					c.eta, name, compared.got.Value, compared.got.Error, compared.want)
			}
		}
	}
}

// TestSmallStepsAreExact takes ever more and smaller steps: the law tends to the posterior as 1/K.
func TestSmallStepsAreExact(t *testing.T) {
	shape := inverse.Shape{Channels: 1, Height: 2, Width: 2}
	prior := must(NewGaussian(make([]float64, 4), Autoregressive(shape, 0.5, 0.8)))
	a := must(inverse.Inpainting(shape, []bool{true, false, false, true}))
	before := math.Inf(1)
	for _, K := range []int{200, 800, 3200} {
		law := must(FollowGaussian(Paper(walk.Geometric(5, 0.001, K), 0.5, 1), prior, a, 0.3))
		if error := math.Abs(law.Variance - 1); error > before/3 {
			t.Errorf("K = %d: the variance errs by %.4f after %.4f with a quarter of the steps", K, error, before)
		} else {
			before = error
		}
	}
	if before > 0.01 {
		t.Errorf("the error of the variance is still %.4f", before)
	}
}

// TestStages: with small steps at T = 1 a walk follows the density of its level, far from the posterior, and both agree
// at the end.
func TestStages(t *testing.T) {
	shape := inverse.Shape{Channels: 1, Height: 2, Width: 2}
	prior := must(NewGaussian([]float64{0.5, 0, 0, -0.5}, Autoregressive(shape, 0.5, 0.8)))
	a := must(inverse.Inpainting(shape, []bool{true, false, false, true}))
	method := Paper(walk.Geometric(3, 0.001, 8000), 0.1, 1)
	stages := must(GaussianStages(method, prior, a, 0.5, []int{2000, 8000}))
	if len(stages) != 2 || stages[0].Level.Distance > 0.06 || stages[0].Posterior.Distance < 0.3 {
		t.Errorf("at a high level: %+v", stages)
	}
	end := must(FollowGaussian(method, prior, a, 0.5))
	if last := stages[1]; last.Posterior != end || end.Distance > 0.02 ||
		math.Abs(last.Posterior.Distance-last.Level.Distance) > 1e-4 {
		t.Errorf("at the end: %+v", last)
	}
}

// TestDistanceOfGaussians: for one value, the distance of N(m, s^2) and N(n, t^2) is ((m - n)^2 + (s - t)^2)^1/2.
func TestDistanceOfGaussians(t *testing.T) {
	one := inverse.Shape{Channels: 1, Height: 1, Width: 1}
	prior := must(NewGaussian([]float64{0}, Autoregressive(one, 0.5, 0)))
	law := must(FollowGaussian(Paper([]float64{0.5, 0.4, 0.3}, 0.4, 0.5), prior, must(inverse.Denoising(one)), 0.4))
	s := math.Sqrt(law.Variance)
	if want := math.Sqrt(law.MeanGap + (s-1)*(s-1)); math.Abs(law.Distance-want) > 1e-9 {
		t.Errorf("distance %.6f, want %.6f", law.Distance, want)
	}
}

func TestWalksThatCannotBeFollowed(t *testing.T) {
	sigma := walk.Geometric(5, 0.01, 50)
	a := must(inverse.Denoising(square))
	if _, err := FollowGaussian(Paper(sigma, 0.5, 1), mixture(), a, 0.1); err == nil {
		t.Error("a mixture is followed")
	}
	prior := must(NewGaussian(make([]float64, 16), Autoregressive(square, 0.1, 0)))
	if _, err := FollowGaussian(Paper(walk.Linear(1, 0.9, 500), 5, 1), prior, a, 10); err == nil {
		t.Error("a walk that diverges is followed")
	}
	if _, err := FollowGaussian(DPS(sigma, 1), prior, a, 0.1); err == nil {
		t.Error("a walk that is not affine is followed")
	}
	if _, err := FollowGaussian(Paper(nil, 0.5, 1), prior, a, 0.1); err == nil {
		t.Error("a walk without steps is followed")
	}
}
