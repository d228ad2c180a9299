package layer

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// wrong lists every way in which operands do not fit an operator, with words of the error: the operator, a shape that
// does not fit, and what would fit.
var wrong = []struct {
	name  string
	build func(g *Graph)
	says  []string
}{
	{"input without values", func(g *Graph) { g.Input("x", 2, 0) }, []string{"input x", "(2, 0)"}},
	{"input of too many values", func(g *Graph) { g.Input("x", 1<<30, 1<<30, 1<<30) }, []string{"input x", "too many"}},
	{"parameter of too many values", func(g *Graph) { g.Parameter("w", Zeros, 1<<62, 4) },
		[]string{"parameter w", "too many"}},
	{"parameter without first values", func(g *Graph) { g.Parameter("w", nil, 2) },
		[]string{"parameter w", "first values"}},
	{"parameter of two shapes", func(g *Graph) {
		g.Parameter("w", Zeros, 3, 2)
		g.Parameter("w", Zeros, 2, 3)
	}, []string{"parameter w", "(3, 2)", "(2, 3)"}},
	{"nil", func(g *Graph) { g.SiLU(nil) }, []string{"silu", "nil"}},
	{"another graph", func(g *Graph) { g.SiLU(NewGraph(NewParameters(), false).Input("x", 1)) },
		[]string{"silu", "x (1)", "another graph"}},

	{"concat", func(g *Graph) { g.Concat(images(g, 4, 4, 8), images(g, 8, 8, 8)) },
		[]string{"concat of", "(2, 4, 4, 8)", "(2, 8, 8, 8)"}},
	{"concat of matrices", func(g *Graph) { g.Concat(g.Input("a", 2, 3), g.Input("b", 2, 3)) },
		[]string{"concat", "(N, H, W, C)"}},
	{"linear", func(g *Graph) { g.Linear(images(g, 4, 4, 8), weights(g, 8, 12), bias(g, 8), nil) },
		[]string{"linear of", "(2, 4, 4, 8)", "weights (8, 12)", "(out, 8)"}},
	{"linear of three axes", func(g *Graph) { g.Linear(images(g, 4, 4, 8), weights(g, 12, 4, 2), bias(g, 12), nil) },
		[]string{"linear", "(12, 4, 2)"}},
	{"linear of a 3x3 kernel", func(g *Graph) {
		g.Linear(images(g, 4, 4, 8), weights(g, 12, 8, 3, 3), bias(g, 12), nil)
	}, []string{"linear", "(12, 8, 3, 3)"}},
	{"linear bias", func(g *Graph) { g.Linear(g.Input("x", 2, 8), weights(g, 12, 8), bias(g, 8), nil) },
		[]string{"linear", "bias (8)", "(12)"}},
	{"linear residual", func(g *Graph) {
		g.Linear(g.Input("x", 2, 8), weights(g, 12, 8), g.Parameter("b", Zeros, 12), g.Input("r", 2, 8))
	}, []string{"linear", "r (2, 8)", "(2, 12)"}},
	{"convolution", func(g *Graph) { g.Conv3x3(images(g, 4, 4, 8), weights(g, 8, 4, 3, 3), bias(g, 8), Conv{}) },
		[]string{"conv3x3", "(2, 4, 4, 8)", "(8, 4, 3, 3)"}},
	{"convolution of 5x5", func(g *Graph) { g.Conv3x3(images(g, 4, 4, 8), weights(g, 8, 8, 5, 5), bias(g, 8), Conv{}) },
		[]string{"conv3x3", "(8, 8, 5, 5)"}},
	{"convolution bias", func(g *Graph) { conv(g, 8, Conv{}, 4) }, []string{"conv3x3", "bias (4)", "(8)"}},
	{"convolution stride", func(g *Graph) { conv(g, 8, Conv{Stride: 3}, 8) }, []string{"conv3x3", "3"}},
	{"convolution per image", func(g *Graph) { conv(g, 8, Conv{PerImage: g.Input("p", 3, 8)}, 8) },
		[]string{"conv3x3", "p (3, 8)", "(2, 8)"}},
	{"convolution residual", func(g *Graph) { conv(g, 8, Conv{Stride: 2, Residual: images(g, 4, 4, 8)}, 8) },
		[]string{"conv3x3", "(2, 4, 4, 8)", "(2, 2, 2, 8)"}},
	{"group norm of 240 channels", func(g *Graph) { norm(g, 240, 240, Norm{Groups: 32}) },
		[]string{"group norm", "240", "32"}},
	{"group norm of no groups", func(g *Graph) { norm(g, 3, 3, Norm{}) }, []string{"group norm", "0 groups"}},
	{"group norm scale", func(g *Graph) { norm(g, 8, 4, Norm{Groups: 2}) },
		[]string{"group norm", "(2, 4, 4, 8)", "gamma (4)"}},
	{"group norm modulation", func(g *Graph) { norm(g, 8, 8, Norm{Groups: 2, Modulation: g.Input("m", 2, 8)}) },
		[]string{"group norm", "m (2, 8)", "(2, 16)"}},
	{"attention", func(g *Graph) { g.Attention(images(g, 4, 4, 8), Heads{}) }, []string{"attention", "(2, 4, 4, 8)"}},
	{"attention heads", func(g *Graph) { g.Attention(images(g, 4, 4, 24), Heads{Number: 3}) },
		[]string{"attention", "(2, 4, 4, 24)", "3 heads"}},
	{"attention of huge images", func(g *Graph) { g.Attention(images(g, 1<<15, 1<<15, 3), Heads{}) },
		[]string{"attention", "too many"}},
	{"add", func(g *Graph) { g.Add(images(g, 4, 4, 8), images(g, 4, 4, 4)) },
		[]string{"add", "(2, 4, 4, 8)", "(2, 4, 4, 4)"}},
	{"divide images", func(g *Graph) { g.DivideImages(images(g, 4, 4, 8), g.Input("c", 3)) },
		[]string{"divide images", "c (3)", "(2)"}},
	{"first channels", func(g *Graph) { g.FirstChannels(images(g, 4, 4, 8), 9) }, []string{"first channels", "9"}},
	{"no channels", func(g *Graph) { g.FirstChannels(images(g, 4, 4, 8), 0) },
		[]string{"first channels", "(2, 4, 4, 0)"}},
	{"mean pool", func(g *Graph) { g.MeanPool(images(g, 4, 5, 8)) }, []string{"pool", "(2, 4, 5, 8)", "even"}},
	{"fir down", func(g *Graph) { g.FIRDown(images(g, 5, 4, 8), FIR{}) }, []string{"fir down", "(2, 5, 4, 8)", "even"}},
	{"fir up of a matrix", func(g *Graph) { g.FIRUp(g.Input("x", 2, 3), FIR{}) }, []string{"fir up", "(2, 3)"}},
	{"upsample of a matrix", func(g *Graph) { g.Upsample(g.Input("x", 2, 3)) }, []string{"upsample", "(2, 3)"}},
	{"reflect pad", func(g *Graph) { g.ReflectPad(images(g, 4, 4, 8), 4, 3) },
		[]string{"reflect pad", "(2, 4, 4, 8)", "4 x 3"}},
	{"crop", func(g *Graph) { g.Crop(images(g, 4, 4, 8), 4, 5) }, []string{"crop", "(2, 4, 4, 8)", "4 x 5"}},
	{"window", func(g *Graph) { g.Window(images(g, 4, 4, 8), 0, 0, 0, 1) }, []string{"window", "(2, 0, 1, 8)"}},
	{"transpose", func(g *Graph) { g.Transpose(images(g, 4, 4, 8)) }, []string{"transpose", "(2, 4, 4, 8)"}},
	{"sinusoids of an odd number", func(g *Graph) { g.Sinusoids(g.Input("c", 2), 5, 0, false) },
		[]string{"sinusoids", "5"}},
	{"sinusoids with a frequency of 0", func(g *Graph) { g.Sinusoids(g.Input("c", 2), 4, 2, false) },
		[]string{"sinusoids", "shift 2"}},
	{"sinusoids, shift NaN", func(g *Graph) { g.Sinusoids(g.Input("c", 2), 4, math.NaN(), false) },
		[]string{"sinusoids", "NaN"}},
	{"fourier", func(g *Graph) { g.Fourier(g.Input("c", 2), weights(g, 3, 4)) },
		[]string{"fourier", "c (2)", "(3, 4)"}},
	{"squared error", func(g *Graph) { g.SquaredError(images(g, 4, 4, 8), images(g, 4, 4, 4), g.Input("w", 2)) },
		[]string{"squared error", "(2, 4, 4, 8)", "(2, 4, 4, 4)"}},
	{"squared error weights", func(g *Graph) {
		g.SquaredError(images(g, 4, 4, 8), images(g, 4, 4, 8), g.Input("w", 3))
	}, []string{"squared error", "w (3)", "(2)"}},
	{"gradients", func(g *Graph) { g.Gradients(images(g, 4, 4, 8), g.Input("seed", 2)) },
		[]string{"gradients", "seed (2)"}},
	{"gradient of what has none", func(g *Graph) {
		y := g.Sinusoids(g.Parameter("c", Zeros, 2), 4, 0, false)
		g.Gradients(y, g.Input("seed", 2, 4))
	}, []string{"sinusoids", "no gradient"}},
}

