package layer

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkLayer runs each operator with its gradients on 16 images of 32 x 32 pixels with 32 channels, attention on
// 8 x 8 pixels with 64. GFLOP/s counts the forward pass three times. GB/s counts the operator's input and result once,
// and the gradients of both once.
func BenchmarkLayer(b *testing.B) {
	for _, c := range []struct {
		name           string
		side, channels int
		build          func(g *Graph, x *Node) *Node
	}{
		{"conv3x3", 32, 32, func(g *Graph, x *Node) *Node {
			return g.Conv3x3(x, g.Parameter("w", Uniform(9*32), 32, 32, 3, 3), g.Parameter("b", Zeros, 32), Conv{})
		}},
		{"conv3x3 stride 2", 32, 32, func(g *Graph, x *Node) *Node {
			w, b := g.Parameter("w", Uniform(9*32), 32, 32, 3, 3), g.Parameter("b", Zeros, 32)
			return g.Conv3x3(x, w, b, Conv{Stride: 2})
		}},
		{"linear", 32, 32, func(g *Graph, x *Node) *Node {
			return g.Linear(x, g.Parameter("w", Uniform(32), 32, 32), g.Parameter("b", Zeros, 32), nil)
		}},
		{"group norm", 32, 32, func(g *Graph, x *Node) *Node {
			w, b := g.Parameter("w", Ones, 32), g.Parameter("b", Zeros, 32)
			return g.GroupNorm(x, w, b, Norm{Groups: 8, Epsilon: 1e-5, SiLU: true})
		}},
		{"silu", 32, 32, func(g *Graph, x *Node) *Node { return g.SiLU(x) }},
		{"add", 32, 32, func(g *Graph, x *Node) *Node { return g.Add(x, x) }},
		{"upsample", 16, 32, func(g *Graph, x *Node) *Node { return g.Upsample(x) }},
		{"concat", 32, 32, func(g *Graph, x *Node) *Node { return g.Concat(x, x) }},
		{"attention", 8, 192, func(g *Graph, x *Node) *Node { return g.Attention(x, Heads{}) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := NewGraph(NewParameters(), true)
			y := c.build(g, g.Parameter("x", Uniform(1), 16, c.side, c.side, c.channels))
			seed := g.Input("seed", y.Shape()...)
			Ones(seed.Values(), nil)
			g.Keep(y)
			g.Gradients(y, seed)
			g.parameters.Initialize(rand.New(rand.NewPCG(1, 1)))
			if err := g.Compile(); err != nil {
				b.Fatal(err)
			}
			values := 2 * (y.shape.size() + 16*c.side*c.side*c.channels)
			b.ReportAllocs()
			for b.Loop() {
				g.parameters.Changed()
				if err := g.Run(); err != nil {
					b.Fatal(err)
				}
			}
			per := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(4*float64(values)/per/1e9, "GB/s")
			if g.FLOPs() > 0 {
				b.ReportMetric(3*g.FLOPs()/per/1e9, "GFLOP/s")
			}
		})
	}
}

// BenchmarkMachine measures what a node costs besides its computation. A chain of operations on one value each is run
// by Gorgonia's machine, and by calls one after the other.
func BenchmarkMachine(b *testing.B) {
	const nodes = 1000
	g := NewGraph(NewParameters(), false)
	x := g.Input("x", 1)
	for range nodes {
		x = g.Affine(x, 1, 0)
	}
	g.Keep(x)
	if err := g.Compile(); err != nil {
		b.Fatal(err)
	}
	for name, run := range map[string]func() error{
		"gorgonia": g.Run,
		"calls": func() error {
			for _, n := range g.nodes {
				if n.op != nil {
					n.op.values[0] = n.op.inputs[0].Values()
					n.run(n.op.values)
				}
			}
			return nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/nodes, "ns/node")
		})
	}
}
