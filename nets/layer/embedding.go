package layer

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Sinusoids embeds the values c (N) as (N, size): the cosines, then the sines, or these first, of 1000 c f_i with
// f_i = 10000^(-i/(size/2 - shift)), i < size/2 (Vaswani et al. 2017, who have shift 0). It has no gradient.
func (g *Graph) Sinusoids(c *G.Node, size int, shift float64, sinesFirst bool) *G.Node {
	n, half := c.Shape()[0], size/2
	cosines, sines := 0, half
	if sinesFirst {
		cosines, sines = half, 0
	}
	return g.apply(operation{
		name: "sinusoids", shape: tensor.Shape{n, size},
		compute: func(y []float32, in [][]float32) {
			for i, v := range in[0] {
				for j := range half {
					a := 1000 * float64(v) * math.Pow(10000, -float64(j)/(float64(half)-shift))
					y[i*size+cosines+j], y[i*size+sines+j] = float32(math.Cos(a)), float32(math.Sin(a))
				}
			}
		},
	}, c)
}

// Fourier embeds the values c (N) > 0 as (N, 2 F): the sines, then the cosines, of 2 pi ln(c) w, with frequencies w (F) (Tancik et al. 2020).
// The frequencies are a parameter that does not learn: its gradient is zero. c has none.
func (g *Graph) Fourier(c, w *G.Node) *G.Node {
	n, size := c.Shape()[0], w.Shape()[0]
	return g.apply(operation{
		name: "fourier", shape: tensor.Shape{n, 2 * size},
		compute: func(y []float32, in [][]float32) {
			for i, v := range in[0] {
				for j, f := range in[1] {
					// Rounded as PyTorch rounds it: phases are hundreds of turns.
					phase := float32(float32(float32(math.Log(float64(v)))*f)*2) * math.Pi
					sin, cos := math.Sincos(float64(phase))
					y[i*2*size+j], y[i*2*size+size+j] = float32(sin), float32(cos)
				}
			}
		},
		pull: func(_ G.Nodes, _, dy, _ *G.Node) G.Nodes {
			return G.Nodes{nil, g.apply(operation{
				name: "fourier frequencies", shape: tensor.Shape{size}, after: 1,
				compute: func(dw []float32, _ [][]float32) { clear(dw) },
			}, dy)}
		},
	}, c, w)
}
