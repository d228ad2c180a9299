package unet_test

import (
	"runtime"
	"slices"
	"testing"

	"tweedie/nets/layer"
	"tweedie/nets/model/modeltest"
)

// The network has the same bits with and without gradients, and on any number of cores; so have the gradients.
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
