package kernel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// arguments hands out the slices for a call of a kernel. All have the length that the kernel asks for, except the one
// under test. Behind every slice lies a guard.
type arguments struct {
	test       string // the argument whose length is changed
	change     int
	float32s   map[string][]float32
	float64s   map[string][]float64
	names      []string
	testLength int
}

const (
	guard     = 256 // values behind a slice
	untouched = 0.5
)

func (a *arguments) length(name string, n int) int {
	a.names = append(a.names, name)
	if name == a.test {
		n += a.change
		a.testLength = n
	}
	return n
}

// f and d return a slice of float32 and of float64 for the named argument.
func (a *arguments) f(name string, n int) []float32 {
	n = a.length(name, n)
	a.float32s[name] = slices.Repeat([]float32{untouched}, n+guard)
	return a.float32s[name][:n]
}

func (a *arguments) d(name string, n int) []float64 {
	n = a.length(name, n)
	a.float64s[name] = slices.Repeat([]float64{untouched}, n+guard)
	return a.float64s[name][:n]
}

// call runs a kernel and returns what it panics with.
func (a *arguments) call(run func(a *arguments)) (value any) {
	a.float32s, a.float64s, a.names = map[string][]float32{}, map[string][]float64{}, nil
	defer func() { value = recover() }()
	run(a)
	return nil
}

// written names an argument in which the kernel has written, from the given place on.
func (a *arguments) written(first func(n int) int) string {
	for name, x := range a.float32s {
		if i := first(len(x)); slices.ContainsFunc(x[i:], func(v float32) bool { return v != untouched }) {
			return name
		}
	}
	for name, x := range a.float64s {
		if i := first(len(x)); slices.ContainsFunc(x[i:], func(v float64) bool { return v != untouched }) {
			return name
		}
	}
	return ""
}

var (
	direct   = Conv{N: 2, H: 5, W: 3, In: 3, Out: 5, Stride: 1}
	strided  = Conv{N: 2, H: 6, W: 7, In: 3, Out: 5, Stride: 2}
	winograd = Conv{N: 2, H: 8, W: 8, In: 16, Out: 24, Stride: 1}
	linear   = Linear{Rows: 13, In: 5, Out: 19}
	fir      = FIR{Height: 4, Width: 6, Channels: 3, Outer: 0.125, Inner: 0.375}
)