func images(g *Graph, height, width, channels int) *Node {
	return g.Input("x", 2, height, width, channels)
}

func weights(g *Graph, shape ...int) *Node { return g.Parameter("weights", Zeros, shape...) }

func bias(g *Graph, channels int) *Node { return g.Parameter("bias", Zeros, channels) }

// conv adds a convolution of images of 4 x 4 pixels with 8 channels.
func conv(g *Graph, out int, o Conv, biases int) {
	g.Conv3x3(images(g, 4, 4, 8), weights(g, out, 8, 3, 3), bias(g, biases), o)
}

func norm(g *Graph, channels, parameters int, o Norm) {
	gamma, beta := g.Parameter("gamma", Ones, parameters), g.Parameter("beta", Zeros, parameters)
	g.GroupNorm(images(g, 4, 4, channels), gamma, beta, o)
}

func TestOperandsThatDoNotFit(t *testing.T) {
	for _, tt := range wrong {
		t.Run(tt.name, func(t *testing.T) {
			g := NewGraph(NewParameters(), true)
			tt.build(g)
			err := g.Err()
			if err == nil {
				t.Fatal("no error")
			}
			for _, says := range tt.says {
				if !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%q does not say %q in one line", err, says)
				}
			}
			if g.Compile() != err || g.Run() == nil {
				t.Error("the graph compiles or runs")
			}
		})
	}
}

