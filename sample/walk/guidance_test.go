package walk

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tweedie/nets"
	"tweedie/nets/exact"
)

// A pair is an image of two pixels.
type pair [2]float64

func (u pair) dot(v pair) float64           { return u[0]*v[0] + u[1]*v[1] }
func (u pair) plus(f float64, v pair) pair  { return pair{u[0] + f*v[0], u[1] + f*v[1]} }
func (u pair) times(f float64) pair         { return pair{f * u[0], f * u[1]} }
func (u pair) single() []float32            { return []float32{float32(u[0]), float32(u[1])} }
func (u pair) apart(v pair) (worst float64) { return max(math.Abs(u[0]-v[0]), math.Abs(u[1]-v[1])) }

// A projection is the likelihood of y = <a, x> + e for an image of two pixels.
type projection struct {
	a      pair
	y, eta float64
}

func (m projection) Eta() float64            { return m.eta }
func (m projection) residual(x pair) float64 { return m.y - m.a.dot(x) }

func (m projection) Gradient(dst, x []float32) error {
	copy(dst, m.a.times(m.residual(pair{float64(x[0]), float64(x[1])})).single())
	return nil
}

func (m projection) Distances(x []float32) ([]float64, error) {
	return []float64{math.Abs(m.residual(pair{float64(x[0]), float64(x[1])}))}, nil
}

func (m projection) Correction(dst, x []float32, rho float64) error {
	copy(dst, m.a.times(m.residual(pair{float64(x[0]), float64(x[1])})/(m.a.dot(m.a)+rho)).single())
	return nil
}

// A predictor is a network of DDPM for two pixels. Its output is an arbitrary function of the state, since the updates
// must agree for any network. The Jacobian is not symmetric.
type predictor float64 // the time t

func (t predictor) epsilon(z pair) pair {
	return pair{math.Sin(3*z[0] + float64(t)), math.Cos(z[0] - 2*z[1] + float64(t))}
}

// pullback returns v^T times the Jacobian of epsilon.
func (t predictor) pullback(z, v pair) pair {
	across := math.Sin(z[0] - 2*z[1] + float64(t))
	return pair{3*math.Cos(3*z[0]+float64(t))*v[0] - across*v[1], 2 * across * v[1]}
}

// predicted is the denoiser D(x, sigma) = x - sigma epsilon(sqrt(alphaBar) x) of a predictor.
type predicted struct{ predictor }

func (d predicted) denoised(x pair, sigma float64) pair {
	return x.plus(-sigma, d.epsilon(x.times(1/math.Hypot(1, sigma))))
}

func (d predicted) Denoise(dst, x []float32, sigma float64) error {
	copy(dst, d.denoised(pair{float64(x[0]), float64(x[1])}, sigma).single())
	return nil
}

func (d predicted) jacobian(x, v pair, sigma float64) pair {
	alpha := 1 / math.Hypot(1, sigma) // sqrt(alphaBar)
	return v.plus(-sigma*alpha, d.pullback(x.times(alpha), v))
}

func (d predicted) Pullback(dst, x, v []float32, sigma float64) error {
	at, along := pair{float64(x[0]), float64(x[1])}, pair{float64(v[0]), float64(v[1])}
	copy(dst, d.jacobian(at, along, sigma).single())
	return nil
}