// calls has a call of every exported kernel. The name of an argument that may be longer than wanted ends in "+", which
// is not part of the name.
var calls = []struct {
	name string
	run  func(a *arguments)
}{
	{"Exp", func(a *arguments) { Exp(a.f("dst", 19), a.f("x", 19)) }},
	{"SiLU", func(a *arguments) { SiLU(a.f("dst", 19), a.f("x", 19)) }},
	{"SiLUBackward", func(a *arguments) { SiLUBackward(a.f("dx", 19), a.f("x", 19), a.f("g", 19)) }},
	{"Add", func(a *arguments) { Add(a.f("dst", 19), a.f("a", 19), a.f("b", 19)) }},
	{"AddTo", func(a *arguments) { AddTo(a.f("dst", 19), a.f("a", 19)) }},
	{"Scale", func(a *arguments) { Scale(a.f("dst", 19), a.f("a", 19), 2) }},
	{"Dot", func(a *arguments) { Dot(a.f("a", 19), a.f("b", 19)) }},
	{"WeightedSquaredError", func(a *arguments) {
		WeightedSquaredError(a.f("d", 19), a.f("f", 19), a.f("target", 19), 1)
	}},
	{"Adam", func(a *arguments) {
		Adam(a.f("w", 19), a.f("g", 19), a.f("m", 19), a.f("v", 19), a.f("ema", 19),
			AdamStep{Correction1: 1, Correction2: 1})
	}},
	{"Softmax", func(a *arguments) { Softmax(a.f("x", 36), 9, 1) }},
	{"SoftmaxBackward", func(a *arguments) { SoftmaxBackward(a.f("dx", 36), a.f("p", 36), a.f("g", 36), 9, 1) }},
	{"Affine", func(a *arguments) { Affine(a.f("dst", 36), a.f("x", 36), a.f("scale", 9), a.f("shift", 9)) }},
	{"AffineSiLU", func(a *arguments) { AffineSiLU(a.f("dst", 36), a.f("x", 36), a.f("scale", 9), a.f("shift", 9)) }},
	{"AffineSiLUBackward", func(a *arguments) {
		AffineSiLUBackward(a.f("dv", 36), a.f("x", 36), a.f("g", 36), a.f("scale", 9), a.f("shift", 9),
			a.d("sumDv", 9), a.d("sumDvX", 9))
	}},
	{"AffineBackward", func(a *arguments) {
		AffineBackward(a.f("x", 36), a.f("g", 36), a.d("sumG", 9), a.d("sumGX", 9))
	}},
	{"AffineCombine", func(a *arguments) {
		AffineCombine(a.f("dst", 36), a.f("dv", 36), a.f("x", 36), a.f("a", 9), a.f("b", 9), a.f("d", 9))
	}},
	{"ChannelSums", func(a *arguments) { ChannelSums(a.f("x", 36), a.d("sum", 9)) }},
	{"ChannelMoments", func(a *arguments) { ChannelMoments(a.f("x", 36), a.d("sum", 9), a.d("sumSquares", 9)) }},

	{"PackRows", func(a *arguments) { PackRows(a.f("dst+", 5*32), a.f("b+", 4*20+19), 5, 19, 20) }},
	{"PackColumns", func(a *arguments) { PackColumns(a.f("dst+", 5*32), a.f("b+", 18*6+5), 5, 19, 6) }},
	{"Product", func(a *arguments) {
		Product(a.f("c+", 12*20+19), 20, a.f("a+", 12*6+5), 6, 13, 5, 19, a.f("panels+", 5*32), a.f("bias", 19),
			a.f("init+", 12*20+19))
	}},
	{"Linear.PackForward", func(a *arguments) { linear.PackForward(a.f("dst", 5*32), a.f("w", 5*19)) }},
	{"Linear.PackBackward", func(a *arguments) { linear.PackBackward(a.f("dst", 19*16), a.f("w", 5*19)) }},
	{"Linear.Forward", func(a *arguments) {
		linear.Forward(a.f("y", 13*19), a.f("x", 13*5), a.f("packed", 5*32), a.f("bias", 19), a.f("residual", 13*19))
	}},
	{"Linear.BackwardInput", func(a *arguments) {
		linear.BackwardInput(a.f("dx", 13*5), a.f("g", 13*19), a.f("packed", 19*16))
	}},
	{"Linear.BackwardWeights", func(a *arguments) {
		linear.BackwardWeights(a.f("dw", 5*19), a.f("x", 13*5), a.f("g", 13*19), a.f("parts+", 5*32))
	}},
	{"FIR.Down", func(a *arguments) { fir.Down(a.f("dst", 18), a.f("src", 72), new(Scratch), 0, 2) }},
	{"FIR.Up", func(a *arguments) { fir.Up(a.f("dst", 72), a.f("src", 18), new(Scratch), 0, 4) }},
}

// convCalls are the kernels of a convolution.
func convCalls(c Conv) map[string]func(a *arguments) {
	x, y, w := c.N*c.H*c.W*c.In, c.N*c.OutH()*c.OutW()*c.Out, c.Out*c.In*9
	return map[string]func(a *arguments){
		"Conv.PackForward":  func(a *arguments) { c.PackForward(a.f("dst", c.ForwardSize()), a.f("w", w)) },
		"Conv.PackBackward": func(a *arguments) { c.PackBackward(a.f("dst", c.BackwardSize()), a.f("w", w)) },
		"Conv.Forward": func(a *arguments) {
			c.Forward(a.f("y", y), a.f("x", x), a.f("packed", c.ForwardSize()),
				a.f("bias", c.Out), a.f("perImage", c.N*c.Out), a.f("residual", y))
		},
		"Conv.BackwardInput": func(a *arguments) {
			c.BackwardInput(a.f("dx", x), a.f("g", y), a.f("packed", c.BackwardSize()))
		},
		"Conv.BackwardWeights": func(a *arguments) {
			c.BackwardWeights(a.f("dw", w), a.f("x", x), a.f("g", y), a.f("parts+", c.PartsSize()))
		},
	}
}

