package optim

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/layer"
)

func normal(v []float32, rng *rand.Rand) {
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
}

// parameters are some tensors with normal values, the first longer than one run of any loop over them.
func parameters() *layer.Parameters {
	p := layer.NewParameters()
	g := layer.NewGraph(p, true)
	g.Parameter("conv.weight", normal, 7, 5, 3, 3)
	g.Parameter("conv.bias", normal, 7)
	g.Parameter("scale", normal, 1)
	p.Initialize(rand.New(rand.NewPCG(1, 0)))
	return p
}

// gradients are slices like the parameters' values, to be filled.
func gradients(p *layer.Parameters) (g [][]float32) {
	for _, q := range p.All() {
		g = append(g, make([]float32, len(q.Data())))
	}
	return g
}

// A reference is algorithm 1 of Kingma and Ba 2015 on one list of values, in float64.
type reference struct{ w, m, v, ema []float64 }

func (r *reference) step(g []float64, t int, rate, clip, decay float64) (norm float64) {
	for _, v := range g {
		norm += v * v
	}
	norm = math.Sqrt(norm)
	factor := 1.0
	if clip > 0 {
		factor = min(1, clip/norm)
	}
	const beta1, beta2, epsilon = 0.9, 0.999, 1e-8
	for i := range g {
		r.m[i] = beta1*r.m[i] + (1-beta1)*factor*g[i]
		r.v[i] = beta2*r.v[i] + (1-beta2)*math.Pow(factor*g[i], 2)
		m, v := r.m[i]/(1-math.Pow(beta1, float64(t))), r.v[i]/(1-math.Pow(beta2, float64(t)))
		r.w[i] -= rate * m / (math.Sqrt(v) + epsilon)
		r.ema[i] = decay*r.ema[i] + (1-decay)*r.w[i]
	}
	return norm
}

// flat joins the values of a list of slices.
func flat(slices ...[]float32) (all []float64) {
	for _, s := range slices {
		for _, v := range s {
			all = append(all, float64(v))
		}
	}
	return all
}

func data(p *layer.Parameters) (all [][]float32) {
	for _, q := range p.All() {
		all = append(all, q.Data())
	}
	return all
}

func TestAdamFollowsFloat64(t *testing.T) {
	for _, tt := range []struct {
		name        string
		clip, decay float64
		warmup      bool // the rate grows from step to step
	}{
		{"plain", 0, 0.99, false},
		{"changing rate", 0, 0.9999, true},
		{"clipped at every step", 0.5, 0.9, false},
		{"clipped at some steps", 18, 0.99, false}, // gradients have norms of about 18
		{"no average", 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := parameters()
			ema := p.Clone()
			adam := NewAdam(p, ema)
			adam.Clip, adam.EMADecay = tt.clip, tt.decay
			g := gradients(p)
			n := p.Count()
			want := &reference{flat(data(p)...), make([]float64, n), make([]float64, n), flat(data(p)...)}
			rng := rand.New(rand.NewPCG(2, 0))
			clipped := 0
			for step := 1; step <= 50; step++ {
				for _, v := range g {
					normal(v, rng)
				}
				adam.Rate = 1e-2
				if tt.warmup {
					adam.Rate *= float64(step) / 50
				}
				norm := want.step(flat(g...), step, adam.Rate, tt.clip, tt.decay)
				if tt.clip > 0 && norm > tt.clip {
					clipped++
				}
				if err := adam.Step(g); err != nil {
					t.Fatal(err)
				}
				if math.Abs(adam.GradientNorm-norm) > 1e-5*norm {
					t.Errorf("step %d: the gradient's norm is %v, want %v", step, adam.GradientNorm, norm)
				}
			}
			if tt.name == "clipped at some steps" && (clipped == 0 || clipped == 50) {
				t.Errorf("%d of 50 steps were clipped: the test says little", clipped)
			}
			if adam.Steps != 50 {
				t.Errorf("%d steps done, want 50", adam.Steps)
			}
			for what, pair := range map[string][2][]float64{
				"parameter":     {flat(data(p)...), want.w},
				"average":       {flat(data(ema)...), want.ema},
				"first moment":  {flat(data(adam.First)...), want.m},
				"second moment": {flat(data(adam.Second)...), want.v},
			} {
				for i, w := range pair[1] {
					if d := math.Abs(pair[0][i] - w); !(d < 1e-5) {
						t.Fatalf("%s %d is %v, want %v", what, i, pair[0][i], w)
					}
				}
			}
		})
	}
}