// Each guidance takes the conditional update of its publication, from level t = K-k to t-1, in the publication's own
// coordinates, to 1e-10 in float64. Direct, which has images in float32, gives the same direction to their rounding.
func TestGuidancesArePublishedUpdates(t *testing.T) {
	ddpm := nets.LinearBetas(1e-4, 0.02, 1000)
	alphaBar := func(t int) float64 {
		if t == 0 {
			return 1
		}
		return ddpm.AlphaBar[t-1]
	}
	m := projection{a: pair{0.8, -0.5}, y: 0.7, eta: 0.1}
	estimate := func(t int, z pair) pair { // x0 by the network's output at z
		return z.plus(-math.Sqrt(1-alphaBar(t)), predictor(t).epsilon(z)).times(1 / math.Sqrt(alphaBar(t)))
	}
	preserved := func(z pair, t int) pair { return z.times(1 / math.Sqrt(alphaBar(t))) }
	unscaled := func(x pair, _ int) pair { return x }
	noisyLevel := func(t int) float64 { return 0.01 * math.Pow(1000, float64(t-1)/999) }
	const gradientScale, lambda, zeta, gamma, rate = 0.3, 7., 0.3, 0.45, 3e-6

	for _, row := range []struct {
		name, preset string
		change       func(s *Sampler)
		guidance     Guidance
		units        func(state pair, t int) pair // x of a state of the publication
		direction    func(d predicted, x pair, sigma float64) pair
		update       func(t int, state, noise pair) pair
	}{
		{
			// Chung et al. 2022, algorithm 1, with zeta_i = zeta'/|y - A x0|.
			"DPS", "ddpm", func(*Sampler) {}, DPS{Zeta: 2 * gradientScale}, preserved,
			func(d predicted, x pair, sigma float64) pair {
				r := m.residual(d.denoised(x, sigma))
				return d.jacobian(x, m.a.times(r/math.Abs(r)), sigma)
			},
			func(t int, z, n pair) pair {
				beta, before, now := ddpm.Beta[t-1], alphaBar(t-1), alphaBar(t)
				x0 := estimate(t, z)
				next := z.times(math.Sqrt(1-beta)*(1-before)/(1-now)).plus(math.Sqrt(before)*beta/(1-now), x0)
				next = next.plus(math.Sqrt(beta*(1-before)/(1-now)), n)
				r := m.residual(x0)
				v := m.a.times(-2 * r / math.Sqrt(now)) // gradient of |y - A x0|^2 for z - sqrt(1 - alphaBar) epsilon
				gradient := v.plus(-math.Sqrt(1-now), predictor(t).pullback(z, v))
				return next.plus(-gradientScale/math.Abs(r), gradient)
			},
		},
		{
			// Zhu et al. 2023, algorithm 1.
			"DiffPIR", "diffpir", func(s *Sampler) { s.Sigma = Pretrained(1000) }, DiffPIR{Lambda: lambda}, preserved,
			func(d predicted, x pair, sigma float64) pair {
				rho := lambda * m.eta * m.eta / (sigma * sigma)
				return m.a.times(m.residual(d.denoised(x, sigma)) / (m.a.dot(m.a) + rho))
			},
			func(t int, z, n pair) pair {
				before, now := alphaBar(t-1), alphaBar(t)
				rho := lambda * m.eta * m.eta / ((1 - now) / now)
				// The normal equations (A^T A + rho I) x0 = A^T y + rho x0', solved by Cramer's rule.
				right := m.a.times(m.y).plus(rho, estimate(t, z))
				a, b, c := m.a[0]*m.a[0]+rho, m.a[0]*m.a[1], m.a[1]*m.a[1]+rho
				x0 := pair{c*right[0] - b*right[1], a*right[1] - b*right[0]}.times(1 / (rho * (rho + m.a.dot(m.a))))
				epsilon := z.plus(-math.Sqrt(now), x0).times(1 / math.Sqrt(1-now))
				return x0.times(math.Sqrt(before)).plus(math.Sqrt((1-before)*(1-zeta)), epsilon).
					plus(math.Sqrt((1-before)*zeta), n)
			},
		},
		{
			// Jalal et al. 2021, with 1000 levels from 10 to 0.01, and a step at each.
			"annealed Langevin", "ncsn", func(s *Sampler) {
				s.Sigma, s.Inner = Geometric(10, 0.01, 1000), 1
				s.Tau = func(sigma []float64) []float64 { return NCSN(sigma, 2*rate, 0.01) }
			}, Langevin{Gamma: gamma}, unscaled,
			func(_ predicted, x pair, _ float64) pair { return m.a.times(m.residual(x)) },
			func(t int, x, n pair) pair {
				sigma := noisyLevel(t)
				step := rate * sigma * sigma / (noisyLevel(1) * noisyLevel(1))
				score := predictor(t).epsilon(x.times(1 / math.Hypot(1, sigma))).times(-1 / sigma)
				smoothed := gamma*gamma*sigma*sigma + m.eta*m.eta
				return x.plus(step, score.plus(m.residual(x)/smoothed, m.a)).plus(math.Sqrt(2*step), n)
			},
		},
	} {
		s, err := Preset(row.preset)
		if err != nil {
			t.Fatal(err)
		}
		row.change(&s)
		for name, space := range map[string]Space{"x": VE, "sqrt(alphaBar) x": VP} {
			t.Run(row.name+" in "+name, func(t *testing.T) {
				w := s.Walk()
				w.Space, w.Likelihood, w.Guidance = space, m, row.guidance
				if err := w.Validate(); err != nil {
					t.Fatal(err)
				}
				r := rand.New(rand.NewPCG(4, 2))
				normal := func() pair { return pair{r.NormFloat64(), r.NormFloat64()} }
				K, worst, rounding := len(w.Sigma), 0.0, 0.0
				for k := range K {
					t1, c, d := K-k, w.At(k), predicted{predictor(K - k)}
					state, n := normal(), normal()
					x := row.units(state, t1)
					z, g, denoised := x.times(c.Scale), row.direction(d, x, c.Sigma), d.denoised(x, c.Sigma)
					advance(z[:], denoised[:], g[:], n[:], c)
					got, want := z.times(1/w.scale(k+1)), row.units(row.update(t1, state, n), t1-1)
					worst = max(worst, got.apart(want)/max(1, math.Abs(want[0]), math.Abs(want[1])))

					direct := make([]float32, 2)
					at := Point{x.single(), denoised.single(), c.Sigma, d, m}
					if err := row.guidance.Direct(direct, at); err != nil {
						t.Fatal(err)
					}
					size := max(1, math.Abs(g[0]), math.Abs(g[1]))
					rounding = max(rounding, g.apart(pair{float64(direct[0]), float64(direct[1])})/size)
				}
				t.Logf("%d steps, largest difference %.2g, of directions in float32 %.2g", K, worst, rounding)
				if !(worst <= 1e-10) {
					t.Errorf("differs from the published update by %g", worst)
				}
				if !(rounding <= 1e-4) {
					t.Errorf("a direction is off by %g", rounding)
				}
			})
		}
	}
}

