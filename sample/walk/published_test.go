package walk

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets"
)

// An update takes a published state from level t to t-1, given the network's output and unit noise.
type update func(t int, state, output, noise float64) float64

// units are the coordinates of a publication: they return x, in [-1, 1], of a state at level t.
type units func(state float64, t int) float64

// Each preset takes the update of its publication. Step k goes from level t = K-k of the publication to t-1, and
// level 0 has no noise. The updates must agree for any network, so its output here is an arbitrary function of state
// and level.
func TestPresetsArePublishedUpdates(t *testing.T) {
	ddpm := nets.LinearBetas(1e-4, 0.02, 1000)
	beta := func(t int) float64 { return ddpm.Beta[t-1] }
	alphaBar := func(t int) float64 {
		if t == 0 {
			return 1
		}
		return ddpm.AlphaBar[t-1]
	}
	betaTilde := func(t int) float64 { return beta(t) * (1 - alphaBar(t-1)) / (1 - alphaBar(t)) }
	level := func(t int) float64 { return math.Sqrt(1/alphaBar(t) - 1) }
	preserved := func(z float64, t int) float64 { return z / math.Sqrt(alphaBar(t)) }
	ofEpsilon := func(t int, z, eps float64) float64 {
		return z - math.Sqrt(1-alphaBar(t))*eps // sqrt(alphaBar) D
	}
	// Ho et al. 2020, algorithm 2, with a variance of their section 3.2.
	hoEtAl := func(variance func(t int) float64) update {
		return func(t int, z, eps, n float64) float64 {
			if t == 1 {
				n = 0
			}
			return (z-beta(t)/math.Sqrt(1-alphaBar(t))*eps)/math.Sqrt(1-beta(t)) + math.Sqrt(variance(t))*n
		}
	}
	// Song & Ermon 2019: 100 steps at each of 10 levels from 1 to 0.01. Song et al. 2021: 1000 levels from 50 to
	// 0.01, and 0. Both have images in [0, 1].
	ncsn := func(t int) float64 { return 0.01 * math.Pow(100, float64((t+99)/100-1)/9) }
	ve := func(t int) float64 {
		if t == 0 {
			return 0
		}
		return 0.01 * math.Pow(5000, float64(t-1)/999)
	}
	difference := func(t int) float64 { return ve(t)*ve(t) - ve(t-1)*ve(t-1) }
	positive := func(u float64, _ int) float64 { return 2*u - 1 }
	ofScore := func(sigma func(t int) float64) func(t int, x, s float64) float64 {
		return func(t int, x, s float64) float64 { return x + sigma(t)*sigma(t)*s }
	}

	for _, row := range []struct {
		name, preset string
		tau          func(sigma []float64) []float64 // instead of the preset's, if not nil
		units        units
		clean        func(t int, state, output float64) float64 // the clean image by that output at level t
		update       update
	}{
		{"DDPM with betaTilde", "ddpm", nil, preserved, ofEpsilon, hoEtAl(betaTilde)},
		{"DDPM with beta", "vp-sde", nil, preserved, ofEpsilon, hoEtAl(beta)},
		// Song et al. 2021, equation 4.
		{"VP SDE", "vp-sde", nil, preserved, ofScore(func(t int) float64 { return math.Sqrt(1 - alphaBar(t)) }),
			func(t int, z, s, n float64) float64 {
				if t == 1 {
					n = 0
				}
				return (z+beta(t)*s)/math.Sqrt(1-beta(t)) + math.Sqrt(beta(t))*n
			}},
		// Song, Meng, Ermon 2021, equation 12 with sigma_t = 0.
		{"DDIM", "ddim", nil, preserved, ofEpsilon, func(t int, z, eps, _ float64) float64 {
			x0 := (z - math.Sqrt(1-alphaBar(t))*eps) / math.Sqrt(alphaBar(t))
			return math.Sqrt(alphaBar(t-1))*x0 + math.Sqrt(1-alphaBar(t-1))*eps
		}},
		// Song et al. 2021, equation 13 for the VE SDE: dx/dsigma = -sigma s, by Euler's method.
		{"probability flow", "ddim", nil, func(x float64, _ int) float64 { return x }, ofScore(level),
			func(t int, x, s, _ float64) float64 { return x + (level(t-1)-level(t))*-level(t)*s }},
		// Song et al. 2021, algorithm 2 without corrector; its last step returns the mean.
		{"VE SDE", "ve-sde", nil, positive, ofScore(ve), func(t int, u, s, n float64) float64 {
			if t == 1 {
				n = 0
			}
			return u + difference(t)*s + math.Sqrt(difference(t))*n
		}},
		// Song et al. 2021, appendix F.
		{"VE ancestral", "ancestral", nil, positive, ofScore(ve), func(t int, u, s, n float64) float64 {
			return u + difference(t)*s + math.Sqrt(ve(t-1)*ve(t-1)*difference(t)/(ve(t)*ve(t)))*n
		}},
		// Song & Ermon 2019, algorithm 1, with epsilon = 2e-5 and noise at every step.
		{"NCSN", "ncsn", nil, positive, ofScore(ncsn), func(t int, u, s, n float64) float64 {
			step := 2e-5 * ncsn(t) * ncsn(t) / (ncsn(1) * ncsn(1))
			return u + step/2*s + math.Sqrt(step)*n
		}},
		// The paper's table as printed, here with epsilon = 0.1 for images in [0, 1].
		{"NCSN as printed", "ncsn", func(sigma []float64) []float64 { return NCSN(sigma, 4*0.1, sigma[0]) },
			positive, ofScore(ncsn), func(t int, u, s, n float64) float64 {
				tau := 0.1 * ncsn(t) * ncsn(t) / (2 * ncsn(1000) * ncsn(1000))
				return u + tau*s + math.Sqrt(2*tau)*n
			}},
	} {
		s, err := Preset(row.preset)
		if err != nil {
			t.Fatal(err)
		}
		if row.tau != nil {
			s.Tau = row.tau
		}
		for name, space := range map[string]Space{"x": VE, "sqrt(alphaBar) x": VP} {
			t.Run(row.name+" in "+name, func(t *testing.T) {
				w := s.Walk()
				w.Space = space
				if err := w.Validate(); err != nil {
					t.Fatal(err)
				}
				r := rand.New(rand.NewPCG(4, 2))
				K, state, worst := len(w.Sigma), r.NormFloat64(), 0.0
				for k := range K {
					t, c := K-k, w.At(k)
					output, n := math.Sin(3*state+float64(t)), r.NormFloat64()
					d := row.units(row.clean(t, state, output), t)
					z := []float64{c.Scale * row.units(state, t)}
					advance(z, []float64{d}, []float64{0}, []float64{n}, c)
					state = row.update(t, state, output, n)
					got, want := z[0]/w.scale(k+1), row.units(state, t-1)
					worst = max(worst, math.Abs(got-want)/max(1, math.Abs(want)))
				}
				if t.Logf("%d steps, largest difference %.2g", K, worst); !(worst <= 1e-10) {
					t.Errorf("differs from the published update by %g", worst)
				}
			})
		}
	}
}

