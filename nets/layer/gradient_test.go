package layer

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// operands is a graph whose nodes all hold normal values: parameters, whose gradients are under test, and inputs.
type operands struct {
	*Graph
	inputs []*Node
	rng    *rand.Rand
}

func newOperands(training bool) *operands {
	rng := rand.New(rand.NewPCG(1, 0))
	return &operands{Graph: NewGraph(NewParameters(), training), rng: rng}
}

func normal(v []float32, rng *rand.Rand) {
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
}

func (o *operands) parameter(name string, shape ...int) *Node {
	return o.Parameter(name, normal, shape...)
}

func (o *operands) input(name string, shape ...int) *Node {
	n := o.Input(name, shape...)
	o.inputs = append(o.inputs, n)
	return n
}

// compile gives the parameters values and makes the graph ready to run.
func (o *operands) compile(t *testing.T) {
	t.Helper()
	o.parameters.Initialize(o.rng)
	if err := o.Compile(); err != nil {
		t.Fatal(err)
	}
}

// draw writes new values in place.
func (o *operands) draw() {
	for _, p := range o.parameters.All() {
		normal(p.Data(), o.rng)
	}
	for _, n := range o.inputs {
		normal(n.Values(), o.rng)
	}
	o.parameters.Changed()
}

func (o *operands) conv(n, h, w, in, out, stride int, perImage, residual bool) *Node {
	c := Conv{Stride: stride}
	if perImage {
		c.PerImage = o.parameter("per image", n, out)
	}
	if residual {
		c.Residual = o.parameter("residual", n, (h+stride-1)/stride, (w+stride-1)/stride, out)
	}
	return o.Conv3x3(o.parameter("x", n, h, w, in), o.parameter("w", out, in, 3, 3), o.parameter("b", out), c)
}

func (o *operands) groupNorm(n, h, w, c int, norm Norm) *Node {
	norm.Epsilon = 1e-5
	return o.GroupNorm(o.parameter("x", n, h, w, c), o.parameter("gamma", c), o.parameter("beta", c), norm)
}

// operators is every operator that has a gradient, over parameters. Sizes are odd, and go beyond the blocks that the
// operators cut their work into.
var operators = []struct {
	name string
	y    func(o *operands) *Node
}{
	{"conv", func(o *operands) *Node { return o.conv(2, 5, 7, 4, 12, 1, false, false) }},
	{"conv of one channel", func(o *operands) *Node { return o.conv(3, 9, 5, 1, 3, 1, false, false) }},
	{"conv per image", func(o *operands) *Node { return o.conv(3, 7, 5, 12, 20, 1, true, false) }},
	{"conv residual", func(o *operands) *Node { return o.conv(2, 33, 19, 20, 4, 1, true, true) }},
	{"conv stride 2 odd", func(o *operands) *Node { return o.conv(2, 7, 9, 12, 20, 2, false, false) }},
	{"conv stride 2 even", func(o *operands) *Node { return o.conv(2, 8, 6, 20, 12, 2, true, true) }},
	{"conv stride 2 high", func(o *operands) *Node { return o.conv(1, 37, 12, 4, 4, 2, false, true) }},
	{"linear rows", func(o *operands) *Node {
		return o.Linear(o.parameter("x", 7, 20), o.parameter("w", 12, 20), o.parameter("b", 12), nil)
	}},
	{"linear pixels", func(o *operands) *Node {
		return o.Linear(o.parameter("x", 3, 11, 13, 4), o.parameter("w", 20, 4, 1, 1), o.parameter("b", 20), nil)
	}},
	{"linear residual", func(o *operands) *Node {
		residual := o.parameter("residual", 2, 5, 3, 4)
		return o.Linear(o.parameter("x", 2, 5, 3, 12), o.parameter("w", 4, 12, 1, 1), o.parameter("b", 4), residual)
	}},
	{"group norm", func(o *operands) *Node { return o.groupNorm(2, 5, 7, 12, Norm{Groups: 3}) }},
	{"group norm one group", func(o *operands) *Node { return o.groupNorm(1, 17, 19, 4, Norm{Groups: 1}) }},
	{"group norm silu", func(o *operands) *Node { return o.groupNorm(3, 5, 3, 20, Norm{Groups: 5, SiLU: true}) }},
	{"group norm silu blocks", func(o *operands) *Node {
		return o.groupNorm(2, 23, 17, 12, Norm{Groups: 3, SiLU: true})
	}},
	{"silu", func(o *operands) *Node { return o.SiLU(o.parameter("x", 3, 5, 7, 4)) }},
	{"upsample", func(o *operands) *Node { return o.Upsample(o.parameter("x", 2, 3, 5, 12)) }},
	{"concat", func(o *operands) *Node {
		return o.Concat(o.parameter("a", 2, 5, 7, 12), o.parameter("b", 2, 5, 7, 20))
	}},
	{"concat with itself", func(o *operands) *Node {
		x := o.parameter("x", 2, 5, 3, 4)
		return o.Concat(x, x)
	}},
	{"attention", func(o *operands) *Node { return o.Attention(o.parameter("qkv", 2, 3, 5, 3*12), Heads{}) }},
	{"attention of 63 pixels", func(o *operands) *Node {
		return o.Attention(o.parameter("qkv", 1, 7, 9, 3*20), Heads{})
	}},
	{"attention of 3 heads", func(o *operands) *Node {
		return o.Attention(o.parameter("qkv", 2, 3, 5, 3*12), Heads{Number: 3})
	}},
	{"attention of 2 heads, by head", func(o *operands) *Node {
		return o.Attention(o.parameter("qkv", 2, 5, 3, 3*20), Heads{Number: 2, ByHead: true})
	}},
	{"modulated norm", func(o *operands) *Node {
		return o.groupNorm(2, 5, 7, 12, Norm{Groups: 3, Modulation: o.parameter("m", 2, 24)})
	}},
	{"modulated norm, silu", func(o *operands) *Node {
		return o.groupNorm(3, 17, 19, 8, Norm{Groups: 2, SiLU: true, Modulation: o.parameter("m", 3, 16)})
	}},
	{"window within", func(o *operands) *Node { return o.Window(o.parameter("x", 2, 5, 6, 3), 1, 2, 3, 4) }},
	{"window beyond", func(o *operands) *Node { return o.Window(o.parameter("x", 2, 5, 6, 3), -2, -1, 6, 10) }},
	{"reflect pad", func(o *operands) *Node { return o.ReflectPad(o.parameter("x", 2, 3, 4, 2), 8, 7) }},
	{"mean pool", func(o *operands) *Node { return o.MeanPool(o.parameter("x", 2, 6, 4, 5)) }},
	{"fir down", func(o *operands) *Node { return o.FIRDown(o.parameter("x", 2, 6, 4, 5), FIR{0.125, 0.375}) }},
	{"fir up", func(o *operands) *Node { return o.FIRUp(o.parameter("x", 2, 3, 5, 4), FIR{0.125, 0.375}) }},
	{"affine", func(o *operands) *Node { return o.Affine(o.parameter("x", 2, 3, 5, 4), -0.7, 3) }},
	{"transpose", func(o *operands) *Node { return o.Transpose(o.parameter("x", 7, 5)) }},
	{"first channels", func(o *operands) *Node { return o.FirstChannels(o.parameter("x", 2, 3, 5, 6), 4) }},
	{"divide images", func(o *operands) *Node { return o.DivideImages(o.parameter("x", 3, 2, 5, 4), o.input("c", 3)) }},
	{"crop", func(o *operands) *Node { return o.Crop(o.parameter("x", 2, 7, 9, 4), 5, 6) }},
	{"add", func(o *operands) *Node {
		return o.Add(o.parameter("a", 3, 47, 31, 4), o.parameter("b", 3, 47, 31, 4))
	}},
	{"add to itself", func(o *operands) *Node {
		x := o.parameter("x", 2, 3, 5, 4)
		return o.Add(x, x)
	}},
	{"squared error", func(o *operands) *Node {
		return o.SquaredError(o.parameter("f", 3, 5, 7, 4), o.input("target", 3, 5, 7, 4), o.input("weight", 3))
	}},
}

