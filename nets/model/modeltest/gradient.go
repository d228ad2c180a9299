// Package modeltest checks the gradients of a network of any architecture. It is for tests alone.
package modeltest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/model"
)

// RNG returns a source that gives the same random numbers in every test.
func RNG() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// New is model.New; an error ends the test.
func New(t testing.TB, a model.Architecture) *model.Model {
	t.Helper()
	m, err := model.New(a, RNG())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Shapes returns the shapes of a network's parameters. It allocates no parameter.
func Shapes(t testing.TB, a model.Architecture) map[string][]int {
	t.Helper()
	m, err := model.Build(a)
	if err != nil {
		t.Fatal(err)
	}
	return m.Parameters.Shapes()
}

// Random returns a network whose parameters all have an effect. In a new network some are zero, which hides others.
func Random(t testing.TB, a model.Architecture) *model.Model {
	t.Helper()
	m := New(t, a)
	r := RNG()
	for _, p := range m.Parameters.All() {
		for i := range p.Data() {
			p.Data()[i] += float32(0.1 * r.NormFloat64())
		}
	}
	m.Parameters.Changed()
	return m
}

// Normal returns n normal values.
func Normal(n int, rng *rand.Rand) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

// Trainer is Model.Trainer; an error ends the test.
func Trainer(t testing.TB, m *model.Model, batch int) *model.Trainer {
	t.Helper()
	trainer, err := m.Trainer(batch)
	if err != nil {
		t.Fatal(err)
	}
	return trainer
}

// Gradients checks the gradient of the loss with respect to every parameter, in two runs of one trainer. It compares
// the slope along a random direction with central differences of the loss, which it computes from the network's output.
// c draws the noise conditioning. Parameters named in fixed do not learn: their gradient must be zero.
func Gradients(t *testing.T, a model.Architecture, batch int,
	c func(n int, rng *rand.Rand) []float32, fixed ...string) {
	t.Helper()
	m := Random(t, a)
	trainer, network := Trainer(t, m, batch), m.Network()
	channels, height, width := a.Shape()
	size := batch * channels * height * width
	weight := make([]float32, batch)
	for i := range weight {
		weight[i] = []float32{1, 0.5, 2}[i%3]
	}
	y, r := make([]float32, size), RNG()
	for run := range 2 {
		x, c, target := Normal(size, r), c(batch, r), Normal(size, r)
		loss, err := trainer.Run(x, c, target, weight)
		if err != nil {
			t.Fatal(err)
		}
		value := func() (sum float64) {
			m.Parameters.Changed()
			if err := network.Forward(y, x, c); err != nil {
				t.Fatal(err)
			}
			for i, f := range y {
				sum += float64(weight[i*batch/len(y)]) * math.Pow(float64(f)-float64(target[i]), 2)
			}
			return sum
		}
		largest := 0.0
		for i := range m.Parameters.All() {
			largest = max(largest, norm(trainer.ParameterGradients()[i]))
		}
		for i, p := range m.Parameters.All() {
			g, at := trainer.ParameterGradients()[i], slices.Clone(p.Data())
			norm := norm(g)
			if slices.Contains(fixed, p.Name) {
				if norm != 0 {
					t.Errorf("run %d: %s, which does not learn, has a gradient", run, p.Name)
				}
				continue
			}
			h := min(1e-3*loss/norm, 1e-2) // changes the loss by about a thousandth
			direction := Normal(len(at), r)
			var slope float64
			for j, d := range direction {
				slope += float64(g[j]) * float64(d)
			}
			along := func(h float64) float64 {
				for j, d := range direction {
					p.Data()[j] = at[j] + float32(h)*d
				}
				return value()
			}
			// A difference of fourth order, since the loss is far from linear.
			difference := (8*(along(h)-along(-h)) - (along(2*h) - along(-2*h))) / (12 * h)
			copy(p.Data(), at)
			// Some parameters have no effect, such as the bias of attention's keys. Their gradient is rounding error.
			if e := math.Abs(difference-slope) / max(norm, 3e-3*largest); !(e < 1e-2) {
				t.Errorf("run %d: gradient of %s is off by %.2g of its size", run, p.Name, e)
			}
		}
		m.Parameters.Changed()
	}
}

func norm(v []float32) float64 {
	squares := 0.0
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	return math.Sqrt(squares)
}

// Benchmark evaluates one image with a network at the start of training.
func Benchmark(b *testing.B, a model.Architecture) {
	m := New(b, a)
	network := m.Network()
	channels, height, width := a.Shape()
	x := Normal(channels*height*width, RNG())
	y := make([]float32, len(x))
	for b.Loop() {
		if err := network.Forward(y, x, []float32{0.5}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(m.FLOPs()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
