package unet_test

import (
	"fmt"
	"testing"

	"tweedie/nets/model"
	"tweedie/nets/optim"
	"tweedie/nets/unet"
)

// The networks of mnist-parity, and of the comparison of speed with PyTorch.
var cases = []struct {
	name   string
	batch  int
	config unet.Config
}{
	{"gray28", 32, unet.Config{Channels: 1, Height: 28, Width: 28, Base: 16, Multipliers: []int{1, 2, 2}, Blocks: 2, Attention: []int{7}}},
	{"gray32", 16, unet.Config{Channels: 1, Height: 32, Width: 32, Base: 32, Multipliers: []int{1, 2, 2}, Blocks: 2, Attention: []int{8}}},
	{"rgb32", 16, unet.Config{Channels: 3, Height: 32, Width: 32, Base: 64, Multipliers: []int{1, 2, 2}, Blocks: 2, Attention: []int{8}}},
	{"rgb64", 4, unet.Config{Channels: 3, Height: 64, Width: 64, Base: 64, Multipliers: []int{1, 2, 2, 2}, Blocks: 2, Attention: []int{8}}},
}

func BenchmarkTrainStep(b *testing.B) {
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			m := model.New(c.config, rng())
			t := m.Trainer(c.batch)
			adam := optim.NewAdam(m.Parameters, m.Parameters.Clone())
			x := make([]float32, c.batch*c.config.Channels*c.config.Height*c.config.Width)
			for i := range x {
				x[i] = float32(rng().NormFloat64())
			}
			noise, weight := make([]float32, c.batch), make([]float32, c.batch)
			for i := range weight {
				noise[i], weight[i] = float32(i)/16, 1/float32(len(x))
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Run(x, noise, x, weight); err != nil {
					b.Fatal(err)
				}
				if err := adam.Step(t.ParameterGradients()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkInference(b *testing.B) {
	for _, c := range cases {
		for _, batch := range []int{c.batch, 1} {
			b.Run(fmt.Sprintf("%s/%d", c.name, batch), func(b *testing.B) {
				m := model.New(c.config, rng())
				network := m.Network()
				x := make([]float32, batch*c.config.Channels*c.config.Height*c.config.Width)
				y, noise := make([]float32, len(x)), make([]float32, batch)
				b.ReportAllocs()
				for b.Loop() {
					if err := network.Forward(y, x, noise); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
