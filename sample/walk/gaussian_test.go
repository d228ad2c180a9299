package walk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/exact"
)

// randomWalk has random sigma, random tau up to 1.5 V, which overshoots, V = s^2 + sigma^2, and random temperatures.
func randomWalk(r *rand.Rand, s float64) Walk {
	w := Walk{Start: Start(r.IntN(2)), Space: Space(r.IntN(2)), LastNoise: r.IntN(2) == 0, Seed: r.Uint64()}
	for range 1 + r.IntN(30) {
		sigma := math.Exp(4*r.Float64() - 2)
		w.Sigma = append(w.Sigma, sigma)
		w.Tau = append(w.Tau, 1.5*r.Float64()*(s*s+sigma*sigma))
		w.Temperature = append(w.Temperature, 1.2*r.Float64())
	}
	return w
}

// For X ~ N(mu, s^2) the walk's mean and variance obey a recursion (paper section 7). All pixels of all samples have
// the same distribution, so their mean and variance estimate it.
func TestGaussianRecursion(t *testing.T) {
	const mu, s = 0.3, 0.5
	const pixels, samples = 50, 800
	walks := map[string]Walk{
		"sigmoid":    papersWalk(Sigmoid(157.407, 0.01, 100), 0.7, 0.1),
		"pretrained": papersWalk(Pretrained(60), 0.4, 0.4),
		"linear":     papersWalk(Linear(20, 0.01, 40), 0.5, 1),
		"geometric":  papersWalk(Geometric(80, 0.01, 50), 0.16, 0.4),
		"karras":     papersWalk(Karras(80, 0.01, 50), 0.3, 0),
		"cosine":     papersWalk(Cosine(80, 0.01, 50), 0.9, 1),
	}
	for _, name := range Presets() {
		preset, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		preset.Sigma = Karras(80, 0.01, 40)
		preset.Inner = min(preset.Inner, 2)
		walks[name] = preset.Walk()
	}
	r := rand.New(rand.NewPCG(11, 1))
	for i := range 10 {
		walks[fmt.Sprintf("random %d", i)] = randomWalk(r, s)
	}
	fill := func(v float32) []float32 { return slices.Repeat([]float32{v}, pixels) }
	d := exact.NewIsotropic(fill(mu), fill(s*s))
	for name, w := range walks {
		t.Run(name, func(t *testing.T) {
			mean, variance := w.Moments(mu, s)
			for state, err := range w.Run(d, pixels, 0, samples) {
				if err != nil {
					t.Fatal(err)
				}
				checkMoments(t, state, mean[state.K], variance[state.K])
			}
		})
	}
}

// checkMoments compares the moments of all values of a state.
func checkMoments(t *testing.T, state State, m, v float64) {
	t.Helper()
	n := float64(len(state.X))
	mean, variance := moments(state.X)
	if !(math.Abs(mean-m) < 5*math.Sqrt(v/n)+1e-6) {
		t.Fatalf("step %d: mean %g, want %g", state.K, mean, m)
	}
	if !(math.Abs(variance-v) < 5*v*math.Sqrt(2./n)+1e-6) {
		t.Fatalf("step %d: variance %g, want %g", state.K, variance, v)
	}
}

func moments(x []float32) (mean, variance float64) {
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, variance / float64(len(x))
}

// gain is the likelihood of a measurement of A x = g x in which every value is y.
type gain struct{ g, y, eta float32 }

func (m gain) Eta() float64 { return float64(m.eta) }

func (m gain) Gradient(dst, x []float32) error {
	for i, v := range x {
		dst[i] = m.g * (m.y - m.g*v)
	}
	return nil
}

// A conditional walk on a Gaussian is linear too: with the likelihood, each step multiplies the variance by (1 -
// tau/V - g^2 tau/eta^2)^2. It ends with Langevin dynamics at sigma_min, so for small steps it samples the posterior
// of X + sigma_min n given y, which has a closed form.
func TestConditionalWalk(t *testing.T) {
	const mu, s = 0.3, 0.5
	const g, y, eta = 0.6, -0.2, 0.2
	const pixels, samples = 50, 800
	d := exact.NewIsotropic(slices.Repeat([]float32{mu}, pixels), slices.Repeat([]float32{s * s}, pixels))
	const K, low = 400, 0.02
	w := papersWalk(Geometric(10, low, K), 0.7, 1)
	w.Likelihood, w.LastNoise = gain{g, y, eta}, true
	// Small steps at the end: no error of discretization is left.
	for range 400 {
		w.Sigma, w.Tau, w.Temperature = append(w.Sigma, low), append(w.Tau, 0.02*eta*eta), append(w.Temperature, 1)
	}
	for _, space := range []Space{VE, VP} {
		w.Space = space
		m, v := 0.0, 1.0
		var last State
		for state, err := range w.Run(d, pixels, 0, samples) {
			if err != nil {
				t.Fatal(err)
			}
			if k := state.K - 1; k >= 0 {
				tau := min(w.Tau[k], eta*eta)
				if math.Abs(state.Tau-tau) > 1e-6*tau {
					t.Fatalf("step %d: tau %g, want %g", k, state.Tau, tau)
				}
				V := s*s + w.Sigma[k]*w.Sigma[k]
				m += tau*(mu-m)/V + tau/(eta*eta)*g*(y-g*m)
				v *= math.Pow(1-tau/V-g*g*tau/(eta*eta), 2)
				v += 2 * tau * w.Temperature[k]
			}
			checkMoments(t, state, m, v)
			last = state
		}
		precision := 1/(s*s+low*low) + g*g/(eta*eta)
		mean, variance := moments(last.X)
		if want := (mu/(s*s+low*low) + g*y/(eta*eta)) / precision; math.Abs(mean-want) > 0.01 {
			t.Errorf("posterior mean %g, want %g", mean, want)
		}
		if math.Abs(variance*precision-1) > 0.03 {
			t.Errorf("posterior variance %g, want %g", variance, 1/precision)
		}
	}
}