// A kernel whose slices have the right lengths writes nothing behind them. If one slice is a value shorter or longer,
// the kernel panics before it has written anything, and names itself and the lengths.
func TestKernelsCheckLengths(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, c := range calls {
			t.Run(c.name, func(t *testing.T) { checksLengths(t, c.name, c.run) })
		}
		for _, c := range []Conv{direct, strided, winograd} {
			for name, run := range convCalls(c) {
				t.Run(fmt.Sprintf("%s %+v", name, c), func(t *testing.T) { checksLengths(t, name, run) })
			}
		}
	})
}

func checksLengths(t *testing.T, name string, run func(a *arguments)) {
	var a arguments
	if got := a.call(run); got != nil {
		t.Fatalf("right lengths: %v", got)
	}
	if got := a.written(func(n int) int { return n - guard }); got != "" {
		t.Fatalf("writes behind %s", got)
	}
	for _, argument := range a.names {
		for _, change := range []int{-1, 1} {
			if change > 0 && strings.HasSuffix(argument, "+") {
				continue
			}
			a.test, a.change = argument, change
			got := fmt.Sprint(a.call(run))
			named := strings.HasPrefix(got, "kernel: "+name+": ") && strings.Contains(got, ", want ")
			if !named || !strings.Contains(got, fmt.Sprintf(" %d", a.testLength)) {
				t.Errorf("%s %+d: %s", argument, change, got)
			}
			if argument := a.written(func(int) int { return 0 }); argument != "" {
				t.Errorf("%s %+d: wrote to %s before the panic", a.test, change, argument)
			}
		}
	}
}

// Shapes that no kernel can work on are named.
func TestKernelsCheckShapes(t *testing.T) {
	f := func(n int) []float32 { return make([]float32, n) }
	for want, call := range map[string]func(){
		"kernel: Conv.Forward: shape {N:1 H:2 W:2 In:0 Out:1 Stride:1}, " +
			"want positive dimensions and stride 1 or 2": func() {
			Conv{1, 2, 2, 0, 1, 1}.Forward(f(4), nil, nil, nil, nil, nil)
		},
		"kernel: Conv.BackwardInput: shape {N:1 H:2 W:2 In:1 Out:1 Stride:0}, " +
			"want positive dimensions and stride 1 or 2": func() {
			Conv{N: 1, H: 2, W: 2, In: 1, Out: 1}.BackwardInput(f(4), f(4), nil)
		},
		"kernel: Linear.Forward: shape {Rows:1 In:-2 Out:3}, want positive dimensions": func() {
			Linear{1, -2, 3}.Forward(f(3), nil, nil, nil, nil)
		},
		"kernel: Linear.Forward: y holds 16 values, want 96": func() {
			Linear{8, 8, 12}.Forward(f(16), f(64), f(128), nil, nil)
		},
		"kernel: FIR.Down: shape 3 x 2 x 1, want positive dimensions, and an even height and width": func() {
			FIR{Height: 3, Width: 2, Channels: 1}.Down(f(1), f(6), new(Scratch), 0, 1)
		},
		"kernel: FIR.Up: rows 0 to 5, want rows within 0 to 4": func() {
			FIR{Height: 4, Width: 2, Channels: 1}.Up(f(8), f(2), new(Scratch), 0, 5)
		},
		"kernel: Product: c has 2 x 4 values, rows 3 apart, " +
			"want positive dimensions and rows that do not overlap": func() {
			Product(f(8), 3, f(2), 1, 2, 1, 4, f(16), nil, nil)
		},
		"kernel: Affine: dst holds 12 values, want whole rows of 0": func() { Affine(f(12), f(12), nil, nil) },
		"kernel: Softmax: x holds 12 values, want whole rows of 8":  func() { Softmax(f(12), 8, 1) },
	} {
		if got := new(arguments).call(func(*arguments) { call() }); got != want {
			t.Errorf("got  %v\nwant %s", got, want)
		}
	}
}