// An amplifier is the likelihood gain, for images of the given number of pixels, with all that guidances ask for.
type amplifier struct {
	gain
	pixels int
}

func (m amplifier) Distances(x []float32) (distances []float64, err error) {
	for image := range slices.Chunk(x, m.pixels) {
		squares := 0.0
		for _, v := range image {
			squares += math.Pow(float64(m.y-m.g*v), 2)
		}
		distances = append(distances, math.Sqrt(squares))
	}
	return distances, nil
}

func (m amplifier) Correction(dst, x []float32, rho float64) error {
	for i, v := range x {
		dst[i] = m.g * (m.y - m.g*v) / (m.g*m.g + float32(rho))
	}
	return nil
}

// On a Gaussian prior and A = g, every guidance but DPS is affine in x, so the mean and the variance of the walk obey a
// recursion.
func TestGuidanceOfGaussians(t *testing.T) {
	const mu, s = 0.3, 0.5
	const g, y, eta = 0.6, -0.2, 0.2
	const pixels, samples = 50, 400
	d := exact.NewIsotropic(slices.Repeat([]float32{mu}, pixels), slices.Repeat([]float32{s * s}, pixels))
	denoised := func(x, sigma float64) float64 { return (s*s*x + sigma*sigma*mu) / (s*s + sigma*sigma) }
	for name, row := range map[string]struct {
		guidance Guidance
		term     func(x, tau, sigma float64) float64 // weight times direction
	}{
		"Langevin": {Langevin{Gamma: 0.7}, func(x, tau, sigma float64) float64 {
			return tau * g * (y - g*x) / (eta*eta + 0.49*sigma*sigma)
		}},
		"DiffPIR": {DiffPIR{Lambda: 2}, func(x, tau, sigma float64) float64 {
			precision := g*g/(eta*eta) + 2/(sigma*sigma) // of the proximal point z
			z := (g*y/(eta*eta) + 2*denoised(x, sigma)/(sigma*sigma)) / precision
			return tau / (sigma * sigma) * (z - denoised(x, sigma))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := papersWalk(Geometric(10, 0.02, 150), 0.3, 1)
			w.Likelihood, w.Guidance = amplifier{gain{g, y, eta}, pixels}, row.guidance
			m, v := 0.0, 1.0
			for state, err := range w.Run(d, pixels, 0, samples) {
				if err != nil {
					t.Fatal(err)
				}
				if k := state.K - 1; k >= 0 {
					if state.Tau != w.Tau[k] {
						t.Fatalf("step %d: tau %g, want %g", k, state.Tau, w.Tau[k])
					}
					step := func(x float64) float64 {
						return x + w.Tau[k]*(mu-x)/(s*s+w.Sigma[k]*w.Sigma[k]) + row.term(x, w.Tau[k], w.Sigma[k])
					}
					slope := step(1) - step(0)
					m, v = step(m), slope*slope*v+2*w.Tau[k]*state.Temperature
				}
				checkMoments(t, state, m, v)
			}
		})
	}
}

