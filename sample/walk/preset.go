package walk

import (
	"fmt"
	"maps"
	"slices"
)

// A Sampler is a row of the paper's table (section 3): rules from which Walk makes the lists of a walk.
type Sampler struct {
	Sigma       []float64                       // noise levels, falling
	Inner       int                             // L, the number of steps at each level
	Tau         func(sigma []float64) []float64 // step sizes for the levels of all steps
	Temperature func(sigma []float64) []float64 // temperatures for the levels of all steps
	Start       Start
	LastNoise   bool
}

// samplers is the right half of the paper's table, with the levels of the publications, for images in [-1, 1]. Where
// those have images in [0, 1], sigma is doubled, and NCSN's epsilon of 2e-5, which is a square, is four times as
// large. The VE SDE's levels are those for CIFAR-10. DDPM leaves its variance open: "ddpm" has betaTilde, and
// "vp-sde" has beta.
var samplers = map[string]Sampler{
	// name: {sigma_k, L, tau_k, T_k, x_0, noise in the last step}

	// Song & Ermon 2019, algorithm 1
	"ncsn": {Geometric(2, 0.02, 10), 100, ncsn(8e-5), constant(1), Unit, true},
	// Song et al. 2021, algorithm 2: reverse diffusion
	"ve-sde": {Geometric(100, 0.02, 1000), 1, Difference, constant(0.5), SigmaMax, false},
	// Song et al. 2021, appendix F
	"ancestral": {Geometric(100, 0.02, 1000), 1, Difference, Ancestral, SigmaMax, false},
	// Ho et al. 2020, algorithm 2
	"ddpm": {Pretrained(1000), 1, Difference, Ancestral, SigmaMax, false},
	// Song et al. 2021, equation 4
	"vp-sde": {Pretrained(1000), 1, Difference, Beta, SigmaMax, false},
	// Song, Meng, Ermon 2021, equation 12
	"ddim": {Pretrained(1000), 1, DDIM, constant(0), SigmaMax, false},
	// Zhu et al. 2023, algorithm 1, with 100 levels and zeta = 0.3; without a measurement
	"diffpir": {Pretrained(100), 1, with(Renoise, 0.3), with(RenoiseTemperature, 0.3), SigmaMax, false},
}

func ncsn(epsilon float64) func(sigma []float64) []float64 {
	return func(sigma []float64) []float64 { return NCSN(sigma, epsilon, slices.Min(sigma)) }
}

func constant(value float64) func(sigma []float64) []float64 {
	return func(sigma []float64) []float64 { return Constant(value, len(sigma)) }
}

// with returns f for one value of its parameter.
func with(f func(sigma []float64, zeta float64) []float64, zeta float64) func(sigma []float64) []float64 {
	return func(sigma []float64) []float64 { return f(sigma, zeta) }
}

// Presets returns the names that Preset knows, sorted.
func Presets() []string { return slices.Sorted(maps.Keys(samplers)) }

// Preset returns a sampler of the literature: "ncsn", "ve-sde", "ancestral" (VE), "ddpm", "vp-sde", "ddim" or
// "diffpir". Any of its columns may be replaced. Another name is an error.
func Preset(name string) (Sampler, error) {
	s, ok := samplers[name]
	if !ok {
		return Sampler{}, fmt.Errorf("walk: preset %q is unknown: there are %q", name, Presets())
	}
	return s, nil
}

// Walk returns the walk of the sampler, with Inner steps at each level.
func (s Sampler) Walk() Walk {
	sigma := make([]float64, 0, len(s.Sigma)*s.Inner)
	for _, level := range s.Sigma {
		sigma = append(sigma, Constant(level, s.Inner)...)
	}
	return Walk{Sigma: sigma, Tau: s.Tau(sigma), Temperature: s.Temperature(sigma),
		Start: s.Start, LastNoise: s.LastNoise}
}
