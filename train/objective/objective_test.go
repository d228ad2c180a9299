package objective

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Table 1 of the paper is spanned by these types.
var (
	_ = []NoiseLevels{Uniform{}, LogUniform{}, Geometric{}, DDPM{}, LogNormal{}}
	_ = []Weight{EDM{}, Power{}}
)

const draws = 100_000

func sample(levels NoiseLevels) []float64 {
	rng := rand.New(rand.NewPCG(1, 2))
	sigma := make([]float64, draws)
	for i := range sigma {
		sigma[i] = levels.Draw(rng)
	}
	return sigma
}

func moments(x []float64) (mean, std float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		std += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(std / float64(len(x)))
}

// The mean of n draws has standard error std/sqrt(n), and their standard deviation
// less than that for these distributions: five of them is the tolerance.
func TestMoments(t *testing.T) {
	identity := func(x float64) float64 { return x }
	for _, c := range []struct {
		name      string
		levels    NoiseLevels
		of        func(float64) float64
		mean, std float64
	}{
		{"uniform", Uniform{Min: 1, Max: 4}, identity, 2.5, 3 / math.Sqrt(12)},
		{"log-uniform", LogUniform{Min: math.Exp(-4), Max: math.Exp(2)}, math.Log, -1, 6 / math.Sqrt(12)},
		{"log-normal", LogNormal{Mean: -1.2, Std: 1.2}, math.Log, -1.2, 1.2},
		// Levels at ln sigma = 0, 1, 2: variance 2/3.
		{"geometric", Geometric{Min: 1, Max: math.Exp(2), Levels: 3}, math.Log, 1, math.Sqrt(2. / 3)},
		{"ddpm", DDPM{Sigma: []float64{1, 2, 3, 4}}, identity, 2.5, math.Sqrt(15. / 12)},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := sample(c.levels)
			for i := range x {
				x[i] = c.of(x[i])
			}
			mean, std := moments(x)
			tolerance := 5 * c.std / math.Sqrt(draws)
			if math.Abs(mean-c.mean) > tolerance || math.Abs(std-c.std) > tolerance {
				t.Errorf("mean %.4f std %.4f, want %.4f and %.4f within %.4f", mean, std, c.mean, c.std, tolerance)
			}
		})
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct {
		name     string
		levels   NoiseLevels
		min, max float64
	}{
		{"uniform", Uniform{Min: 0.01, Max: 50}, 0.01, 50},
		{"log-uniform", LogUniform{Min: 0.01, Max: 50}, 0.01, 50},
		{"geometric", Geometric{Min: 0.01, Max: 50, Levels: 10}, 0.01, 50},
		{"ddpm", DDPM{Sigma: []float64{0.01, 0.02, 157}}, 0.01, 157},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := sample(c.levels)
			if low, high := slices.Min(x), slices.Max(x); low < c.min*(1-1e-12) || high > c.max*(1+1e-12) {
				t.Errorf("draws span [%g, %g], beyond [%g, %g]", low, high, c.min, c.max)
			}
		})
	}
}

// NCSN's list is a geometric sequence that holds both of its ends.
func TestGeometricIsAList(t *testing.T) {
	g := Geometric{Min: 0.01, Max: 1, Levels: 5}
	x := sample(g)
	slices.Sort(x)
	got := slices.Compact(x)
	want := []float64{0.01, 0.0316227766, 0.1, 0.316227766, 1}
	if len(got) != len(want) {
		t.Fatalf("%d distinct levels %v, want %v", len(got), got, want)
	}
	for i := range want {
		if math.Abs(got[i]/want[i]-1) > 1e-8 {
			t.Errorf("level %d is %g, want %g", i, got[i], want[i])
		}
	}
}

func TestWeights(t *testing.T) {
	for _, c := range []struct {
		name        string
		weight      Weight
		sigma, want float64
	}{
		{"edm where sigma is the data's std", EDM{DataStd: 0.5}, 0.5, 8},
		{"edm", EDM{DataStd: 0.5}, 2, 4.25},
		{"edm at large sigma tends to 1/sd^2", EDM{DataStd: 0.5}, 1e6, 4},
		{"plain mse", Power{}, 3, 1},
		{"ddpm", Power{Exponent: -2}, 0.1, 100},
		{"ncsn as printed", Power{Exponent: -4}, 2, 0.0625},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.weight.At(c.sigma); math.Abs(got/c.want-1) > 1e-9 {
				t.Errorf("w(%g) = %g, want %g", c.sigma, got, c.want)
			}
		})
	}
}

// With D = c_skip x + c_out F, c_out^2 w(sigma) = 1 is what the EDM weight is for.
func TestEDMWeightCancelsOutputScale(t *testing.T) {
	const sd = 0.5
	for _, sigma := range []float64{0.002, 0.3, 1, 80} {
		cOut := sigma * sd / math.Hypot(sigma, sd)
		if got := cOut * cOut * (EDM{DataStd: sd}).At(sigma); math.Abs(got-1) > 1e-12 {
			t.Errorf("sigma %g: c_out^2 w = %g, want 1", sigma, got)
		}
	}
}