// Without noise, all pixels of a DPS walk that starts with equal pixels stay equal. The direction then depends on J and
// A alone, not on the distance: with n pixels, each moves by weight J g/sqrt(n) towards y.
func TestDPSOfGaussiansWithoutNoise(t *testing.T) {
	const mu, s = 0.3, 0.5
	const g, y, zeta = 0.6, -0.2, 0.4
	const pixels = 9
	d := exact.NewIsotropic(slices.Repeat([]float32{mu}, pixels), slices.Repeat([]float32{s * s}, pixels))
	w := papersWalk(Geometric(10, 0.02, 60), 0.3, 0)
	w.Temperature = Constant(0, 60)
	w.Likelihood, w.Guidance = amplifier{gain{g, y, 0.2}, pixels}, DPS{Zeta: zeta}
	w.Noise = func(sample, _ int, dst []float32) {
		for i := range dst {
			dst[i] = []float32{1.5, -2}[sample]
		}
	}
	want := []float64{1.5, -2}
	for state, err := range w.Run(d, pixels, 0, 2) {
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range want {
			if k := state.K - 1; k >= 0 {
				sigma := w.Sigma[k]
				V, weight := s*s+sigma*sigma, zeta*math.Sqrt((1+sigma*sigma)*(1+next(w.Sigma, k)*next(w.Sigma, k)))
				distance := y - g*(s*s*x+sigma*sigma*mu)/V
				want[i] = x + w.Tau[k]*(mu-x)/V + weight*s*s/V*g/math.Sqrt(pixels)*distance/math.Abs(distance)
			}
			if got := float64(state.X[i*pixels]); math.Abs(got-want[i]) > 1e-4 {
				t.Fatalf("step %d, sample %d: %g, want %g", state.K, i, got, want[i])
			}
		}
	}
}

// At a constant level and without noise, DiffPIR stops at the maximum of the posterior whose prior is N(mu, (s^2 +
// sigma^2)/lambda).
func TestDiffPIRStopsAtTheMaximum(t *testing.T) {
	const mu, s = 0.3, 0.5
	const g, y, eta, sigma, lambda = 0.6, -0.2, 0.2, 0.3, 2.
	d := exact.NewIsotropic([]float32{mu}, []float32{s * s})
	w := papersWalk(Constant(sigma, 200), 0.5, 0)
	w.Temperature = Constant(0, 200)
	w.Likelihood, w.Guidance = amplifier{gain{g, y, eta}, 1}, DiffPIR{Lambda: lambda}
	last, err := Last(w.Run(d, 1, 0, 3))
	if err != nil {
		t.Fatal(err)
	}
	prior := lambda / (s*s + sigma*sigma)
	want := (g*y/(eta*eta) + mu*prior) / (g*g/(eta*eta) + prior)
	for i, x := range last.X {
		if math.Abs(float64(x)-want) > 1e-5 {
			t.Errorf("sample %d ends at %g, want %g", i, x, want)
		}
	}
}

func TestGuidanceErrors(t *testing.T) {
	d := exact.NewIsotropic([]float32{0}, []float32{1})
	plain := nets.DenoiserFunc(d.Denoise)
	only := gain{1, 0, 1}
	all := amplifier{only, 1}
	for _, tt := range []struct {
		name       string
		guidance   Guidance
		denoiser   nets.Denoiser
		likelihood Likelihood
		says       string
	}{
		{"DPS", DPS{Zeta: 1}, d, all, ""},
		{"DPS without derivative", DPS{Zeta: 1}, plain, all, "nets.DenoiserFunc has no derivative"},
		{"DPS without distances", DPS{Zeta: 1}, d, only, "method Distances"},
		{"DPS that repels", DPS{Zeta: -1}, d, all, "step 0: DPS (Chung et al. 2022) with zeta = -1 weighs"},
		{"DiffPIR without derivative", DiffPIR{Lambda: 1}, plain, all, ""},
		{"DiffPIR without correction", DiffPIR{Lambda: 1}, d, only, "method Correction"},
		{"Langevin", Langevin{Gamma: 1}, plain, only, ""},
		{"Langevin, NaN", Langevin{Gamma: math.NaN()}, plain, all, "weighs the likelihood by NaN"},
	} {
		w := papersWalk([]float64{2, 1}, 0.5, 0)
		w.Likelihood, w.Guidance = tt.likelihood, tt.guidance
		_, err := Last(w.Run(tt.denoiser, 1, 0, 2))
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.says)
		}
	}
}
