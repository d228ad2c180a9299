package block_test

import (
	"slices"
	"testing"

	"tweedie/data/random"
	"tweedie/nets/block"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/model/modeltest"
)

// A stack is a network of one block and nothing else, for images of 8 channels and 4 x 4 pixels.
type stack func(b block.Builder, x *layer.Node) *layer.Node

func (s stack) Kind() string                         { return "stack" }
func (s stack) Shape() (channels, height, width int) { return 8, 4, 4 }
func (s stack) Build(g *layer.Graph, x, c *layer.Node) *layer.Node {
	b := block.Builder{Graph: g, Groups: block.UpTo32, Epsilon: 1e-5}
	b.Embed("embed.0", "embed.1", g.Sinusoids(c, 4, 0, false), 6)
	return s(b, x)
}

var names = block.Residual{Norm1: ".n1", Conv1: ".c1", Embed: ".e", Norm2: ".n2", Conv2: ".c2", Skip: ".skip"}

func added(b block.Builder, x *layer.Node) *layer.Node { return b.Residual("r", x, 8, names, nil) }

func modulated(b block.Builder, x *layer.Node) *layer.Node {
	r := names
	r.ScaleShift = true
	return b.Residual("r", x, 8, r, nil)
}

func attend(b block.Builder, x *layer.Node) *layer.Node {
	heads := layer.Heads{Number: 2}
	return b.Attend("a", x, block.Attention{Norm: ".n", QKV: ".qkv", Out: ".out", Axes: 1, Heads: heads})
}

// Residual blocks and attention start as the identity, so that a deep network starts as a shallow one.
func TestBlocksStartAsTheIdentity(t *testing.T) {
	for name, s := range map[string]stack{
		"added embedding": added,
		"modulation":      modulated,
		"attention":       attend,
	} {
		t.Run(name, func(t *testing.T) {
			m, err := model.New(s, random.Stream(1, random.Initialization, 0))
			if err != nil {
				t.Fatal(err)
			}
			x := modeltest.Normal(8*4*4, modeltest.RNG())
			y := make([]float32, len(x))
			if err := m.Network().Forward(y, x, []float32{0.5}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(x, y) {
				t.Error("the block changes its input")
			}
		})
	}
}

// The options give parameters the shapes that files have.
func TestShapes(t *testing.T) {
	m, err := model.Build(stack(func(b block.Builder, x *layer.Node) *layer.Node {
		wide := b.Residual("wide", modulated(b, x), 16, names, nil)
		r := names
		r.SkipResampled = true
		return b.Residual("narrow", b.Concat(wide, attend(b, x)), 8, r, nil)
	}))
	if err != nil {
		t.Fatal(err)
	}
	shapes := m.Parameters.Shapes()
	for name, want := range map[string][]int{
		"embed.1.weight":     {6, 6},
		"r.e.weight":         {16, 6}, // scale and shift
		"r.c1.weight":        {8, 8, 3, 3},
		"r.skip.weight":      nil, // the channels stay the same
		"wide.e.weight":      {16, 6},
		"wide.skip.weight":   {16, 8, 1, 1},
		"a.qkv.weight":       {24, 8, 1},
		"a.out.bias":         {8},
		"narrow.n1.weight":   {24},
		"narrow.skip.weight": {8, 24, 1, 1},
	} {
		if !slices.Equal(shapes[name], want) {
			t.Errorf("%s has shape %v, want %v", name, shapes[name], want)
		}
	}
}