// The VP SDE's reverse diffusion (Song et al. 2021, algorithm 3) is not a walk of the template. It differs from
// ancestral sampling, which is one, in second order of beta.
func TestReverseDiffusionOfVPIsAncestralToSecondOrder(t *testing.T) {
	const x, s, n = 0.7, -1.3, 0.4
	for _, beta := range []float64{1e-2, 1e-3, 1e-4} {
		reverse := (2-math.Sqrt(1-beta))*x + beta*s + math.Sqrt(beta)*n
		ancestral := Walk{ // from any level to that with alpha = 1 - beta
			Sigma: []float64{2, math.Sqrt(5*(1-beta) - 1)}, Space: VP,
		}
		ancestral.Tau, ancestral.Temperature = Difference(ancestral.Sigma), Beta(ancestral.Sigma)
		c := ancestral.At(0)
		z := []float64{x}
		d := (x + 2*2/(1+2*2.)*s) / c.Scale // Tweedie in VP's units: 1 - alphaBar = sigma^2/(1+sigma^2)
		advance(z, []float64{d}, []float64{0}, []float64{n}, c)
		if math.Abs(z[0]-reverse) > beta*beta {
			t.Errorf("beta %g: differ by %g", beta, z[0]-reverse)
		}
	}
}

func TestPresets(t *testing.T) {
	for _, name := range []string{"ncsn", "ve-sde", "ddpm", "vp-sde", "ddim", "ancestral"} {
		if !slices.Contains(Presets(), name) {
			t.Errorf("no preset %q among %q", name, Presets())
		}
	}
	if _, err := Preset("edm"); err == nil {
		t.Error("an unknown preset: no error")
	}
}

// The three identities of paper section 3 hold for DDPM's table, where t = 1000-k and t-1 = 1000-(k+1).
func TestIdentities(t *testing.T) {
	ddpm := nets.LinearBetas(1e-4, 0.02, 1000)
	sigma := Pretrained(1000)
	tau, beta, ancestral := Difference(sigma), Beta(sigma), Ancestral(sigma)
	alphaBar := append([]float64{1}, ddpm.AlphaBar...)
	variance := func(s2, alpha float64) float64 { return s2 * alpha / (2 - 2*alpha) } // the table's T_k
	for k := range sigma {
		time := 1000 - k
		betaT, alpha := ddpm.Beta[time-1], 1-ddpm.Beta[time-1]
		betaTilde := betaT * (1 - alphaBar[time-1]) / (1 - alphaBar[time])
		for name, pair := range map[string][2]float64{
			"(1 - alpha)/alphaBar is a difference of variances": {(1 - alpha) / alphaBar[time], tau[k]},
			"T_k of betaTilde is that of VE ancestral sampling": {variance(betaTilde, alpha), ancestral[k]},
			"T_k of beta is alpha/2":                            {variance(betaT, alpha), beta[k]},
		} {
			if want, got := pair[0], pair[1]; math.Abs(got-want) > 1e-10*math.Abs(want) {
				t.Fatalf("%s: step %d: %.15g and %.15g", name, k, want, got)
			}
		}
	}
}
