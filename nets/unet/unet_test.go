package unet_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/layer"
	"tweedie/nets/model/modeltest"
	"tweedie/nets/optim"
	"tweedie/nets/unet"
)

// small is a network with every kind of layer, for images that are padded.
var small = unet.Config{Channels: 2, Height: 11, Width: 9,
	Base: 8, Multipliers: []int{1, 2, 1}, Blocks: 1, Attention: []int{6}}

const smallBatch, smallValues = 3, 3 * 2 * 11 * 9

func TestGradientOfTheLoss(t *testing.T) { modeltest.Gradients(t, small, smallBatch, modeltest.Normal) }

func TestGradientOfTheImages(t *testing.T) { modeltest.Pullback(t, small, []float32{0.3, -0.6, 0.1}) }

// A training step takes next to no memory of its own once the graph has run.
func TestTrainingStepAllocatesLittle(t *testing.T) {
	m := modeltest.Random(t, small)
	trainer, adam := modeltest.Trainer(t, m, smallBatch), optim.NewAdam(m.Parameters, m.Parameters.Clone())
	normal := func(n int) []float32 { return modeltest.Normal(n, modeltest.RNG()) }
	x, c, weight := normal(smallValues), normal(smallBatch), normal(smallBatch)
	steps := func(n int) {
		for range n {
			if _, err := trainer.Run(x, c, x, weight); err != nil {
				t.Fatal(err)
			}
			if err := adam.Step(trainer.ParameterGradients()); err != nil {
				t.Fatal(err)
			}
		}
	}
	steps(3)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	steps(10)
	runtime.ReadMemStats(&after)
	if perStep := (after.TotalAlloc - before.TotalAlloc) / 10; perStep > 1<<20 {
		t.Errorf("%d bytes a step", perStep)
	}
}

// Results have the same bits with and without gradients, and on any number of cores. So do gradients.
func TestBitsDoNotDependOnTheCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const n, channels, height, width = 2, 2, 40, 33 // several tasks an image
	config := small
	config.Channels, config.Height, config.Width = channels, height, width
	m := modeltest.Random(t, config)
	const size = n * channels * height * width
	x, target := modeltest.Normal(size, modeltest.RNG()), modeltest.Normal(size, modeltest.RNG())
	c := []float32{0.2, -0.7}

	g := layer.NewGraph(m.Parameters, true)
	nodeX, nodeC := g.Input("x", n, height, width, channels), g.Input("c", n)
	y := config.Build(g, nodeX, nodeC)
	g.Keep(y)
	g.Gradients(y, g.Input("seed", y.Shape()...))
	if err := g.Compile(); err != nil {
		t.Fatal(err)
	}
	nhwc := func(i int) int { // where value i of images NCHW lies
		const pixels = height * width
		return (i/(channels*pixels)*pixels+i%pixels)*channels + i/pixels%channels
	}

	var first [][]float32
	for _, cores := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(cores)
		result := make([]float32, len(x))
		if err := m.Network().Forward(result, x, c); err != nil {
			t.Fatal(err)
		}
		for i, v := range x {
			nodeX.Values()[nhwc(i)] = v
		}
		copy(nodeC.Values(), c)
		if err := g.Run(); err != nil {
			t.Fatal(err)
		}
		for i, v := range result {
			if y.Values()[nhwc(i)] != v {
				t.Fatalf("%d cores: value %d differs in a graph with gradients", cores, i)
			}
		}
		all := [][]float32{result}
		trainer := modeltest.Trainer(t, m, n)
		if _, err := trainer.Run(x, c, target, []float32{1, 2}); err != nil {
			t.Fatal(err)
		}
		for i := range m.Parameters.All() {
			all = append(all, slices.Clone(trainer.ParameterGradients()[i]))
		}
		if first == nil {
			first = all
		}
		if !slices.EqualFunc(all, first, slices.Equal) {
			t.Errorf("%d cores give other bits than one", cores)
		}
	}
}

func TestInvalid(t *testing.T) {
	for want, change := range map[string]func(c *unet.Config){
		"0 channels":                         func(c *unet.Config) { c.Channels = 0 },
		"65537 pixels":                       func(c *unet.Config) { c.Width = 1<<16 + 1 },
		"base is 18, want a multiple of 4":   func(c *unet.Config) { c.Base = 18 },
		"base is -4":                         func(c *unet.Config) { c.Base = -4 },
		"0 multipliers, want 1 to 16":        func(c *unet.Config) { c.Multipliers = nil },
		"65 multipliers, want 1 to 16":       func(c *unet.Config) { c.Multipliers = slices.Repeat([]int{1}, 65) },
		"[1 0]":                              func(c *unet.Config) { c.Multipliers = []int{1, 0} },
		"blocks is 1000000000, want 1 to 64": func(c *unet.Config) { c.Blocks = 1e9 },
		"base 80 with multipliers [1 2]: layer up.1.0.norm1 has 240 channels, which its 32 groups cannot divide; " +
			"a base that is a multiple of 32 fits": func(c *unet.Config) { c.Base, c.Multipliers = 80, []int{1, 2} },
	} {
		c := small
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
}