// After an error a network's code goes on, so every operator must accept an invalid node, leave the graph and the first
// error as they are, and return an invalid node.
func TestNothingFollowsAnError(t *testing.T) {
	for _, op := range operators {
		t.Run(op.name, func(t *testing.T) {
			o := newOperands(true)
			first := o.Fail(errors.New("the first error"))
			y := op.y(o)
			o.Keep(y)
			if y.Height() != 0 || y.Width() != 0 || y.Channels() != 0 || len(y.Shape()) != 4 || len(y.Values()) != 0 {
				t.Errorf("the result has shape %v, want one without values", y.Shape())
			}
			o.Conv3x3(first, y, nil, Conv{})
			if o.Gradients(y, first) != nil || len(o.nodes) > 0 || len(o.parameters.All()) > 0 {
				t.Error("the graph has grown")
			}
			if got := o.Err().Error(); got != "the first error" {
				t.Errorf("the error became %q", got)
			}
		})
	}
}

// Shapes are known without memory for values, and values can then be set in one step.
func TestShapesComeBeforeValues(t *testing.T) {
	p := NewParameters()
	g := NewGraph(p, false)
	y := g.Linear(g.Input("x", 1, 1<<19), g.Parameter("w", Zeros, 1<<20, 1<<19), g.Parameter("b", Zeros, 1<<20), nil)
	if g.Err() != nil || y.Channels() != 1<<20 || p.Count() != 1<<39+1<<20 || p.Get("w").Data() != nil {
		t.Fatalf("%v: result %v, %d values", g.Err(), y, p.Count())
	}
	if err := g.Compile(); err == nil || !strings.Contains(err.Error(), "parameter w has no values") {
		t.Errorf("compiled without values: %v", err)
	}

	p = NewParameters()
	NewGraph(p, false).Parameter("b", Ones, 2)
	NewGraph(p, false).Parameter("w", Ones, 1, 3)
	for says, values := range map[string]map[string][]float32{
		"parameter w (1, 3) is missing":        {"b": {5, 6}},
		"parameter b (2) has 3 values, want 2": {"b": {5, 6, 7}, "w": {1, 2, 3}},
	} {
		if err := p.Fill(values); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %q", err, says)
		}
		if p.Get("b").Data() != nil {
			t.Error("an error left values")
		}
	}
	if err := p.Fill(map[string][]float32{"b": {5, 6}, "w": {1, 2, 3}, "other": nil}); err != nil {
		t.Fatal(err)
	}
	p.Initialize(nil) // finds nothing to do
	b, w := p.Get("b").Data(), p.Get("w").Data()
	if !slices.Equal(b, []float32{5, 6}) || !slices.Equal(w, []float32{1, 2, 3}) {
		t.Errorf("b is %v and w is %v", b, w)
	}
}
