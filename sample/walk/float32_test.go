package walk

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/exact"
)

// double takes a walk of one image in float64, with the given denoiser and noise.
func double(w Walk, d func(x, sigma float64) float64, noise func(k int) []float64, visit func(k int, x []float64)) {
	x := noise(-1)
	for i := range x {
		x[i] *= w.startStd()
	}
	denoised, zero := make([]float64, len(x)), make([]float64, len(x))
	for k := range w.Sigma {
		c := w.At(k)
		for i, v := range x {
			denoised[i] = d(v, c.Sigma)
		}
		advance(x, denoised, zero, noise(k), c)
		visit(k, x)
	}
}

// float32 is enough for sigma from 1e-3 to 1e3. After each of a thousand steps, the images differ from those of the
// same walk in float64 by at most 3e-5 of their noise, or of 1 where there is less noise. An 8-bit level is 8e-3.
func TestFloat32IsEnough(t *testing.T) {
	const pixels, mu = 300, 0.2
	for name, s2 := range map[string]float64{"data std 0.5": 0.25, "data in one point": 0} {
		mmse := func(x, sigma float64) float64 { return (s2*x + sigma*sigma*mu) / (s2 + sigma*sigma) }
		d := exact.NewIsotropic(slices.Repeat([]float32{mu}, pixels), slices.Repeat([]float32{float32(s2)}, pixels))
		levels := Geometric(1e3, 1e-3, 1000)
		langevin := papersWalk(levels, 0.1, 1)
		langevin.Start = SigmaMax
		small := langevin
		small.Tau = Proportional(langevin.Sigma, 1e-3)
		for walkName, w := range map[string]Walk{
			"langevin": langevin, "small steps": small,
			"sigmoid": papersWalk(Sigmoid(1e3, 1e-3, 1000), 0.7, 0.1),
			"ve-sde":  Sampler{levels, 1, Difference, constant(0.5), SigmaMax, false}.Walk(),
			"ddim":    Sampler{levels, 1, DDIM, constant(0), SigmaMax, false}.Walk(),
		} {
			for space, spaceName := range []string{"ve", "vp"} {
				t.Run(name+"/"+walkName+"/"+spaceName, func(t *testing.T) {
					w.Space = VE
					noise := func(k int) []float64 {
						r := rand.New(rand.NewPCG(5, uint64(k+1)))
						n := make([]float64, pixels)
						for i := range n {
							n[i] = float64(float32(r.NormFloat64()))
						}
						return n
					}
					want := make([][]float64, len(w.Sigma))
					double(w, mmse, noise, func(k int, x []float64) { want[k] = slices.Clone(x) })
					w.Space = Space(space)
					w.Noise = func(_, k int, dst []float32) {
						for i, n := range noise(k) {
							dst[i] = float32(n)
						}
					}
					worst, end := 0.0, 0.0
					for state, err := range w.Run(d, pixels, 0, 1) {
						if err != nil {
							t.Fatal(err)
						}
						if state.K > 0 {
							end = distance(state.X, want[state.K-1])
							worst = max(worst, end)
						}
					}
					if t.Logf("largest difference %.2g, at the end %.2g", worst, end); !(worst <= 3e-5) {
						t.Errorf("float32 differs from float64 by %g", worst)
					}
				})
			}
		}
	}
}
