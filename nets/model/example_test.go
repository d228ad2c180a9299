package model_test

import (
	"fmt"
	"log"

	"tweedie/data/random"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/optim"
)

// A perceptron is a network for gray images: two linear maps of each pixel and its noise level.
type perceptron struct{ height, width, hidden int }

func (p perceptron) Kind() string                         { return "perceptron" }
func (p perceptron) Shape() (channels, height, width int) { return 1, p.height, p.width }

func (p perceptron) Build(g *layer.Graph, x, c *layer.Node) *layer.Node {
	linear := func(name string, x *layer.Node, out int) *layer.Node {
		in := x.Channels()
		w := g.Parameter(name+".weight", layer.Uniform(in), out, in)
		return g.Linear(x, w, g.Parameter(name+".bias", layer.Zeros, out), nil)
	}
	noise := g.Sinusoids(c, p.hidden, 0, false) // an embedding of the noise level, (N, hidden)
	h := g.GroupNorm(linear("in", x, p.hidden),
		g.Parameter("n.weight", layer.Ones, p.hidden), g.Parameter("n.bias", layer.Zeros, p.hidden),
		layer.Norm{Groups: 4, Epsilon: 1e-5, SiLU: true, Modulation: linear("noise", noise, 2*p.hidden)})
	return linear("out", h, 1)
}

// A network of your own is a type with three methods. Its Build needs no checks: the graph remembers the first layer
// whose input does not fit.
func Example_networkOfYourOwn() {
	m, err := model.New(perceptron{height: 4, width: 4, hidden: 8}, random.Stream(1, random.Initialization, 0))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Parameters.Count(), "parameters")

	// Train it on a batch of two images: F(x, c) approaches the target.
	trainer, err := m.Trainer(2)
	if err != nil {
		log.Fatal(err)
	}
	adam := optim.NewAdam(m.Parameters, nil)
	adam.Rate = 0.02
	x, c, target, weight := make([]float32, 32), []float32{0.1, 0.9}, make([]float32, 32), []float32{1, 1}
	for i := range x {
		x[i], target[i] = float32(i%16)/16, float32(i%16)/8-1
	}
	var first, last float64
	for step := range 200 {
		if last, err = trainer.Run(x, c, target, weight); err != nil {
			log.Fatal(err)
		}
		if step == 0 {
			first = last
		}
		if err := adam.Step(trainer.ParameterGradients()); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("the loss is a hundredth of the first:", last < first/100)

	// Evaluate it.
	y := make([]float32, 32)
	if err := m.Network().Forward(y, x, c); err != nil {
		log.Fatal(err)
	}
	fmt.Println("the first pixel is near its target, -1:", y[0] < -0.9 && y[0] > -1.1)

	// Six channels do not divide into four groups: an error before anything is allocated.
	_, err = model.Build(perceptron{height: 4, width: 4, hidden: 6})
	fmt.Println(err)
	// Output:
	// 185 parameters
	// the loss is a hundredth of the first: true
	// the first pixel is near its target, -1: true
	// perceptron: group norm of linear in.weight (1, 4, 4, 6) and n.weight (6): 6 channels do not divide into 4 groups
}