// TestGradients compares the gradients of sum(seed y) with central differences of y, in three runs of one machine
// with new values everywhere.
func TestGradients(t *testing.T) {
	for _, op := range operators {
		t.Run(op.name, func(t *testing.T) {
			o := newOperands(true)
			y := op.y(o)
			o.Keep(y)
			seed := o.input("seed", y.Shape()...)
			nodes := o.Gradients(y, seed)
			o.compile(t)
			value := func() (sum float64) {
				o.parameters.Changed()
				if err := o.Run(); err != nil {
					t.Fatal(err)
				}
				for i, v := range y.Values() {
					sum += float64(v) * float64(seed.Values()[i])
				}
				return sum
			}
			for run := range 3 {
				o.draw()
				value()
				gradients := map[string][]float32{}
				for name, n := range nodes {
					gradients[name] = slices.Clone(n.Values())
				}
				for _, p := range o.parameters.All() {
					g := gradients[p.Name]
					if len(g) != len(p.Data()) {
						t.Fatalf("run %d: %s has a gradient of %d values, want %d", run, p.Name, len(g), len(p.Data()))
					}
					if e := differenceError(p.Data(), g, value, o.rng); !(e < 2e-3) {
						t.Errorf("run %d: gradient of %s is off by %.2g of its size", run, p.Name, e)
					}
				}
			}
		})
	}
}

// differenceError is the greatest error of gradient g at x as a prediction of central differences of value: along
// random directions, where a gradient predicts 2 h |g| on average, and along single axes.
func differenceError(x, g []float32, value func() float64, rng *rand.Rand) (worst float64) {
	const h = 1. / 128
	at, direction := slices.Clone(x), make([]float32, len(x))
	compare := func() {
		var predicted, squares, length float64
		low, high := make([]float32, len(x)), make([]float32, len(x))
		for i, d := range direction {
			low[i], high[i] = at[i]-h*d, at[i]+h*d
			predicted += float64(g[i]) * (float64(high[i]) - float64(low[i]))
			squares += float64(g[i]) * float64(g[i])
			length += float64(d) * float64(d)
		}
		copy(x, high)
		difference := value()
		copy(x, low)
		difference -= value()
		copy(x, at)
		typical := 2 * h * math.Sqrt(squares*length/float64(len(x)))
		worst = max(worst, math.Abs(difference-predicted)/max(typical, math.Abs(predicted)))
	}
	for range 2 {
		normal(direction, rng)
		compare()
	}
	for _, i := range append(rng.Perm(len(x))[:min(4, len(x))], 0, len(x)-1) {
		clear(direction)
		direction[i] = 1
		compare()
	}
	return worst
}