func TestBadGradientsChangeNothing(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, tt := range []struct {
		name string
		bad  func(g [][]float32) [][]float32
		says string
	}{
		{"NaN", func(g [][]float32) [][]float32 { g[0][200] = nan; return g }, "norm is NaN"},
		{"infinite", func(g [][]float32) [][]float32 { g[2][0] = inf; return g }, "norm is +Inf"},
		{"one missing", func(g [][]float32) [][]float32 { return g[:2] }, "2 gradients for 3 parameters"},
		{"one short", func(g [][]float32) [][]float32 { g[1] = g[1][:6]; return g }, "conv.bias has 6 values, want 7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := parameters()
			ema := p.Clone()
			adam := NewAdam(p, ema)
			adam.EMADecay, adam.Clip = 0.9, 1
			g := gradients(p)
			rng := rand.New(rand.NewPCG(3, 0))
			for _, v := range g {
				normal(v, rng)
			}
			if err := adam.Step(g); err != nil {
				t.Fatal(err)
			}
			state := func() []float64 {
				return slices.Concat(flat(data(p)...), flat(data(ema)...),
					flat(data(adam.First)...), flat(data(adam.Second)...), []float64{float64(adam.Steps)})
			}
			before := state()
			if err := adam.Step(tt.bad(g)); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want %q", err, tt.says)
			}
			if !slices.Equal(state(), before) {
				t.Error("parameters, average or moments changed")
			}
		})
	}
}

// A training that is resumed from the exported state goes on as if it had not stopped.
func TestResumedAdamGoesOn(t *testing.T) {
	run := func(stop int) [][]float32 {
		p := parameters()
		ema := p.Clone()
		adam := NewAdam(p, ema)
		adam.EMADecay = 0.9
		g := gradients(p)
		for step := range 10 {
			if step == stop {
				next := NewAdam(p, ema)
				next.EMADecay, next.Steps = 0.9, adam.Steps
				next.First, next.Second = adam.First.Clone(), adam.Second.Clone()
				adam = next
			}
			for i, v := range g {
				normal(v, rand.New(rand.NewPCG(uint64(step), uint64(i))))
			}
			if err := adam.Step(g); err != nil {
				t.Fatal(err)
			}
		}
		return append(data(p), data(ema)...)
	}
	if !slices.EqualFunc(run(4), run(-1), slices.Equal) {
		t.Error("the resumed run has other parameters")
	}
}

// Graphs over the parameters and over their average keep weights in packed form. They must see every step.
func TestGraphsFollowTheSteps(t *testing.T) {
	p := parameters()
	ema := p.Clone()
	adam := NewAdam(p, ema)
	adam.EMADecay = 0.5
	g := gradients(p)
	convolution := func(p *layer.Parameters) func() []float32 {
		graph := layer.NewGraph(p, false)
		x := graph.Input("x", 1, 3, 4, 5)
		normal(x.Values(), rand.New(rand.NewPCG(5, 0)))
		w, b := graph.Parameter("conv.weight", nil, 7, 5, 3, 3), graph.Parameter("conv.bias", nil, 7)
		y := graph.Conv3x3(x, w, b, layer.Conv{})
		graph.Keep(y)
		if err := graph.Compile(); err != nil {
			t.Fatal(err)
		}
		return func() []float32 {
			if err := graph.Run(); err != nil {
				t.Fatal(err)
			}
			return slices.Clone(y.Values())
		}
	}
	networks := map[string]func() []float32{"parameters": convolution(p), "average": convolution(ema)}
	byName := map[string]*layer.Parameters{"parameters": p, "average": ema}
	rng := rand.New(rand.NewPCG(6, 0))
	for range 3 {
		before := map[string][]float32{}
		for name, network := range networks {
			before[name] = network()
		}
		for _, v := range g {
			normal(v, rng)
		}
		if err := adam.Step(g); err != nil {
			t.Fatal(err)
		}
		for name, network := range networks {
			y := network()
			if slices.Equal(y, before[name]) || !slices.Equal(y, convolution(byName[name].Clone())()) {
				t.Errorf("step %d: a graph over the %s has not followed", adam.Steps, name)
			}
		}
	}
}
