package layer

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// A smallNetwork has every operator, with fan-out, at sizes that many results share.
type smallNetwork struct {
	*Graph
	x, c, y, seed *Node
	gradients     map[string]*Node
}

func newSmallNetwork(p *Parameters, training bool) *smallNetwork {
	const n, height, width, channels = 2, 7, 9, 8
	g := NewGraph(p, training)
	s := &smallNetwork{Graph: g, x: g.Input("x", n, height, width, 3), c: g.Input("c", n)}
	names := 0
	weights := func(shape ...int) (w, b *Node) {
		names++
		w = g.Parameter(fmt.Sprint("w", names), Uniform(9*shape[1]), shape...)
		return w, g.Parameter(fmt.Sprint("b", names), normal, shape[0])
	}
	conv := func(x *Node, in, out int, o Conv) *Node {
		w, b := weights(out, in, 3, 3)
		return g.Conv3x3(x, w, b, o)
	}
	linear := func(x *Node, in, out int, residual *Node) *Node {
		w, b := weights(out, in)
		return g.Linear(x, w, b, residual)
	}
	norm := func(x *Node, silu bool) *Node {
		names++
		gamma := g.Parameter(fmt.Sprint("gamma", names), normal, channels)
		beta := g.Parameter(fmt.Sprint("beta", names), normal, channels)
		return g.GroupNorm(x, gamma, beta, Norm{Groups: 2, Epsilon: 1e-5, SiLU: silu})
	}
	block := func(x, e *Node) *Node {
		h := conv(norm(x, true), channels, channels, Conv{PerImage: linear(e, channels, channels, nil)})
		return conv(norm(h, true), channels, channels, Conv{Residual: x})
	}
	e := g.SiLU(linear(g.Sinusoids(s.c, channels, 0, false), channels, channels, nil))
	top := block(conv(g.ReflectPad(s.x, 8, 10), 3, channels, Conv{}), e)
	h := block(conv(top, channels, channels, Conv{Stride: 2}), e)
	h = linear(g.Attention(linear(norm(h, false), channels, 3*channels, nil), Heads{}), channels, channels, h)
	h = linear(g.Concat(g.Upsample(h), top), 2*channels, channels, nil)
	h = g.Add(block(h, e), g.SiLU(h))
	s.y = g.Crop(conv(h, channels, 3, Conv{}), height, width)
	g.Keep(s.y)
	if training {
		s.seed = g.Input("seed", s.y.Shape()...)
		s.gradients = g.Gradients(s.y, s.seed)
	}
	return s
}

// compile gives the parameters values and makes the graph ready to run.
func (s *smallNetwork) compile(t *testing.T) {
	t.Helper()
	s.parameters.Initialize(rand.New(rand.NewPCG(1, 0)))
	if err := s.Compile(); err != nil {
		t.Fatal(err)
	}
}

// run computes the network for inputs drawn from a stream, and returns the result and the gradients.
func (s *smallNetwork) run(t *testing.T, stream uint64) (y []float32, gradients map[string][]float32) {
	rng := rand.New(rand.NewPCG(2, stream))
	normal(s.x.Values(), rng)
	normal(s.c.Values(), rng)
	if s.seed != nil {
		normal(s.seed.Values(), rng)
	}
	if err := s.Run(); err != nil {
		t.Fatal(err)
	}
	gradients = map[string][]float32{}
	for name, n := range s.gradients {
		gradients[name] = slices.Clone(n.Values())
	}
	return slices.Clone(s.y.Values()), gradients
}

// results are the nodes that operations compute.
func (s *smallNetwork) results() []*Node {
	return slices.DeleteFunc(slices.Clone(s.nodes), func(n *Node) bool { return n.op == nil })
}

// memory is the set of the buffers that hold the results of the last run.
func (s *smallNetwork) memory() map[*float32]bool {
	buffers := map[*float32]bool{}
	for _, n := range s.results() {
		buffers[&n.values[0]] = true
	}
	return buffers
}

func TestReuseOfMemoryChangesNothing(t *testing.T) {
	p := NewParameters()
	reusing, keeping, inference := newSmallNetwork(p, true), newSmallNetwork(p, true), newSmallNetwork(p, false)
	for _, n := range keeping.results() {
		keeping.Keep(n)
	}
	for _, s := range []*smallNetwork{reusing, keeping, inference} {
		s.compile(t)
	}
	if len(reusing.gradients) != len(p.All()) {
		t.Fatalf("%d gradients for %d parameters", len(reusing.gradients), len(p.All()))
	}
	first, _ := reusing.run(t, 0)
	for run, stream := range []uint64{1, 2, 0, 0} {
		y, gradients := reusing.run(t, stream)
		wantY, want := keeping.run(t, stream)
		if !slices.Equal(y, wantY) || !maps.EqualFunc(gradients, want, slices.Equal) {
			t.Errorf("run %d: results differ from those of a graph that keeps them all", run)
		}
		if plain, _ := inference.run(t, stream); !slices.Equal(y, plain) {
			t.Errorf("run %d: the network without gradients has another result", run)
		}
		if slices.Equal(y, first) != (stream == 0) {
			t.Errorf("run %d: the result does not follow the inputs", run)
		}
	}
	if got := len(keeping.memory()); got != len(keeping.results()) {
		t.Errorf("%d results are kept in %d buffers", len(keeping.results()), got)
	}
	for name, s := range map[string]*smallNetwork{"training": reusing, "inference": inference} {
		if got := len(s.memory()); got > len(s.results())*2/3 {
			t.Errorf("%s: %d results live in %d buffers: memory is not reused", name, len(s.results()), got)
		}
	}
}

func TestMemorySettlesAfterTheFirstRuns(t *testing.T) {
	s := newSmallNetwork(NewParameters(), true)
	s.SiLU(s.y) // nothing reads it
	s.compile(t)
	s.run(t, 0)
	s.run(t, 1)
	settled := s.memory()
	for stream := range uint64(3) {
		s.run(t, stream)
		if !maps.Equal(s.memory(), settled) {
			t.Fatalf("run %d took new memory", 2+stream)
		}
	}
}

// Results that nothing reads, or that have many readers, must hold their values until the end of the run.
func TestResultsOutliveTheirReaders(t *testing.T) {
	o := newOperands(true)
	x := o.parameter("x", 1, 2, 3, 4)
	unread := o.SiLU(x)
	twice := o.Add(x, x)
	four := o.Add(twice, twice)
	for range 3 { // results of the same size that would take the memory
		o.SiLU(o.SiLU(four))
	}
	nine := o.Add(o.Add(four, four), o.parameter("x", 1, 2, 3, 4))
	o.Keep(nine)
	o.compile(t)
	for range 3 {
		o.draw()
		if err := o.Run(); err != nil {
			t.Fatal(err)
		}
		silu := slices.Clone(unread.Values())
		for i, v := range o.parameters.Get("x").Data() {
			if got, want := nine.Values()[i], 9*v; got < want-1e-5 || got > want+1e-5 {
				t.Errorf("9 x is %v, want %v", got, want)
			}
			if (silu[i] > 0) != (v > 0) {
				t.Errorf("silu(%v) is %v", v, silu[i])
			}
		}
	}
}
