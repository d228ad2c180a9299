package layer

import (
	"maps"
	"math"
	"os"
	"os/exec"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// stock is a graph of some of Gorgonia's own operators: convolution, matrix products and functions of single values.
// Activations are NCHW.
type stock struct {
	*G.ExprGraph
	parameters map[string]*G.Node
}

func (s *stock) parameter(name string, shape ...int) *G.Node {
	if s.parameters[name] == nil {
		s.parameters[name] = s.node(name, make([]float32, tensor.Shape(shape).TotalSize()), shape...)
	}
	return s.parameters[name]
}

func (s *stock) node(name string, values []float32, shape ...int) *G.Node {
	v := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
	return G.NewTensor(s.ExprGraph, G.Float32, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(v))
}

// constant is a matrix of one value.
func (s *stock) constant(name string, value float32, rows, columns int) *G.Node {
	values := make([]float32, rows*columns)
	for i := range values {
		values[i] = value
	}
	return s.node(name, values, rows, columns)
}

func (s *stock) conv(x, w, b *G.Node, stride int) *G.Node {
	side := w.Shape()[2]
	y := G.Must(G.Conv2d(x, w, tensor.Shape{side, side}, []int{side / 2, side / 2}, []int{stride, stride}, []int{1, 1}))
	return G.Must(G.BroadcastAdd(y, G.Must(G.Reshape(b, tensor.Shape{1, w.Shape()[0], 1, 1})), nil, []byte{0, 2, 3}))
}

func (s *stock) silu(x *G.Node) *G.Node { return times(x, G.Must(G.Sigmoid(x))) }

func stockValues(n *G.Node) []float32 { return n.Value().Data().([]float32) }

func plus(a, b *G.Node) *G.Node  { return G.Must(G.Add(a, b)) }
func times(a, b *G.Node) *G.Node { return G.Must(G.HadamardProd(a, b)) }
func mul(a, b *G.Node) *G.Node   { return G.Must(G.Mul(a, b)) }

// An expression is written twice, with this package's operators and with Gorgonia's.
type expression struct {
	name      string
	sameOrder bool // Gorgonia's side is NHWC too
	ours      func(o *operands) *Node
	stock     func(s *stock) *G.Node
}

var expressions = []expression{
	{
		name: "residual network with shared weights",
		ours: func(o *operands) *Node {
			x := o.parameter("x", 3, 7, 5, 4)
			w1, b1 := o.parameter("w1", 4, 4, 3, 3), o.parameter("b1", 4)
			w2, b2 := o.parameter("w2", 4, 4, 3, 3), o.parameter("b2", 4)
			w3, b3 := o.parameter("w3", 4, 4, 1, 1), o.parameter("b3", 4)
			h1 := o.SiLU(o.Conv3x3(x, w1, b1, Conv{}))
			h2 := o.Conv3x3(h1, w2, b2, Conv{Residual: h1})
			h3 := o.Linear(o.Add(h2, h1), w3, b3, h1)
			return o.Add(o.SiLU(o.Conv3x3(o.Linear(h3, w3, b3, nil), w1, b1, Conv{})), h2)
		},
		stock: func(s *stock) *G.Node {
			x := s.parameter("x", 3, 4, 7, 5)
			w1, b1 := s.parameter("w1", 4, 4, 3, 3), s.parameter("b1", 4)
			w2, b2 := s.parameter("w2", 4, 4, 3, 3), s.parameter("b2", 4)
			w3, b3 := s.parameter("w3", 4, 4, 1, 1), s.parameter("b3", 4)
			h1 := s.silu(s.conv(x, w1, b1, 1))
			h2 := plus(s.conv(h1, w2, b2, 1), h1)
			h3 := plus(s.conv(plus(h2, h1), w3, b3, 1), h1)
			return plus(s.silu(s.conv(s.conv(h3, w3, b3, 1), w1, b1, 1)), h2)
		},
	},
	{
		name: "convolution of stride 2",
		ours: func(o *operands) *Node { return o.conv(2, 9, 7, 12, 20, 2, false, false) },
		stock: func(s *stock) *G.Node {
			return s.conv(s.parameter("x", 2, 12, 9, 7), s.parameter("w", 20, 12, 3, 3), s.parameter("b", 20), 2)
		},
	},
	{
		name: "attention", sameOrder: true,
		ours: func(o *operands) *Node {
			q, k, v := o.parameter("q", 1, 3, 5, 8), o.parameter("k", 1, 3, 5, 8), o.parameter("v", 1, 3, 5, 8)
			return o.Attention(o.Concat(o.Concat(q, k), v), Heads{})
		},
		stock: func(s *stock) *G.Node {
			q, k, v := s.parameter("q", 15, 8), s.parameter("k", 15, 8), s.parameter("v", 15, 8)
			scale := s.constant("scale", float32(1/math.Sqrt(8)), 15, 15)
			e := G.Must(G.Exp(times(mul(q, G.Must(G.Transpose(k, 1, 0))), scale)))
			p := G.Must(G.HadamardDiv(e, mul(e, s.constant("ones", 1, 15, 15))))
			return mul(p, v)
		},
	},
	{
		name:  "group norm",
		ours:  func(o *operands) *Node { return o.groupNorm(2, 5, 3, 8, Norm{Groups: 2}) },
		stock: func(s *stock) *G.Node { return s.groupNorm(2, 5*3, 8, 2) },
	},
	{
		name:  "group norm and SiLU",
		ours:  func(o *operands) *Node { return o.groupNorm(2, 5, 3, 8, Norm{Groups: 2, SiLU: true}) },
		stock: func(s *stock) *G.Node { return s.silu(s.groupNorm(2, 5*3, 8, 2)) },
	},
}

// groupNorm sees the activations as a matrix whose rows are the groups, and takes means by products with constants.
func (s *stock) groupNorm(n, pixels, channels, groups int) *G.Node {
	rows, columns := n*groups, channels/groups*pixels
	x := G.Must(G.Reshape(s.parameter("x", n*channels, pixels), tensor.Shape{rows, columns}))
	mean := s.constant("mean", 1/float32(columns), columns, columns)
	centered := G.Must(G.Sub(x, mul(x, mean)))
	variance := plus(mul(times(centered, centered), mean), s.constant("epsilon", 1e-5, rows, columns))
	identities := s.constant("identities", 0, n*channels, channels)
	for i := range n * channels {
		stockValues(identities)[i*channels+i%channels] = 1
	}
	perPixel := func(name string) *G.Node { // brings one value for each channel to the shape of x
		v := mul(mul(identities, s.parameter(name, channels, 1)), s.constant("ones", 1, 1, pixels))
		return G.Must(G.Reshape(v, tensor.Shape{rows, columns}))
	}
	normalised := G.Must(G.HadamardDiv(centered, G.Must(G.Sqrt(variance))))
	return plus(times(normalised, perPixel("gamma")), perPixel("beta"))
}

// TestAgreesWithGorgonia compares values and gradients of expressions with those of Gorgonia's own operators and
// reverse pass, in several runs of the same two machines.
func TestAgreesWithGorgonia(t *testing.T) {
	for _, e := range expressions {
		t.Run(e.name, func(t *testing.T) {
			o := newOperands(true)
			y := e.ours(o)
			o.Keep(y)
			seed := o.input("seed", y.Shape()...)
			gradients := o.Gradients(y, seed)
			o.compile(t)

			s := &stock{G.NewGraph(), map[string]*G.Node{}}
			stockY := e.stock(s)
			stockSeed := s.node("seed", make([]float32, stockY.Shape().TotalSize()), stockY.Shape()...)
			parameters := slices.Collect(maps.Values(s.parameters))
			if _, err := G.Grad(G.Must(G.Sum(times(stockSeed, stockY))), parameters...); err != nil {
				t.Fatal(err)
			}
			var stockValue G.Value
			G.Read(stockY, &stockValue)
			machine := G.NewTapeMachine(s.ExprGraph, G.BindDualValues(parameters...))

			for run := range 3 {
				o.draw()
				e.copy(stockValues(stockSeed), seed.Values(), y.Shape())
				for name, p := range s.parameters {
					e.copy(stockValues(p), o.parameters.Get(name).Data(), o.parameters.Get(name).Shape)
				}
				if err := o.Run(); err != nil {
					t.Fatal(err)
				}
				if err := machine.RunAll(); err != nil {
					t.Fatal(err)
				}
				check := func(what string, got []float32, shape Shape, want G.Value) {
					ordered := make([]float32, len(got))
					e.copy(ordered, got, shape)
					if d := distance(ordered, want.Data().([]float32)); !(d < 1e-5) {
						t.Errorf("run %d: %s is off by %.2g of its norm", run, what, d)
					}
				}
				check("the result", y.Values(), y.Shape(), stockValue)
				for name, p := range s.parameters {
					g, err := p.Grad()
					if err != nil {
						t.Fatal(err)
					}
					check("gradient of "+name, gradients[name].Values(), gradients[name].Shape(), g)
					g.(*tensor.Dense).Zero() // Gorgonia adds to it
				}
				machine.Reset()
			}
		})
	}
}

// copy writes our values in Gorgonia's order.
func (e expression) copy(dst, x []float32, shape Shape) {
	if e.sameOrder || len(shape) != 4 || shape[2] == shape[3] { // kernels have the same order
		copy(dst, x)
		return
	}
	pixels, channels := shape[1]*shape[2], shape[3]
	for i, v := range x {
		pixel, c := i/channels, i%channels
		dst[(pixel/pixels*channels+c)*pixels+pixel%pixels] = v
	}
}

// distance is the norm of a-b over that of b.
func distance(a, b []float32) float64 {
	var d, n float64
	for i := range b {
		d += math.Pow(float64(a[i])-float64(b[i]), 2)
		n += math.Pow(float64(b[i]), 2)
	}
	return math.Sqrt(d / n)
}

// The kernels choose assembly when the program starts, so the portable ones need a process of their own.
func TestPortableKernelsAgreeWithGorgonia(t *testing.T) {
	const tests = "^(TestAgreesWithGorgonia|TestReuseOfMemoryChangesNothing)$"
	c := exec.Command(os.Args[0], "-test.run="+tests, "-test.count=1")
	c.Env = append(os.Environ(), "GODEBUG=cpu.avx2=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
